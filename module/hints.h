/* SPDX-License-Identifier: GPL-2.0-only */
/* What earlier looks learned of a region's pageblocks. */
#ifndef CMA_BULK_HINTS_H
#define CMA_BULK_HINTS_H

#include <linux/types.h>

struct cma_bulk_region;

int cb_hints_init(struct cma_bulk_region *region);
void cb_hints_exit(struct cma_bulk_region *region);
unsigned long cb_hint_start(struct cma_bulk_region *region);
void cb_hint_found(struct cma_bulk_region *region, unsigned long pfn);
void cb_hint_freed(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr);
void cb_hint_learn(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr_free);
bool cb_hint_worth(const struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr_free);

#endif
