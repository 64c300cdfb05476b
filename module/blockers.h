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
 * @claimed: one bit for each page: stands for a unit in which another request or
 *	a caller outside of this module is at work
 * @isolated: one bit for each page: stands for a pageblock that is isolated
 * @claimed_to: the last unit of which @claimed has a page ends here
 *
 * What @claimed and @isolated have, @page has, too.
 */
struct cb_blockers {
	struct cma_bulk_region *region;
	unsigned long *page;
	unsigned long *suspect;
	unsigned long *claimed;
	unsigned long *isolated;
	unsigned long claimed_to;
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
bool cb_blocker_describe(const struct cb_blockers *b, unsigned long pfn,
			 struct cb_blocker *d);

#endif
