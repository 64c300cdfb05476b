// SPDX-License-Identifier: GPL-2.0-only
/* Which pages a region has, and in which order its pageblocks are chosen. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/page_ref.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "pinner.h"
#include "product.h"
#include "compat/pinner_compat.h"

static void whole_pageblocks(phys_addr_t base, size_t size,
			     struct pinner_range *range)
{
	unsigned long first = PHYS_PFN(base);
	unsigned long end = PHYS_PFN(base + size);

	range->pfn = ALIGN(first, pageblock_nr_pages);
	end = ALIGN_DOWN(end, pageblock_nr_pages);
	range->nr = end > range->pfn ? end - range->pfn : 0;
}

/**
 * pinner_region_find() - find a region by the name it has in cma_bulk
 * @name: its name
 * @range: set to its whole pageblocks
 *
 * Context: sleeps.
 * Return: 0, -ENODEV if cma_bulk is not loaded, -ENOENT if it has no such
 * region.
 */
int pinner_region_find(const char *name, struct pinner_range *range)
{
	const struct pinner_product *api = pinner_product_get();
	struct cma_bulk_region *region;
	int ret = 0;

	if (!api) {
		pr_err_ratelimited("cma_bulk is not loaded, it knows the regions\n");
		return -ENODEV;
	}
	region = api->region_get(name);
	if (IS_ERR_OR_NULL(region)) {
		pr_err_ratelimited("no region %*pE\n", (int)strlen(name), name);
		ret = -ENOENT;
		goto put_api;
	}
	whole_pageblocks(api->region_base(region), api->region_size(region),
			 range);
	api->region_put(region);
put_api:
	pinner_product_put();
	return ret;
}

/* Calls of ours must not meet either, also when cma_bulk is not there. */
static DEFINE_MUTEX(take_lock);

static bool all_free(unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr;

	for (; pfn < end; pfn++)
		if (page_count(pfn_to_page(pfn)))
			return false;
	return true;
}

/*
 * Give back pages that were a free block: one by one they would go to the list of the
 * CPU, and from there to any process. A page with another reference is left to that.
 */
static void put_block(unsigned long pfn, unsigned long nr)
{
	unsigned long i, joined = 1;

	/* Of a block that is freed, only the first page has a reference. */
	while (joined < nr && !IS_ENABLED(CONFIG_MEM_ALLOC_PROFILING) &&
	       page_ref_freeze(pfn_to_page(pfn + joined), 1))
		joined++;
	if (joined == nr) {
		__free_pages(pfn_to_page(pfn), ilog2(nr));
		return;
	}
	for (i = 1; i < joined; i++)
		page_ref_unfreeze(pfn_to_page(pfn + i), 1);
	for (i = 0; i < nr; i++)
		put_page(pfn_to_page(pfn + i));
}

/*
 * The kernel takes whole free blocks, and frees what it need not give us page by
 * page. If somebody looks at one of those pages right then, by a reference that
 * lasts a moment, free_contig_range() warns of a page "still in use". So the whole
 * block is taken, and what is not wanted goes back to whoever has the last reference.
 *
 * @nr is a power of two, and @pfn a multiple of it.
 */
static int take_block(unsigned long pfn, unsigned long nr)
{
	unsigned long start = pfn, size = nr, half;
	int ret;

	while (size < CBP_BLOCK_PAGES && all_free(start ^ size, size)) {
		start = ALIGN_DOWN(start, 2 * size);
		size *= 2;
	}
	ret = cbp_alloc_contig(start, size);
	for (half = nr; !ret && half < size; half *= 2)
		put_block(ALIGN_DOWN(pfn, half) ^ half, half);
	return ret;
}

static int take_excluding(unsigned long pfn, unsigned long nr, bool wait)
{
	const struct pinner_product *api = pinner_product_get();
	int ret = -EBUSY;

	/* Without cma_bulk there is nobody to exclude. */
	if (!api)
		return take_block(pfn, nr);
	if (wait)
		api->exclude_begin();
	if (wait || api->exclude_try()) {
		ret = take_block(pfn, nr);
		api->exclude_end();
	}
	pinner_product_put();
	return ret;
}

/**
 * pinner_take() - take a block of pages out of the kernel
 * @pfn: first page, a multiple of @nr
 * @nr: number of pages, a power of two, at most a pageblock
 * @wait: until no request of cma_bulk takes pages
 *
 * The region is in use by cma_bulk, and a kernel that checks itself stops when
 * two calls meet in a pageblock: see cma_bulk_exclude_begin().
 *
 * Context: sleeps.
 * Return: 0, with each page at reference count 1, or a negative errno; -EBUSY
 * also if it would have to wait, and shall not.
 */
int pinner_take(unsigned long pfn, unsigned long nr, bool wait)
{
	int ret;

	/* Elsewhere both just fail, as they do beside any other user. */
	if (!IS_ENABLED(CONFIG_DEBUG_VM))
		return take_block(pfn, nr);
	if (wait)
		mutex_lock(&take_lock);
	else if (!mutex_trylock(&take_lock))
		return -EBUSY;
	ret = take_excluding(pfn, nr, wait);
	mutex_unlock(&take_lock);
	return ret;
}

/**
 * pinner_shuffle_blocks() - the order in which a seed visits pageblocks
 * @nr: number of pageblocks, at least 1
 * @seed: same seed and number, same order, on every kernel
 *
 * Context: sleeps.
 * Return: an array of the numbers below @nr, to be given to kvfree(), or NULL.
 */
u32 *pinner_shuffle_blocks(u32 nr, u64 seed)
{
	struct rnd_state rnd;
	u32 *order, i;

	order = kvmalloc_array(nr, sizeof(*order), GFP_KERNEL);
	if (!order)
		return NULL;
	prandom_seed_state(&rnd, seed);
	for (i = 0; i < nr; i++) {
		u32 j = prandom_u32_state(&rnd) % (i + 1);

		order[i] = order[j];
		order[j] = i;
	}
	return order;
}
