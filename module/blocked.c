// SPDX-License-Identifier: GPL-2.0-only
/*
 * A request that ends with -EBUSY says that something is in the way, and the
 * file "blockers" says what. Between the two, a reference may be dropped, a page
 * be written, another request give up what it has claimed. So when a request
 * fails, some of what blocks at that moment is remembered.
 *
 * Only requests that have failed pay for it.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "blocked.h"
#include "claims.h"
#include "compat/contig.h"
#include "compat/pageblock.h"
#include "job.h"
#include "pages.h"
#include "region.h"
#include "sample.h"
#include "scan.h"
#include "units.h"

/* How long the list may be read after a failure whatever succeeds, in ms. */
#define CB_BLOCKED_MS	10000

/**
 * struct cb_blocked - what blocked the last request that failed
 * @lock: protects what follows; innermost
 * @nr: pages
 * @page: the pages
 * @order: what the request asked for
 * @wanted: likewise, in chunks
 * @when: it ended
 * @seen: the list was read since
 */
struct cb_blocked {
	spinlock_t lock;		/* all that follows */
	unsigned int nr;
	struct cb_blocked_page page[CB_BLOCKED_MAX];
	unsigned int order;
	size_t wanted;
	ktime_t when;
	bool seen;
};

/**
 * cb_blocked_init() - at load: nothing has failed
 * @region: the region
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_blocked_exit().
 */
int cb_blocked_init(struct cma_bulk_region *region)
{
	struct cb_blocked *b = kzalloc(sizeof(*b), GFP_KERNEL);

	region->blocked = b;
	if (!b)
		return -ENOMEM;
	spin_lock_init(&b->lock);
	return 0;
}

/**
 * cb_blocked_exit() - at unload, when no request is at work
 * @region: the region
 */
void cb_blocked_exit(struct cma_bulk_region *region)
{
	kfree(region->blocked);
	region->blocked = NULL;
}

/* What a look at the end of a request has found. */
struct found {
	const struct cb_job *job;
	unsigned int nr;
	struct cb_blocked_page page[CB_BLOCKED_MAX];
};

/* @reason is CB_R_NONE if the page shall tell it itself. */
static void add(struct found *f, unsigned long pfn, enum cb_reason reason)
{
	struct cb_blocked_page *p = &f->page[f->nr];
	enum cb_reason now;
	struct cb_sample s;

	if (f->nr == CB_BLOCKED_MAX)
		return;
	f->nr++;
	cb_page_sample(pfn, &s);
	if (reason == CB_R_NONE)
		/* It may have changed since it was found. */
		reason = cb_classify(&s, 1, &now) < CB_WAIT ? CB_R_UNKNOWN : now;
	*p = (struct cb_blocked_page){
		.pfn = pfn, .reason = reason, .refs = s.refs, .maps = s.maps,
	};
}

/* What the request itself has got is handed out or given back by now. */
static void add_in_flight(struct found *f, unsigned long pfn, unsigned long nr)
{
	enum cb_page_state state;
	unsigned long n;

	for (; nr; pfn += n, nr -= n) {
		n = cb_pages_alike(f->job->region, pfn, nr, &state);
		if (state != CB_PAGE_IN_FLIGHT)
			continue;
		add(f, pfn, CB_R_CLAIMED);
		return;
	}
}

static void add_run(void *arg, unsigned long pfn, unsigned long nr,
		    enum cb_class class)
{
	struct found *f = arg;

	if (class >= CB_WAIT && class <= CB_BUSY) {
		if (cb_page_state(f->job->region, pfn) == CB_PAGE_LINGERING)
			add(f, pfn, CB_R_LINGERING);
		else
			add(f, pfn, CB_R_NONE);
	} else if (class == CB_CLAIMED) {
		add(f, pfn, CB_R_CLAIMED);
	} else if (class == CB_HELD) {
		add_in_flight(f, pfn, nr);
	}
}

static void look_at_unit(struct found *f, unsigned long pfn, unsigned long end)
{
	struct cma_bulk_region *region = f->job->region;
	unsigned int flags = f->job->drained ? CB_SCAN_DRAINED : 0;
	unsigned long block;

	/* A call of ours isolates what it has claimed. */
	if (!cb_unit_is_claimed(region, pfn))
		for (block = pfn; block < end; block += pageblock_nr_pages)
			if (cb_pageblock_isolated(block))
				add(f, block, CB_R_ISOLATED);
	cb_scan(region, pfn, end - pfn, flags, add_run, f);
}

/* What blocks now. */
static void look(struct found *f)
{
	unsigned long pfn = f->job->region->base_pfn;
	unsigned long end = pfn + f->job->region->nr_pages, to;

	if (cb_outside_works())
		add(f, pfn, CB_R_CLAIMED);
	for (; pfn < end && f->nr < CB_BLOCKED_MAX; pfn = to) {
		to = min(end, ALIGN(pfn + 1, CB_UNIT_PAGES));
		look_at_unit(f, pfn, to);
		cond_resched();
	}
}

/* The first page that is handed out; the region's first if none is. */
static unsigned long first_held(struct cma_bulk_region *region)
{
	unsigned long pfn = region->base_pfn, end = pfn + region->nr_pages, nr;
	enum cb_page_state state;

	for (; pfn < end; pfn += nr) {
		nr = cb_pages_alike(region, pfn,
				    min(end - pfn, CB_UNIT_PAGES), &state);
		if (state == CB_PAGE_HELD)
			return pfn;
		cond_resched();
	}
	return region->base_pfn;
}

/*
 * Nothing blocks any more: what the request has met. It was another request, a
 * page in a pageblock that was seen, what made the kernel refuse, or a request
 * that got what this one wanted.
 */
static void recall(struct found *f)
{
	const struct cb_job *job = f->job;
	struct cma_bulk_region *region = job->region;
	unsigned long blocks = cb_region_blocks(region), block;
	unsigned long pfn = job->refused ?: region->base_pfn;

	if (job->met_claim) {
		add(f, pfn, CB_R_CLAIMED);
		return;
	}
	for_each_set_bit(block, job->busy_blocks, blocks)
		add(f, region->base_pfn + block * pageblock_nr_pages,
		    CB_R_UNKNOWN);
	if (f->nr)
		return;
	if (!job->refused && !job->partial &&
	    !cb_pages_have_room(region, &job->geo, job->wanted))
		add(f, first_held(region), CB_R_CLAIMED);
	else
		add(f, pfn, CB_R_UNKNOWN);
}

/**
 * cb_blocked_note() - remember what blocks a request that ends with -EBUSY
 * @job: the request; none of its pages is in flight any more
 *
 * At least one page is remembered. It is a matter of luck which: the first ones
 * that are found.
 *
 * Context: may sleep, but waits for nothing.
 */
void cb_blocked_note(struct cb_job *job)
{
	struct cb_blocked *b = job->region->blocked;
	struct found f = { .job = job };

	look(&f);
	if (!f.nr)
		recall(&f);
	spin_lock(&b->lock);
	memcpy(b->page, f.page, sizeof(b->page));
	b->nr = f.nr;
	b->order = job->geo.order;
	b->wanted = job->wanted;
	b->when = ktime_get();
	b->seen = false;
	spin_unlock(&b->lock);
}

/**
 * cb_blocked_forget() - a request has got all that it wanted
 * @region: where
 * @order: of its chunks
 * @chunks: how many these are
 * @start: when it began
 *
 * If it began after the one that failed, and wanted as much, then nothing of what
 * is remembered is of interest any more; unless there was no time yet to read the
 * list after the failure.
 *
 * Context: any but interrupts.
 */
void cb_blocked_forget(struct cma_bulk_region *region, unsigned int order,
		       size_t chunks, ktime_t start)
{
	struct cb_blocked *b = region->blocked;

	if (!READ_ONCE(b->nr))
		return;
	spin_lock(&b->lock);
	if ((b->seen || ktime_ms_delta(start, b->when) > CB_BLOCKED_MS) &&
	    order >= b->order && ktime_after(start, b->when) &&
	    (u64)chunks << order >= (u64)b->wanted << b->order)
		b->nr = 0;
	spin_unlock(&b->lock);
}

/**
 * cb_blocked_read() - what is remembered
 * @region: the region
 * @page: filled in
 * @since: when the caller was asked for it
 *
 * Context: any but interrupts.
 *
 * Return: number of pages, at most CB_BLOCKED_MAX.
 */
unsigned int cb_blocked_read(struct cma_bulk_region *region,
			     struct cb_blocked_page page[CB_BLOCKED_MAX],
			     ktime_t since)
{
	struct cb_blocked *b = region->blocked;
	unsigned int nr;

	spin_lock(&b->lock);
	nr = b->nr;
	/* Else it is for a request that failed before. */
	if (ktime_before(b->when, since))
		b->seen = true;
	memcpy(page, b->page, sizeof(b->page));
	spin_unlock(&b->lock);
	return nr;
}
