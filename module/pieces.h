/* SPDX-License-Identifier: GPL-2.0-only */
/* A plan in pieces: each is taken by one call of the kernel, if nothing comes between. */
#ifndef CMA_BULK_PIECES_H
#define CMA_BULK_PIECES_H

#include <linux/spinlock.h>
#include <linux/types.h>

struct cb_range;
struct cb_window;
struct cma_bulk_region;

/**
 * struct cb_pieces - what is left of a plan
 * @region: where
 * @window: what the ranges are of
 * @range: the plan, cheapest first; used up
 * @nr: its length
 * @workers: how many calls are meant to run at the same time
 * @share: the most pages of a piece
 * @call_ns: how long the call for a piece may keep its CPU, in nanoseconds, if several
 *	run at the same time
 * @lock: protects what follows, and @range's start and nr; innermost
 * @left: pages in @range
 * @ranges: how many of @range have any
 * @done: pages that calls were made for
 * @ran_ns: how long the threads ran for these
 * @first: no range before it has anything left
 * @working: a bit a unit: some thread is at work on it
 *
 * The owner sets @workers, @share and @call_ns while no other thread picks.
 */
struct cb_pieces {
	const struct cma_bulk_region *region;
	struct cb_window *window;
	struct cb_range *range;
	unsigned long nr;
	unsigned int workers;
	unsigned long share;
	unsigned int call_ns;
	spinlock_t lock;		/* all that follows, and range[] */
	unsigned long left;
	unsigned long ranges;
	unsigned long done;
	u64 ran_ns;
	unsigned long first;
	unsigned long *working;
};

int cb_pieces_init(struct cb_pieces *p, const struct cma_bulk_region *region,
		   struct cb_window *w, struct cb_range *range,
		   unsigned long nr);
void cb_pieces_exit(struct cb_pieces *p);
int cb_pieces_pick(struct cb_pieces *p, struct cb_range *piece);
void cb_pieces_done(struct cb_pieces *p, const struct cb_range *piece,
		    u64 ran_ns);

#endif
