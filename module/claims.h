/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Claims: units reserved for a request, from its plan to the end of its calls.
 * Requests that run at the same time plan around each other's claims.
 */
#ifndef CMA_BULK_CLAIMS_H
#define CMA_BULK_CLAIMS_H

#include <linux/list.h>
#include <linux/types.h>

#include "patience.h"

struct cma_bulk_region;

/**
 * struct cb_claims - the units that one request has claimed
 * @region: where it works
 * @unit: one bit for each unit of the region
 * @queue: in the queue of requests that wait for claims of others
 * @waits: how often it has waited since it entered that queue
 * @events: how many of the events that cb_units_seq() counts were its own
 */
struct cb_claims {
	struct cma_bulk_region *region;
	unsigned long *unit;
	struct list_head queue;
	unsigned int waits;
	unsigned int events;
};

int cb_claims_setup(void);
void cb_claims_teardown(void);
bool cb_unit_is_claimed(const struct cma_bulk_region *region,
			unsigned long pfn);

int cb_claims_init(struct cb_claims *c, struct cma_bulk_region *region);
void cb_claims_exit(struct cb_claims *c);
void cb_claims_leave(struct cb_claims *c);
unsigned long cb_claim(struct cb_claims *c, unsigned long pfn,
		       unsigned long nr, unsigned long size);
void cb_unclaim(struct cb_claims *c);
int cb_claim_all(struct cb_claims *c, const struct cb_patience *patience);
int cb_claims_wait(struct cb_claims *c, unsigned int seq,
		   const struct cb_patience *patience);

#endif
