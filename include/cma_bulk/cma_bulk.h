/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cma_bulk: thousands of high-order pages at once from a CMA region.
 *
 * A module that calls these functions depends on cma_bulk.ko, so cma_bulk
 * cannot be unloaded before it.
 */
#ifndef CMA_BULK_H
#define CMA_BULK_H

#include <linux/types.h>

struct cma;
struct cma_bulk_region;
struct device;
struct page;

/**
 * enum cma_bulk_engine - how a request is served
 * @CMA_BULK_ENGINE_BULK: scan, plan, take; what one should use. On a trimmed
 *	kernel that has nothing but cma_alloc(), as CMA_BULK_ENGINE_CMA_ALLOC_BLOCK
 * @CMA_BULK_ENGINE_LINEAR: whole pageblocks in address order, skip on -EBUSY
 * @CMA_BULK_ENGINE_CMA_ALLOC: one cma_alloc() a chunk
 * @CMA_BULK_ENGINE_CMA_ALLOC_BLOCK: one cma_alloc() a pageblock
 * @CMA_BULK_ENGINE_SINGLE: one alloc_contig_range() for all of it
 *
 * All but the first are there to be compared with on the same kernel.
 */
enum cma_bulk_engine {
	CMA_BULK_ENGINE_BULK,
	CMA_BULK_ENGINE_LINEAR,
	CMA_BULK_ENGINE_CMA_ALLOC,
	CMA_BULK_ENGINE_CMA_ALLOC_BLOCK,
	CMA_BULK_ENGINE_SINGLE,
};

/**
 * struct cma_bulk_request - what to allocate, and how hard to try
 * @count: number of chunks, at least 1
 * @order: a chunk is 2^order contiguous pages, naturally aligned
 * @align: and aligned to 2^align pages, if that is more
 * @fast: one pass, no sleeping on others, no retries: takes only pageblocks
 *	whose scan shows nothing that could block
 * @partial: keep what was obtained when the request fails; else it is all or
 *	nothing
 * @no_salvage: leave pageblocks alone in which a page is pinned
 * @retries: rounds after the first, -1 for ever
 * @retry_delay_ms: sleep between two rounds, in milliseconds
 * @timeout_ms: end of everything, in milliseconds; 0 for none
 * @workers: CPUs to spread the work over, at most: the caller's, and others that are
 *	idle, or a part of all where none is; 0: automatic, 1: caller only
 * @engine: how to serve it
 * @floor_mb: do not migrate while less than so many MiB are free outside of CMA;
 *	0: automatic
 * @no_floor: migrate whatever is left
 * @no_pool: take nothing from the pool of the region
 *
 * Zero what you do not set.
 */
struct cma_bulk_request {
	size_t count;
	unsigned int order;
	unsigned int align;
	bool fast;
	bool partial;
	bool no_salvage;
	int retries;
	unsigned int retry_delay_ms;
	unsigned int timeout_ms;
	unsigned int workers;
	enum cma_bulk_engine engine;
	unsigned int floor_mb;
	bool no_floor;
	bool no_pool;
};

struct cma_bulk_region *cma_bulk_region_get(const char *name);
struct cma_bulk_region *cma_bulk_region_get_by_device(struct device *dev);
void cma_bulk_region_put(struct cma_bulk_region *region);
phys_addr_t cma_bulk_region_base(const struct cma_bulk_region *region);
size_t cma_bulk_region_size(const struct cma_bulk_region *region);

int cma_bulk_alloc(struct cma_bulk_region *region,
		   const struct cma_bulk_request *req,
		   struct page **pages, size_t *nr_allocated);
void cma_bulk_free(struct cma_bulk_region *region, unsigned int order,
		   struct page **pages, size_t nr);

/* The same until the driver is detached from its device. */
struct cma_bulk_region *devm_cma_bulk_region_get_by_device(struct device *dev);
struct page **devm_cma_bulk_alloc(struct device *dev,
				  struct cma_bulk_region *region,
				  const struct cma_bulk_request *req,
				  size_t *nr_allocated);

/*
 * For code that calls alloc_contig_range() for pages of a region itself: between
 * begin, or a try that succeeds, and end, no request does. Where two calls meet
 * in a pageblock, the second gets -EBUSY, but since Linux 6.0 it also takes the
 * isolation from pageblocks that the first has isolated. So that one fails, too,
 * and a kernel with CONFIG_DEBUG_VM may stop at a VM_BUG_ON().
 */
void cma_bulk_exclude_begin(void);
bool cma_bulk_exclude_try(void);
void cma_bulk_exclude_end(void);

/*
 * The function of the patch "mm: introduce cma_alloc_bulk API" (v2, 2020), for
 * drivers that were written for it. Give the pages back with cma_bulk_free():
 * cma_release() does not know them.
 */
int cma_alloc_bulk(struct cma *cma, unsigned int align, bool fast,
		   unsigned int order, size_t nr_requests,
		   struct page **page_array, size_t *nr_allocated);

#endif
