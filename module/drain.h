/* SPDX-License-Identifier: GPL-2.0-only */
/* Taking pages out of the LRU batches of every CPU. */
#ifndef CMA_BULK_DRAIN_H
#define CMA_BULK_DRAIN_H

struct cb_patience;
struct cma_bulk_region;

void cb_drain(struct cma_bulk_region *region,
	      const struct cb_patience *patience);
void cb_drain_now(struct cma_bulk_region *region);
const char *cb_drain_name(void);

#endif
