/* SPDX-License-Identifier: GPL-2.0-only */
/* Between two rounds: watch what blocks, and go on when some of it is gone. */
#ifndef CMA_BULK_WATCH_H
#define CMA_BULK_WATCH_H

#include <linux/ktime.h>
#include <linux/types.h>

#include "watched.h"

struct cb_patience;
struct cma_bulk_region;

/* Why a wait has ended, beside errors and the end of its time. */
enum {
	CB_WATCH_EVENT = 1,
	CB_WATCH_OPENED,
};

/**
 * struct cb_watch - what a request watches while it waits
 * @list: pages that block slots
 * @noted: the round has said which these are
 * @all: there is no other slot that could be had without an event
 * @seq: cb_units_seq() before the look that has said so
 * @pause: milliseconds until the next look: longer and longer, up to the longest wait,
 *	while no page changes
 * @next: when all of the region shall be looked at again, whatever is seen here
 * @rest: milliseconds in which nothing ends a wait: what has ended waits so far
 *	was followed by a round that got nothing
 * @early: the last wait was ended by something
 */
struct cb_watch {
	struct cb_watchlist list;
	bool noted;
	bool all;
	unsigned int seq;
	u64 pause;
	ktime_t next;
	u64 rest;
	bool early;
};

void cb_watch_init(struct cb_watch *w, struct cma_bulk_region *region);
void cb_watch_exit(struct cb_watch *w);
void cb_watch_clear(struct cb_watch *w);
void cb_watch_slots(struct cb_watch *w, const struct cb_geometry *geo,
		    const unsigned char *slot, unsigned int seq);
void cb_watch_paid(struct cb_watch *w, u64 spent_us, bool gained);
bool cb_watch_suffices(const struct cb_watch *w);
int cb_watch_wait(struct cb_watch *w, u64 ms,
		  const struct cb_patience *patience);
void cb_watch_went(struct cb_watch *w, unsigned int events, bool gained);

#endif
