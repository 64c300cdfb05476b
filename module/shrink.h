/* SPDX-License-Identifier: GPL-2.0-only */
/* Pools give chunks back when memory is short. */
#ifndef CMA_BULK_SHRINK_H
#define CMA_BULK_SHRINK_H

#include <linux/types.h>

struct cma_bulk_region;

u64 cb_pool_shrink(struct cma_bulk_region *region, size_t nr);
int cb_shrink_init(void);
void cb_shrink_exit(void);

#endif
