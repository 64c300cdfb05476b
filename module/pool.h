/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pool of a region: chunks of one order that are kept ready. Requests take
 * them without a call of the kernel; what fills it up is refill.c.
 */
#ifndef CMA_BULK_POOL_H
#define CMA_BULK_POOL_H

#include <linux/types.h>

struct cma_bulk_region;
struct page;

int cb_pool_init(struct cma_bulk_region *region);
void cb_pool_exit(struct cma_bulk_region *region);

unsigned int cb_pool_order(const struct cma_bulk_region *region);
size_t cb_pool_target(const struct cma_bulk_region *region);
size_t cb_pool_chunks(const struct cma_bulk_region *region);
size_t cb_pool_missing(const struct cma_bulk_region *region);
bool cb_pool_is_for(const struct cma_bulk_region *region, unsigned int order);
void cb_pool_set(struct cma_bulk_region *region, unsigned int order,
		 size_t target);

size_t cb_pool_take(struct cma_bulk_region *region, unsigned int order,
		    unsigned int align, struct page **pages, size_t nr,
		    u64 *clear);
void cb_pool_put(struct cma_bulk_region *region, unsigned int order,
		 struct page **pages, size_t nr);
u64 cb_pool_give_back(struct cma_bulk_region *region, size_t nr);
void cb_pool_clear_ahead(struct cma_bulk_region *region, unsigned int order);

bool cb_pool_wait_low(struct cma_bulk_region *region, unsigned int ms);

#endif
