// SPDX-License-Identifier: GPL-2.0-only
/*
 * A request that waits for pins to go could look at all of the region every now
 * and then. That is too late for a page which is let go for a moment only, and too
 * much work for one that stays pinned for ever. So a round leaves a list of slots
 * that were blocked, each with one page that blocks it, and between the rounds only
 * these pages are looked at: often at first, and less and less often.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "compat/page.h"
#include "core/slots.h"
#include "pages.h"
#include "patience.h"
#include "region.h"
#include "sample.h"
#include "scan.h"
#include "units.h"
#include "watch.h"

/* 1,024 pages are looked at in 0.05 ms, a two-thousandth of the usual delay. */
#define CB_WATCH_MAX	1024U

/* Milliseconds from the first look to the second; twice that to the third. */
#define CB_WATCH_FIRST	1U

/* What a wait spends on whole rounds is at most this fraction of it. */
#define CB_WATCH_SHARE	1000

/* The longest time without a whole round: nothing depends on the watch alone. */
#define CB_WATCH_REST_MS 30000U

/**
 * struct cb_watched - a slot that is blocked
 * @pfn: its first page
 * @at: a page of it that blocks
 * @refs: references of it or its folio when it was last looked at
 * @flags: flags likewise
 */
struct cb_watched {
	unsigned long pfn;
	unsigned long at;
	long refs;
	unsigned long flags;
};

/**
 * cb_watch_init() - nothing is watched
 * @w: filled in
 * @region: where the request works
 */
void cb_watch_init(struct cb_watch *w, struct cma_bulk_region *region)
{
	*w = (struct cb_watch){ .region = region, .pause = CB_WATCH_FIRST };
}

/**
 * cb_watch_exit() - end of the request
 * @w: the watch
 */
void cb_watch_exit(struct cb_watch *w)
{
	kvfree(w->slot);
}

/**
 * cb_watch_clear() - a round begins: what was watched is out of date
 * @w: the watch
 */
void cb_watch_clear(struct cb_watch *w)
{
	w->nr = 0;
	w->noted = false;
	w->all = false;
}

static void note_first(void *arg, unsigned long pfn, unsigned long nr,
		       enum cb_class class)
{
	unsigned long *at = arg;

	if (class >= CB_WAIT && class != CB_REF && *at == ULONG_MAX)
		*at = pfn;
}

static unsigned long first_blocked(const struct cb_watch *w, unsigned long pfn,
				   unsigned long nr, unsigned int flags)
{
	unsigned long at = ULONG_MAX;

	cb_scan(w->region, pfn, nr, flags, note_first, &at);
	return at;
}

/* Has the page changed since it was last looked at? Notes how it looks now. */
static bool has_changed(struct cb_watched *slot)
{
	struct page *head = compound_head(pfn_to_page(slot->at));
	unsigned long flags = cb_page_flags(head) & cb_sampled_mask();
	long refs = cb_page_refs(head);

	if (refs == slot->refs && flags == slot->flags)
		return false;
	slot->refs = refs;
	slot->flags = flags;
	return true;
}

/*
 * Find a page that blocks the slot. It is looked at once more after its references
 * were noted: what happens to it from then on is a change.
 */
static bool is_blocked(const struct cb_watch *w, struct cb_watched *slot,
		       unsigned int flags)
{
	unsigned long at = first_blocked(w, slot->pfn, w->size, flags);

	if (at == ULONG_MAX)
		return false;
	slot->at = at;
	has_changed(slot);
	return first_blocked(w, at, 1, flags) == at;
}

static void add(struct cb_watch *w, unsigned long pfn)
{
	struct cb_watched *slot = &w->slot[w->nr];

	if (w->nr == CB_WATCH_MAX) {
		w->all = false;
		return;
	}
	w->nr++;
	cond_resched();
	*slot = (struct cb_watched){ .pfn = pfn, .at = pfn };
	/* Not any more: that is a change. */
	if (!is_blocked(w, slot, CB_SCAN_DRAINED))
		slot->refs = -1;
}

/**
 * cb_watch_slots() - a round could not get all: watch the slots that are blocked
 * @w: the watch
 * @geo: where the slots are
 * @slot: what the last look said of them
 * @seq: cb_units_seq() before that look; what the request itself has given up since
 *	then counts as before
 *
 * Without memory for the list nothing is watched.
 *
 * Context: may sleep.
 */
void cb_watch_slots(struct cb_watch *w, const struct cb_geometry *geo,
		    const unsigned char *slot, unsigned int seq)
{
	unsigned long i, pfn = geo->first;

	w->seq = seq;
	w->noted = true;
	if (!w->slot)
		w->slot = kvmalloc_array(CB_WATCH_MAX, sizeof(*w->slot),
					 GFP_KERNEL);
	if (!w->slot)
		return;
	w->size = geo->size;
	w->all = true;
	for (i = 0; i < geo->nr_slots; i++, pfn += geo->stride) {
		switch (slot[i]) {
		case CB_SLOT_WAIT:
		case CB_SLOT_REF:
		case CB_SLOT_BUSY:
			add(w, pfn);
			break;
		case CB_SLOT_CLAIMED:
		case CB_SLOT_HELD:
			/* That ends with an event. */
			break;
		default:
			/* Taken since that look; else it is not seen why not. */
			if (cb_page_state(w->region, pfn) == CB_PAGE_NOT_OURS)
				w->all = false;
		}
		if (!(i % CB_WATCH_MAX))
			cond_resched();
	}
}

/**
 * cb_watch_paid() - a round has ended
 * @w: the watch
 * @spent_us: what it has cost, in microseconds, without its waits
 * @gained: it got something
 *
 * Context: process context.
 */
void cb_watch_paid(struct cb_watch *w, u64 spent_us, bool gained)
{
	u64 rest_us = min_t(u64, spent_us, CB_WATCH_REST_MS) * CB_WATCH_SHARE;

	w->next = ktime_add_us(ktime_get(), rest_us);
	w->rest = gained ? 0 : clamp_t(u64, 2 * w->rest, 1, INT_MAX);
	if (gained)
		w->pause = CB_WATCH_FIRST;
}

/**
 * cb_watch_suffices() - is it of no use to look at more than what is watched?
 * @w: the watch
 *
 * Context: process context.
 *
 * Return: true if a round would find nothing as long as no wait has ended early.
 */
bool cb_watch_suffices(const struct cb_watch *w)
{
	return w->all && ktime_before(ktime_get(), w->next);
}

/*
 * May the slot be had now? Of a page that looks as before nothing else is asked: a
 * hundredth of a scan. One that has lost a reference and has still too many may be
 * in an LRU batch, which a round drains.
 */
static bool opened(const struct cb_watch *w, struct cb_watched *slot)
{
	return has_changed(slot) && !is_blocked(w, slot, 0);
}

static bool any_opened(const struct cb_watch *w)
{
	unsigned int i;

	for (i = 0; i < w->nr; i++)
		if (opened(w, &w->slot[i]))
			return true;
	return false;
}

/* Until something happens in the region, for @ms milliseconds at most. */
static int wait_for_event(const struct cb_watch *w, unsigned int seq, u64 ms,
			  const struct cb_patience *patience)
{
	ktime_t deadline = ktime_add_ms(ktime_get(), ms);
	struct cb_patience brief = *patience;

	if (ktime_before(deadline, brief.deadline))
		brief.deadline = deadline;
	return cb_units_wait(w->region, seq, &brief);
}

/**
 * cb_watch_wait() - wait until a slot may be had, or for a time
 * @w: the watch
 * @ms: milliseconds at most
 * @patience: of the request
 *
 * Also ends when another request gives up claims, or pages were freed, and at once if
 * that was after the last look: nothing would tell of it again.
 *
 * Context: sleeps, without locks.
 *
 * Return: 1 if something has changed, 0 if nothing has in that time, -EINTR,
 * -ETIMEDOUT.
 */
int cb_watch_wait(struct cb_watch *w, u64 ms, const struct cb_patience *patience)
{
	unsigned int seq = w->noted ? w->seq : cb_units_seq(w->region);
	ktime_t end = ktime_add_ms(ktime_get(), ms);
	int ret = cb_patience_sleep(patience, min(w->rest, ms));
	s64 left;

	while (!ret && !any_opened(w)) {
		left = ktime_ms_delta(end, ktime_get());
		if (left <= 0)
			return 0;
		if (!wait_for_event(w, seq, min_t(u64, w->pause, left), patience))
			return 1;
		ret = cb_patience_rest(patience);
		w->pause = min(2 * w->pause, ms);
	}
	return ret ?: 1;
}
