/* SPDX-License-Identifier: GPL-2.0-only */
/* Between two rounds: watch what blocks, and go on when some of it is gone. */
#ifndef CMA_BULK_WATCH_H
#define CMA_BULK_WATCH_H

#include <linux/ktime.h>
#include <linux/types.h>

struct cb_geometry;
struct cb_patience;
struct cma_bulk_region;

/**
 * struct cb_watch - what a request watches while it waits
 * @region: where
 * @slot: slots, each with a page that blocks it; room for CB_WATCH_MAX
 * @nr: how many
 * @size: pages in a slot
 * @noted: the round has said which slots these are
 * @all: there is no other slot that could be had without an event
 * @seq: cb_units_seq() before the look that has said so
 * @pause: milliseconds until the next look; doubled by each, up to the longest wait
 * @next: when all of the region shall be looked at again, whatever is seen here
 * @rest: milliseconds in which nothing ends a wait: what has ended waits so far
 *	was followed by a round that got nothing
 */
struct cb_watch {
	struct cma_bulk_region *region;
	struct cb_watched *slot;
	unsigned int nr;
	unsigned long size;
	bool noted;
	bool all;
	unsigned int seq;
	u64 pause;
	ktime_t next;
	u64 rest;
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

#endif
