/* SPDX-License-Identifier: GPL-2.0-only */
/* Who is in the way: the pages of a region that block. */
#ifndef CMA_BULK_BLOCKERS_H
#define CMA_BULK_BLOCKERS_H

#include <linux/types.h>

#include "core/classify.h"

struct cma_bulk_region;

/**
 * struct cb_blockers - the pages that block in a region, at one moment
 * @region: the region
 * @page: one bit for each page: it blocks
 * @suspect: one bit for each page: it did so at a first look
 */
struct cb_blockers {
	struct cma_bulk_region *region;
	unsigned long *page;
	unsigned long *suspect;
};

/* One of them; flags and owner are words. */
struct cb_blocker {
	enum cb_reason reason;
	long refs;
	long maps;
	char flags[160];
	char owner[64];
};

int cb_blockers_find(struct cb_blockers *b, struct cma_bulk_region *region);
void cb_blockers_free(struct cb_blockers *b);
bool cb_blocker_describe(const struct cma_bulk_region *region,
			 unsigned long pfn, struct cb_blocker *d);

#endif
