// SPDX-License-Identifier: GPL-2.0-only
/*
 * A request that waits for pins to go could look at all of the region every now
 * and then. That is too late for a page which is let go for a moment only, and too
 * much work for one that stays pinned for ever. So a round leaves a list of pages
 * that block slots, and between the rounds only these are looked at: often while
 * they change, and less and less often while they do not.
 */
#include <linux/mm.h>

#include "patience.h"
#include "region.h"
#include "units.h"
#include "watch.h"

/* Milliseconds from the first look to the second; twice that to the third. */
#define CB_WATCH_FIRST	1ULL

/* What a wait spends on whole rounds is at most this fraction of it. */
#define CB_WATCH_SHARE	1000

/* The longest time without a whole round: nothing depends on the watch alone. */
#define CB_WATCH_REST_MS 30000U

/**
 * cb_watch_init() - nothing is watched
 * @w: filled in
 * @region: where the request works
 */
void cb_watch_init(struct cb_watch *w, struct cma_bulk_region *region)
{
	*w = (struct cb_watch){ .list.region = region, .pause = CB_WATCH_FIRST };
}

/**
 * cb_watch_exit() - end of the request
 * @w: the watch
 */
void cb_watch_exit(struct cb_watch *w)
{
	cb_watchlist_free(&w->list);
}

/**
 * cb_watch_clear() - a round begins: what was watched is out of date
 * @w: the watch
 */
void cb_watch_clear(struct cb_watch *w)
{
	w->list.nr = 0;
	w->noted = false;
	w->all = false;
}

/**
 * cb_watch_slots() - a round could not get all: watch the slots that are blocked
 * @w: the watch
 * @geo: where the slots are
 * @slot: what the last look said of them
 * @seq: cb_units_seq() before that look; what the request itself has given up since
 *	then counts as before
 *
 * Context: may sleep.
 */
void cb_watch_slots(struct cb_watch *w, const struct cb_geometry *geo,
		    const unsigned char *slot, unsigned int seq)
{
	w->seq = seq;
	w->noted = true;
	w->all = cb_watchlist_fill(&w->list, geo, slot);
}

static void note_gain(struct cb_watch *w)
{
	w->rest = 0;
	w->pause = CB_WATCH_FIRST;
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
	if (gained)
		note_gain(w);
	else if (w->early)
		w->rest = clamp_t(u64, 2 * w->rest, 1, INT_MAX);
	w->early = false;
}

/**
 * cb_watch_went() - the request went for what was let go, without a round
 * @w: the watch
 * @events: events of the region that it has caused itself
 * @gained: it got some
 *
 * Context: process context.
 */
void cb_watch_went(struct cb_watch *w, unsigned int events, bool gained)
{
	w->seq += events;
	if (gained)
		note_gain(w);
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
 * While pages change one of them may be let go at any moment. A look that has found
 * something is followed by no pause.
 */
static bool look(struct cb_watch *w, u64 ms)
{
	bool changed, found = cb_watchlist_look(&w->list, &changed);

	if (changed)
		w->pause = max(w->pause / 2, CB_WATCH_FIRST);
	else if (!found)
		w->pause = min(2 * w->pause, ms);
	return found;
}

/* Until something happens in the region, for @ms milliseconds at most. */
static int wait_for_event(const struct cb_watch *w, unsigned int seq, u64 ms,
			  const struct cb_patience *patience)
{
	ktime_t deadline = ktime_add_ms(ktime_get(), ms);
	struct cb_patience brief = *patience;

	if (ktime_before(deadline, brief.deadline))
		brief.deadline = deadline;
	return cb_units_wait(w->list.region, seq, &brief);
}

/**
 * cb_watch_wait() - wait until a page is let go, or for a time
 * @w: the watch
 * @ms: milliseconds at most
 * @patience: of the request
 *
 * Also ends when another request gives up claims, or pages were freed, and at once if
 * that was after the last look: nothing would tell of it again.
 *
 * Context: sleeps, without locks.
 *
 * Return: CB_WATCH_OPENED: see cb_watchlist_opened(); CB_WATCH_EVENT: something else
 * has changed; 0 if nothing has in that time, -EINTR, -ETIMEDOUT.
 */
int cb_watch_wait(struct cb_watch *w, u64 ms, const struct cb_patience *patience)
{
	unsigned int seq = w->noted ? w->seq : cb_units_seq(w->list.region);
	ktime_t end = ktime_add_ms(ktime_get(), ms);
	int ret = cb_patience_sleep(patience, min(w->rest, ms));
	s64 left;

	while (!ret && !look(w, ms)) {
		left = ktime_ms_delta(end, ktime_get());
		if (left <= 0)
			return 0;
		if (!wait_for_event(w, seq, min_t(u64, w->pause, left), patience)) {
			w->early = true;
			return CB_WATCH_EVENT;
		}
		ret = cb_patience_rest(patience);
	}
	w->early = true;
	return ret ?: CB_WATCH_OPENED;
}
