// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of a request shall follow what it wants, not the region that it wants
 * it from. So a request looks at a window, which is a small part of the region
 * if that is enough, and at all of it only if it is not.
 */
#include <linux/bitmap.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "bits.h"
#include "compat/contig.h"
#include "hints.h"
#include "job.h"
#include "region.h"
#include "scan.h"
#include "window.h"

/* What is taken so soon after a look that it need not be looked at again. */
#define CB_FRESH_PAGES	(SZ_16M >> PAGE_SHIFT)

/* A look: the fold of a scan, and what it counts beside it. */
struct look {
	struct cb_slotmap map;
	struct cb_job *job;
	unsigned long in_use;
	bool whole;			/* of whole pageblocks */
	unsigned long block;		/* the one that is being looked at */
	unsigned long block_free;	/* free pages of it so far */
};

static void learn_block(struct look *look)
{
	struct cma_bulk_region *region = look->job->region;

	if (look->block != ULONG_MAX)
		cb_hint_learn(region, region->base_pfn +
			      look->block * pageblock_nr_pages,
			      look->block_free);
	look->block_free = 0;
}

/* Note what each pageblock holds. */
static void look_blocks(struct look *look, unsigned long pos, unsigned long nr,
			enum cb_class class)
{
	unsigned long part;

	for (; nr; pos += part, nr -= part) {
		part = min(nr, ALIGN(pos + 1, pageblock_nr_pages) - pos);
		if (pos / pageblock_nr_pages != look->block) {
			learn_block(look);
			look->block = pos / pageblock_nr_pages;
			__clear_bit(look->block, look->job->busy_blocks);
		}
		if (class == CB_FREE)
			look->block_free += part;
		else if (class >= CB_WAIT && class <= CB_BUSY)
			__set_bit(look->block, look->job->busy_blocks);
	}
}

static void look_run(void *arg, unsigned long pfn, unsigned long nr,
		     enum cb_class class)
{
	struct look *look = arg;

	if (class != CB_FREE)
		look->in_use += nr;
	if (look->whole)
		look_blocks(look, pfn - look->job->region->base_pfn, nr,
			    class);
	cb_slotmap_add(&look->map, pfn, nr, class);
}

static unsigned int scan_flags(const struct cb_job *job)
{
	return job->drained ? CB_SCAN_DRAINED : 0;
}

/* The mode of the request as the lowest class that spoils a pageblock. */
static enum cb_class mask_from(const struct cb_job *job)
{
	if (job->fast)
		return CB_WAIT;
	if (!job->salvage)
		return CB_REF;
	return CB_NR_CLASSES;
}

/**
 * cb_slot_pfn() - where a slot is
 * @w: the window
 * @slot: number of the slot
 *
 * Return: its first page.
 */
unsigned long cb_slot_pfn(const struct cb_window *w, unsigned long slot)
{
	return cb_slot_start(&w->geo, slot);
}

/**
 * cb_slots_to_unit_end() - slots from one on to the end of the kernel's unit
 * @w: the window
 * @slot: number of the slot
 *
 * Return: how many; 0 if the slot begins a unit, or if chunks are spread.
 */
unsigned long cb_slots_to_unit_end(const struct cb_window *w,
				   unsigned long slot)
{
	unsigned long pfn = cb_slot_pfn(w, slot);

	if (w->geo.stride != w->geo.size)
		return 0;
	return (ALIGN(pfn, CB_UNIT_PAGES) - pfn) / w->geo.size;
}

/* Keep what the kernel refused where the old and the new window meet. */
static void carry_failed(const struct cb_window *old, struct cb_window *new)
{
	unsigned long slot, pfn, to;

	for_each_set_bit(slot, old->failed, old->geo.nr_slots) {
		pfn = cb_slot_pfn(old, slot);
		to = (pfn - new->geo.first) / new->geo.stride;
		if (pfn >= new->geo.first && to < new->geo.nr_slots) {
			__set_bit(to, new->failed);
			new->any_failed = true;
		}
	}
}

/**
 * cb_window_open() - make a window of a part of a region
 * @w: the window; all zero before the first time
 * @job: the request
 * @pfn: first page
 * @nr: number of pages
 *
 * What the kernel refused in the part that the window showed before is
 * remembered where it is still part of it.
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_window_close(), also after an error.
 */
int cb_window_open(struct cb_window *w, const struct cb_job *job,
		   unsigned long pfn, unsigned long nr)
{
	const struct cb_geometry *geo = &job->geo;
	unsigned int align = ilog2(geo->stride);
	struct cb_window old = *w;

	cb_geometry_init(&w->geo, pfn, nr, geo->block, geo->order, align);
	w->seen = 0;
	w->fresh = false;
	if (w->geo.nr_slots > w->room || old.any_failed) {
		w->room = max(w->geo.nr_slots, 1UL);
		w->any_failed = false;
		w->slot = kvmalloc(w->room, GFP_KERNEL);
		w->failed = cb_bits_alloc(w->room);
		if (w->slot && w->failed && old.any_failed)
			carry_failed(&old, w);
		kvfree(old.failed);
		kvfree(old.slot);
	}
	return w->slot && w->failed ? 0 : -ENOMEM;
}

/**
 * cb_window_close() - free a window
 * @w: the window
 */
void cb_window_close(struct cb_window *w)
{
	kvfree(w->failed);
	kvfree(w->slot);
	*w = (struct cb_window){ };
}

/**
 * cb_window_forgive() - forget what the kernel refused
 * @w: the window
 *
 * Context: any.
 */
void cb_window_forgive(struct cb_window *w)
{
	if (w->any_failed)
		bitmap_zero(w->failed, w->geo.nr_slots);
	w->any_failed = false;
}

static void look_start(struct look *look, struct cb_window *w,
		       struct cb_job *job)
{
	*look = (struct look){ .job = job, .whole = true, .block = ULONG_MAX };
	cb_slotmap_start(&look->map, &w->geo, w->slot, mask_from(job));
}

static void look_end(struct look *look, struct cb_window *w, ktime_t start,
		     unsigned long pages)
{
	learn_block(look);
	w->seen = look->map.seen;
	if (w->seen & CB_SEEN_CLAIMED)
		cb_job_met_claim(look->job);
	look->job->counts.pages_scanned += pages;
	look->job->counts.scan_us += ktime_us_delta(ktime_get(), start);
}

/* What was refused in this round is not tried again in it. */
static void mark_failed(struct cb_window *w, unsigned long from,
			unsigned long to)
{
	unsigned long slot = from;

	if (!w->any_failed)
		return;
	for_each_set_bit_from(slot, w->failed, to)
		if (w->slot[slot] <= CB_SLOT_COST_MAX ||
		    w->slot[slot] == CB_SLOT_WAIT)
			w->slot[slot] = CB_SLOT_FAILED;
}

/**
 * cb_window_look() - fill in all slots of a window
 * @w: the window
 * @job: the request
 *
 * Context: may sleep; only the task of the request.
 */
void cb_window_look(struct cb_window *w, struct cb_job *job)
{
	ktime_t start = ktime_get();
	struct look look;

	look_start(&look, w, job);
	cb_scan(job->region, w->geo.base, w->geo.pages, scan_flags(job),
		look_run, &look);
	cb_slotmap_finish(&look.map);
	mark_failed(w, 0, w->geo.nr_slots);
	look_end(&look, w, start, w->geo.pages);
}

/* Does no pageblock from @pfn to @end promise as much free memory as @pages? */
static bool hopeless(const struct cb_job *job, unsigned long pfn,
		     unsigned long end, unsigned long pages)
{
	for (; pfn < end; pfn += pageblock_nr_pages)
		if (cb_hint_worth(job->region, pfn, pages))
			return false;
	return true;
}

/*
 * Free slots that were found, or as many a little further on that begin a unit:
 * they lie in fewer units, and each is a call of the kernel's.
 */
static unsigned long begin_unit(const struct cb_window *w, unsigned long at,
				unsigned long end, unsigned long need)
{
	unsigned long next = at + cb_slots_to_unit_end(w, at), run = 0;

	if (next + need > end)
		return at;
	return cb_slots_find_free(w->slot, next, next + need, need, &run) == next ?
	       next : at;
}

/**
 * cb_window_find_free() - look for neighbouring slots that are all free
 * @w: the window
 * @job: the request
 * @need: how many
 * @found: set to them
 * @tail: set to the number of free pages at the end of the window
 *
 * Looks no further than the unit in which they end, and steps over pageblocks of
 * which an earlier look said that they have little free. These slots cannot be had
 * by a plan then.
 *
 * Context: may sleep; only the task of the request.
 *
 * Return: true if they were found; false if all of the window was looked at.
 */
bool cb_window_find_free(struct cb_window *w, struct cb_job *job,
			 unsigned long need, struct cb_range *found,
			 unsigned long *tail)
{
	unsigned long pfn = w->geo.base, end = pfn + w->geo.pages, to;
	unsigned long pages = min(need * w->geo.size, CB_UNIT_PAGES);
	unsigned long done = 0, ready, run = 0, at = ~0UL;
	ktime_t start = ktime_get();
	struct look look;

	look_start(&look, w, job);
	for (; pfn < end && at == ~0UL; pfn = to) {
		to = min(end, ALIGN(pfn + 1, CB_UNIT_PAGES));
		if (hopeless(job, pfn, to, pages))
			cb_slotmap_add(&look.map, pfn, to - pfn, CB_HELD);
		else
			cb_scan(job->region, pfn, to - pfn, scan_flags(job),
				look_run, &look);
		ready = cb_slotmap_settle(&look.map, to);
		mark_failed(w, done, ready);
		at = cb_slots_find_free(w->slot, done, ready, need, &run);
		done = ready;
	}
	if (at != ~0UL)
		at = begin_unit(w, at, done, need);
	look_end(&look, w, start, pfn - w->geo.base);
	*found = (struct cb_range){ .start = at, .nr = need };
	*tail = run * w->geo.stride;
	w->fresh = at != ~0UL && need * w->geo.size < CB_FRESH_PAGES;
	return at != ~0UL;
}

/**
 * cb_window_look_again() - look at slots that the request has claimed
 * @w: the window
 * @job: the request
 * @r: the slots; no other thread of the request works on them
 *
 * Context: may sleep; any thread of the request.
 *
 * Return: how many of their pages are in use.
 */
unsigned long cb_window_look_again(struct cb_window *w, struct cb_job *job,
				   const struct cb_range *r)
{
	struct cb_geometry geo = w->geo;
	struct look look = { .job = job };
	ktime_t start = ktime_get();

	if (w->fresh) {
		w->fresh = false;
		return 0;
	}
	geo.first = cb_slot_pfn(w, r->start);
	geo.nr_slots = r->nr;
	cb_slotmap_start(&look.map, &geo, w->slot + r->start, CB_NR_CLASSES);
	cb_scan(job->region, geo.first, (r->nr - 1) * geo.stride + geo.size,
		scan_flags(job) | CB_SCAN_OWN_CLAIM, look_run, &look);
	cb_slotmap_finish(&look.map);
	spin_lock(&job->lock);
	w->seen |= look.map.seen;
	job->counts.pages_scanned += r->nr * geo.size;
	job->counts.scan_us += ktime_us_delta(ktime_get(), start);
	spin_unlock(&job->lock);
	return look.in_use;
}

/**
 * cb_window_refused() - the kernel refused slots
 * @w: the window
 * @job: the request
 * @r: the slots; not tried again in this round
 *
 * Context: any but interrupts; any thread of the request.
 */
void cb_window_refused(struct cb_window *w, struct cb_job *job,
		       const struct cb_range *r)
{
	spin_lock(&job->lock);
	bitmap_set(w->failed, r->start, r->nr);
	w->any_failed = true;
	spin_unlock(&job->lock);
}
