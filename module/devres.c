// SPDX-License-Identifier: GPL-2.0-only
/* The in-kernel API for drivers that leave the undoing to their device. */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <cma_bulk/cma_bulk.h>

static void put_region(void *region)
{
	cma_bulk_region_put(region);
}

/**
 * devm_cma_bulk_region_get_by_device() - cma_bulk_region_get_by_device() until
 * the driver is detached
 * @dev: the device
 *
 * Context: may sleep.
 *
 * Return: the region, or NULL if the device has none, or without memory.
 */
struct cma_bulk_region *devm_cma_bulk_region_get_by_device(struct device *dev)
{
	struct cma_bulk_region *region = cma_bulk_region_get_by_device(dev);

	if (region && devm_add_action_or_reset(dev, put_region, region))
		return NULL;
	return region;
}
EXPORT_SYMBOL_GPL(devm_cma_bulk_region_get_by_device);

/**
 * struct chunks - what a device holds until its driver is detached
 * @region: where it is from
 * @order: a chunk is 2^order pages
 * @nr: chunks
 * @pages: first page of each chunk
 */
struct chunks {
	struct cma_bulk_region *region;
	unsigned int order;
	size_t nr;
	struct page *pages[];
};

static void free_chunks(void *data)
{
	struct chunks *chunks = data;

	cma_bulk_free(chunks->region, chunks->order, chunks->pages, chunks->nr);
	kvfree(chunks);
}

static struct chunks *alloc_chunks(struct cma_bulk_region *region,
				   const struct cma_bulk_request *req)
{
	struct chunks *chunks;

	/* As cma_bulk_alloc() says, and so that no array is too large. */
	if (req->count > cma_bulk_region_size(region) >> PAGE_SHIFT)
		return ERR_PTR(-E2BIG);
	chunks = kvzalloc(struct_size(chunks, pages, req->count), GFP_KERNEL);
	if (!chunks)
		return ERR_PTR(-ENOMEM);
	chunks->region = region;
	chunks->order = req->order;
	return chunks;
}

/**
 * devm_cma_bulk_alloc() - cma_bulk_alloc() until the driver is detached
 * @dev: the device
 * @region: where, for example from devm_cma_bulk_region_get_by_device()
 * @req: what, and how hard to try
 * @nr_allocated: set to the number of chunks obtained, whatever is returned
 *
 * The chunks are given back when the driver is detached from @dev: nobody else
 * gives them to cma_bulk_free().
 *
 * Context: as cma_bulk_alloc().
 *
 * Return: the first page of each chunk, in an array that belongs to the device,
 * too; or ERR_PTR() as cma_bulk_alloc(). With @req->partial the array is
 * returned if there is any chunk in it.
 */
struct page **devm_cma_bulk_alloc(struct device *dev,
				  struct cma_bulk_region *region,
				  const struct cma_bulk_request *req,
				  size_t *nr_allocated)
{
	struct chunks *chunks;
	int ret;

	if (!nr_allocated)
		return ERR_PTR(-EINVAL);
	*nr_allocated = 0;
	if (!region || !req)
		return ERR_PTR(-EINVAL);
	chunks = alloc_chunks(region, req);
	if (IS_ERR(chunks))
		return ERR_CAST(chunks);
	ret = cma_bulk_alloc(region, req, chunks->pages, &chunks->nr);
	if (!chunks->nr) {
		kvfree(chunks);
		return ERR_PTR(ret);
	}
	ret = devm_add_action_or_reset(dev, free_chunks, chunks);
	if (ret)
		return ERR_PTR(ret);
	*nr_allocated = chunks->nr;
	return chunks->pages;
}
EXPORT_SYMBOL_GPL(devm_cma_bulk_alloc);
