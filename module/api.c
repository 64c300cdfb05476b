// SPDX-License-Identifier: GPL-2.0-only
/* The in-kernel API, include/cma_bulk/cma_bulk.h. */
#include <linux/device.h>
#include <linux/dma-direct.h>
#include <linux/dma-map-ops.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>

#include <cma_bulk/cma_bulk.h>

#include "core/parse.h"
#include "engines.h"
#include "region.h"
#include "release.h"
#include "request.h"
#include "stats.h"
#include "units.h"

static struct cma_bulk_region *find_by_cma(const struct cma *cma)
{
	struct cma_bulk_region *region;

	list_for_each_entry(region, &cb_regions, list)
		if (cma && region->cma == cma)
			return region;
	return NULL;
}

static struct cma_bulk_region *find_by_base(phys_addr_t base)
{
	struct cma_bulk_region *region;

	list_for_each_entry(region, &cb_regions, list)
		if (region->base_pfn == PHYS_PFN(base))
			return region;
	return NULL;
}

/* The region is there for as long as the module is. */
static struct cma_bulk_region *hold(struct cma_bulk_region *region)
{
	if (region)
		__module_get(THIS_MODULE);
	return region;
}

/**
 * cma_bulk_region_get() - find a region by its name
 * @name: as the file "regions" has it
 *
 * Context: any. The caller's module must not be unloaded before it has called
 * cma_bulk_region_put().
 *
 * Return: the region, or NULL if there is none of that name.
 */
struct cma_bulk_region *cma_bulk_region_get(const char *name)
{
	return name ? hold(cb_region_find(name)) : NULL;
}
EXPORT_SYMBOL_GPL(cma_bulk_region_get);

/* The area that the device was given by its driver or by dma-contiguous. */
static struct cma_bulk_region *find_assigned(struct device *dev)
{
#ifdef CONFIG_DMA_CMA
	return find_by_cma(dev->cma_area);
#else
	return NULL;
#endif
}

static struct cma_bulk_region *find_by_phandle(struct device *dev)
{
	struct cma_bulk_region *region = NULL;
	struct reserved_mem *rmem;
	struct device_node *np;
	int i;

	for (i = 0; !region; i++) {
		np = of_parse_phandle(dev->of_node, "memory-region", i);
		if (!np)
			break;
		rmem = of_reserved_mem_lookup(np);
		of_node_put(np);
		if (rmem)
			region = find_by_base(rmem->base);
	}
	return region;
}

/*
 * An IOMMU takes the region to where the device reaches it. Only a message: the
 * mask may be set later, or the pages be for something else than DMA.
 */
static void check_dma_mask(struct device *dev,
			   const struct cma_bulk_region *region)
{
	u64 end = phys_to_dma(dev, PFN_PHYS(region->base_pfn +
					    region->nr_pages) - 1);
	u64 mask = min_not_zero(dma_get_mask(dev), dev->bus_dma_limit);

	if (!device_iommu_mapped(dev) && end > mask)
		dev_warn(dev, "cma_bulk: region %s ends at DMA address %#llx, the device reaches up to %#llx\n",
			 region->name, end, mask);
}

/**
 * cma_bulk_region_get_by_device() - find the region that belongs to a device
 * @dev: the device
 *
 * That is the area assigned to it, or else the first of its "memory-region"
 * phandles that is one of our regions. If the device cannot reach all of it, by
 * the DMA mask that it has now and without an IOMMU, the kernel's log says so.
 *
 * Context: may sleep. As cma_bulk_region_get().
 *
 * Return: the region, or NULL if the device has none.
 */
struct cma_bulk_region *cma_bulk_region_get_by_device(struct device *dev)
{
	struct cma_bulk_region *region;

	if (!dev)
		return NULL;
	region = find_assigned(dev) ?: find_by_phandle(dev);
	if (region)
		check_dma_mask(dev, region);
	return hold(region);
}
EXPORT_SYMBOL_GPL(cma_bulk_region_get_by_device);

/**
 * cma_bulk_region_put() - end the use of a region
 * @region: from cma_bulk_region_get(), may be NULL; all that was allocated
 *	from it by the caller has been freed
 *
 * Context: any.
 */
void cma_bulk_region_put(struct cma_bulk_region *region)
{
	if (region)
		module_put(THIS_MODULE);
}
EXPORT_SYMBOL_GPL(cma_bulk_region_put);

/**
 * cma_bulk_region_base() - where a region begins
 * @region: the region
 *
 * Return: its physical address.
 */
phys_addr_t cma_bulk_region_base(const struct cma_bulk_region *region)
{
	return PFN_PHYS(region->base_pfn);
}
EXPORT_SYMBOL_GPL(cma_bulk_region_base);

/**
 * cma_bulk_region_size() - how large a region is
 * @region: the region
 *
 * Return: its size in bytes; of a region of 4 GiB or more on a 32-bit system, as
 * many whole pages as a size_t can tell.
 */
size_t cma_bulk_region_size(const struct cma_bulk_region *region)
{
	return min_t(u64, (u64)region->nr_pages << PAGE_SHIFT,
		     SIZE_MAX & PAGE_MASK);
}
EXPORT_SYMBOL_GPL(cma_bulk_region_size);

/* The engines have the same numbers in the API and in the grammar. */
static_assert((int)CMA_BULK_ENGINE_BULK == CB_ENGINE_BULK);
static_assert((int)CMA_BULK_ENGINE_LINEAR == CB_ENGINE_LINEAR);
static_assert((int)CMA_BULK_ENGINE_CMA_ALLOC == CB_ENGINE_CMA_ALLOC);
static_assert((int)CMA_BULK_ENGINE_CMA_ALLOC_BLOCK == CB_ENGINE_CMA_ALLOC_BLOCK);
static_assert((int)CMA_BULK_ENGINE_SINGLE == CB_ENGINE_SINGLE);

static s64 floor_of(const struct cma_bulk_request *in)
{
	if (in->no_floor)
		return 0;
	return in->floor_mb ? (s64)in->floor_mb : -1;
}

/* As strict as the parser: the same table says what is in range. */
static int to_request(const struct cma_bulk_request *in, struct cb_request *out)
{
	enum cb_key key;

	out->value[CB_K_ORDER] = in->order;
	out->value[CB_K_COUNT] = in->count;
	out->value[CB_K_ALIGN] = in->align;
	out->value[CB_K_FAST] = in->fast;
	out->value[CB_K_RETRIES] = in->retries;
	out->value[CB_K_RETRY_DELAY_MS] = in->retry_delay_ms;
	out->value[CB_K_TIMEOUT_MS] = in->timeout_ms;
	out->value[CB_K_PARTIAL] = in->partial;
	out->value[CB_K_SALVAGE] = !in->no_salvage;
	out->value[CB_K_WORKERS] = in->workers;
	out->value[CB_K_ENGINE] = (unsigned int)in->engine;
	out->value[CB_K_FLOOR_MB] = floor_of(in);
	out->value[CB_K_POOL] = !in->no_pool;
	for (key = 0; key < CB_NR_KEYS; key++)
		if (!cb_value_in_range(key, out->value[key]))
			return -EINVAL;
	return 0;
}

/* A request of a driver, which brings the array. */
struct api_request {
	struct cb_receiver receiver;
	struct page **pages;
	size_t *nr;
};

static struct page **api_open(struct cb_receiver *r, size_t wanted)
{
	return container_of(r, struct api_request, receiver)->pages;
}

static void api_done(struct cb_receiver *r, size_t got, struct cb_result *res)
{
	*container_of(r, struct api_request, receiver)->nr = got;
}

/**
 * cma_bulk_alloc() - allocate chunks
 * @region: where
 * @req: what, and how hard to try
 * @pages: room for @req->count pointers; set to the first page of each chunk.
 *	Pages come uncompounded, each with reference count 1, not zeroed.
 * @nr_allocated: set to the number of chunks obtained, whatever is returned
 *
 * Context: sleeps, without locks; may wait for as long as @req says. GFP_KERNEL
 * is implied, within the allocation scope of the caller (memalloc_noio_save() and
 * the like); not for the reclaim path. Work of a WQ_MEM_RECLAIM queue may call it.
 *
 * Return: 0 if everything was obtained; -EINVAL for a malformed request;
 * -E2BIG for more than the region's size; -EBUSY if pinned or busy pages stand
 * in the way; -ENOMEM if the region cannot hold that many free chunks even
 * without pins, or there is no memory to migrate to; -ETIMEDOUT; -EINTR for a
 * fatal signal; -EOPNOTSUPP for an engine that this kernel cannot offer.
 */
int cma_bulk_alloc(struct cma_bulk_region *region,
		   const struct cma_bulk_request *req,
		   struct page **pages, size_t *nr_allocated)
{
	struct api_request ar = {
		.receiver = { .open = api_open, .done = api_done },
		.pages = pages,
		.nr = nr_allocated,
	};
	struct cb_request request;
	int ret;

	if (!nr_allocated)
		return -EINVAL;
	*nr_allocated = 0;
	if (!region || !req || !pages)
		return -EINVAL;
	ret = to_request(req, &request);
	if (ret)
		return ret;
	/* What was not set is 0, and so means the usual engine. */
	if (req->engine == CMA_BULK_ENGINE_BULK)
		request.value[CB_K_ENGINE] = cb_engine_usual(region);
	return cb_request_serve(region, &request, &ar.receiver);
}
EXPORT_SYMBOL_GPL(cma_bulk_alloc);

/**
 * cma_bulk_free() - give chunks back
 * @region: where they came from
 * @order: a chunk is 2^order pages
 * @pages: first page of each chunk
 * @nr: number of chunks
 *
 * A page that is still referenced elsewhere is kept and freed when that
 * reference is gone. A chunk that is not held is left alone, with a message.
 *
 * Context: process context; may be scheduled away, but waits for nobody and
 * allocates nothing. A shrinker may call it.
 */
void cma_bulk_free(struct cma_bulk_region *region, unsigned int order,
		   struct page **pages, size_t nr)
{
	if (region && pages && order <= 30)
		cb_release(region, order, pages, nr, CB_PAGE_HELD);
}
EXPORT_SYMBOL_GPL(cma_bulk_free);

/**
 * cma_bulk_exclude_begin() - keep requests from taking pages for a while
 *
 * Context: sleeps until the calls that are under way have ended. The caller
 * holds this module, by a region or a symbol, until cma_bulk_exclude_end().
 */
void cma_bulk_exclude_begin(void)
{
	cb_outside_begin();
}
EXPORT_SYMBOL_GPL(cma_bulk_exclude_begin);

/**
 * cma_bulk_exclude_try() - as cma_bulk_exclude_begin(), if nothing is under way
 *
 * Context: does not wait for calls.
 *
 * Return: true if requests are kept from taking pages now.
 */
bool cma_bulk_exclude_try(void)
{
	return cb_outside_try();
}
EXPORT_SYMBOL_GPL(cma_bulk_exclude_try);

/**
 * cma_bulk_exclude_end() - let requests take pages again
 *
 * Context: any but interrupts.
 */
void cma_bulk_exclude_end(void)
{
	cb_outside_end();
}
EXPORT_SYMBOL_GPL(cma_bulk_exclude_end);

/**
 * cma_alloc_bulk() - the function of the 2020 patch
 * @cma: the area, for example dev_get_cma_area() of a device
 * @align: chunks are aligned to 2^align pages, if that is more than their size
 * @fast: one pass, without waiting for anyone
 * @order: a chunk is 2^order pages
 * @nr_requests: number of chunks
 * @page_array: room for as many pointers
 * @nr_allocated: set to the number of chunks obtained, whatever is returned
 *
 * See "[PATCH v2 2/4] mm: introduce cma_alloc_bulk API", Minchan Kim, December
 * 2020. Like there, what was obtained is the caller's also after an error.
 *
 * Context: sleeps, without locks.
 *
 * Return: 0 if all were allocated, or as cma_bulk_alloc().
 */
int cma_alloc_bulk(struct cma *cma, unsigned int align, bool fast,
		   unsigned int order, size_t nr_requests,
		   struct page **page_array, size_t *nr_allocated)
{
	struct cma_bulk_request req = {
		.count = nr_requests,
		.order = order,
		.align = align,
		.fast = fast,
		.partial = true,
	};

	*nr_allocated = 0;
	if (!nr_requests)
		return 0;
	return cma_bulk_alloc(find_by_cma(cma), &req, page_array, nr_allocated);
}
EXPORT_SYMBOL_GPL(cma_alloc_bulk);
