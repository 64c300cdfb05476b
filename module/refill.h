/* SPDX-License-Identifier: GPL-2.0-only */
/* What shall be in the pool of a region, and the thread that fills it up. */
#ifndef CMA_BULK_REFILL_H
#define CMA_BULK_REFILL_H

#include <linux/types.h>

struct cma_bulk_region;

enum cb_pool_setting { CB_POOL_CHUNKS, CB_POOL_ORDER, CB_NR_POOL_SETTINGS };

int cb_refill_init(struct cma_bulk_region *region);
void cb_refill_exit(struct cma_bulk_region *region);
int cb_pool_setting_get(struct cma_bulk_region *region,
			enum cb_pool_setting setting, s64 *value);
int cb_pool_setting_set(struct cma_bulk_region *region,
			enum cb_pool_setting setting, s64 value);

#endif
