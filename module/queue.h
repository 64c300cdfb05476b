/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Turns of all-or-nothing requests in a region.
 *
 * Two of them that run at the same time may each obtain a part of what only one
 * can have. Then the one that came later gives its part back and waits until the
 * earlier one has made its round, and the earlier one looks again.
 */
#ifndef CMA_BULK_QUEUE_H
#define CMA_BULK_QUEUE_H

#include <linux/list.h>
#include <linux/types.h>

struct cb_patience;
struct cma_bulk_region;

/**
 * struct cb_turn - the turn of one request
 * @region: where
 * @list: in the queue of the region, in the order in which requests came; empty
 *	for requests that take no turns
 * @working: it is in a round, and may obtain or give back something
 * @yields: it has given way
 */
struct cb_turn {
	struct cma_bulk_region *region;
	struct list_head list;
	bool working;
	bool yields;
};

int cb_queue_init(struct cma_bulk_region *region);
void cb_queue_exit(struct cma_bulk_region *region);
void cb_turn_init(struct cb_turn *t, struct cma_bulk_region *region,
		  bool takes_turns);
void cb_turn_exit(struct cb_turn *t);
void cb_turn_begin(struct cb_turn *t);
void cb_turn_end(struct cb_turn *t);
bool cb_turn_meets(const struct cb_turn *t);
bool cb_turn_yields(struct cb_turn *t);
int cb_turn_wait(struct cb_turn *t, const struct cb_patience *patience);

#endif
