// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/mm.h>

#include "compat/contig.h"
#include "compat/free.h"
#include "compat/page.h"
#include "compat/pageblock.h"
#include "compat/symbols.h"
#include "contig.h"
#include "region.h"
#include "release.h"
#include "sample.h"
#include "units.h"

/*
 * Is a call from outside of this module at work in the pageblocks of a range? No
 * call of ours is. Since 6.0 (b2c9e2fbba32) alloc_contig_range() ends the
 * isolation of the pageblocks of its range also after it was refused because of
 * that, so that the other call fails, too.
 */
static bool is_isolated(unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr;

	for (; pfn < end; pfn = ALIGN(pfn + 1, pageblock_nr_pages))
		if (cb_pageblock_isolated(pfn))
			return true;
	return false;
}

/* Order of the free block that a page lies in, 0 also if it is in none. */
static unsigned int block_order(const struct cma_bulk_region *region,
				unsigned long pfn)
{
	unsigned long head, nr;
	unsigned int order;
	struct cb_sample s;

	for (order = 0; order <= CB_MAX_ORDER; order++) {
		head = ALIGN_DOWN(pfn, 1UL << order);
		if (head < region->base_pfn)
			return 0;
		nr = cb_page_sample(head, &s);
		if (s.flags & CB_S_BUDDY && head + nr > pfn)
			return min_t(unsigned int, s.order, pageblock_order);
	}
	return 0;
}

static bool all_free(unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr;
	struct cb_sample s;

	while (pfn < end) {
		pfn += cb_page_sample(pfn, &s);
		if (cb_classify(&s, true, NULL) != CB_FREE)
			return false;
	}
	return true;
}

/*
 * The order of the block that a free page will be in when the kernel takes it: it
 * drains the CPUs' lists of free pages before, so that blocks merge, but not across
 * the ends of a pageblock.
 */
static unsigned int future_order(const struct cma_bulk_region *region,
				 unsigned long pfn)
{
	unsigned int order = block_order(region, pfn);
	unsigned long buddy;

	for (; order < pageblock_order; order++) {
		buddy = ALIGN_DOWN(pfn, 1UL << order) ^ 1UL << order;
		if (!all_free(buddy, 1UL << order))
			break;
	}
	return order;
}

/*
 * Take free pages. The kernel takes the free blocks in which they begin and end as
 * a whole, and frees what it need not give us page by page, which costs more than
 * all else of a small request. So that is taken, too, and goes back in blocks.
 */
static int take_free(const struct cma_bulk_region *region, unsigned long pfn,
		     unsigned long nr)
{
	unsigned long last = pfn + nr - 1, start, end, size;

	size = 1UL << future_order(region, pfn);
	start = ALIGN_DOWN(pfn, size);
	end = start + size;
	if (last >= end)
		end = ALIGN(last + 1, 1UL << future_order(region, last));
	if (start == pfn && end == pfn + nr)
		return -EBUSY;
	if (cb_alloc_contig(start, end - start))
		return -EBUSY;
	cb_free_contig(start, pfn - start, pageblock_order);
	cb_free_contig(pfn + nr, end - pfn - nr, pageblock_order);
	return 0;
}

/* Take a range, and unless it is to be kept, give it back at once. */
static int take(struct cma_bulk_region *region, unsigned long pfn,
		unsigned long nr, bool free, bool keep,
		const struct cb_patience *patience)
{
	int ret = cb_call_begin(region, pfn, nr, patience);

	if (ret)
		return ret;
	if (is_isolated(pfn, nr))
		ret = -EBUSY;
	else if (!free || take_free(region, pfn, nr))
		ret = cb_alloc_contig(pfn, nr);
	if (!ret && !keep)
		cb_free_contig(pfn, nr, pageblock_order);
	cb_call_end(region, pfn, nr);
	cb_release_deferred();
	return ret;
}

/**
 * cb_contig_take() - take a range of pages out of the kernel
 * @region: its region
 * @pfn: first page
 * @nr: number of pages
 * @free: they looked free
 * @patience: of the request, which has claimed the range
 *
 * What was given back in its units meanwhile is freed at the end. The kernel is
 * not called for what another user of the area works at.
 *
 * Context: sleeps.
 *
 * Return: 0 with each page at reference count 1; -EBUSY; from the kernel -ENOMEM
 * (no memory to migrate to) or -EINTR; before the call as cb_call_begin().
 */
int cb_contig_take(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr, bool free,
		   const struct cb_patience *patience)
{
	return take(region, pfn, nr, free, true, patience);
}

/**
 * cb_contig_empty() - move elsewhere what is in a range of pages
 * @region: its region
 * @pfn: first page
 * @nr: number of pages
 * @patience: of the request, which has claimed the range
 *
 * They are free then, for anybody.
 *
 * Context: sleeps.
 *
 * Return: as cb_contig_take().
 */
int cb_contig_empty(struct cma_bulk_region *region, unsigned long pfn,
		    unsigned long nr, const struct cb_patience *patience)
{
	return take(region, pfn, nr, false, false, patience);
}

/**
 * cb_contig_take_from_cma() - take pages by the kernel's cma_alloc()
 * @region: the region, which has a handle
 * @nr: number of pages
 * @align: aligned to 2^align pages
 * @patience: of the request, which has claimed the region
 * @page: set to the first page, or NULL
 *
 * Where it takes is not known before, so frees do not wait for it.
 *
 * Context: sleeps; nothing ends a call of cma_alloc().
 *
 * Return: 0 if cma_alloc() was called, else as cb_call_begin().
 */
int cb_contig_take_from_cma(struct cma_bulk_region *region, unsigned long nr,
			    unsigned int align,
			    const struct cb_patience *patience,
			    struct page **page)
{
	int ret = cb_call_begin(region, region->base_pfn, 0, patience);

	*page = NULL;
	if (ret)
		return ret;
	*page = cb_symbols.alloc(region->cma, nr, align, true);
	cb_call_end(region, region->base_pfn, 0);
	return 0;
}
