/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What blocked the last request of a region that ended with -EBUSY: what a list
 * of blockers names when nothing of it blocks any more.
 */
#ifndef CMA_BULK_BLOCKED_H
#define CMA_BULK_BLOCKED_H

#include <linux/ktime.h>

#include "core/classify.h"

struct cb_job;
struct cma_bulk_region;

/* So many pages are remembered. */
#define CB_BLOCKED_MAX	16

/* One of them, as it was then. */
struct cb_blocked_page {
	unsigned long pfn;
	enum cb_reason reason;
	long refs;
	long maps;
};

int cb_blocked_init(struct cma_bulk_region *region);
void cb_blocked_exit(struct cma_bulk_region *region);
void cb_blocked_note(struct cb_job *job);
void cb_blocked_forget(struct cma_bulk_region *region, unsigned int order,
		       size_t chunks, ktime_t start);
unsigned int cb_blocked_read(struct cma_bulk_region *region,
			     struct cb_blocked_page page[CB_BLOCKED_MAX],
			     ktime_t since);

#endif
