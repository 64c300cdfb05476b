// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/mm.h>

#include "compat/contig.h"
#include "compat/pageblock.h"
#include "compat/symbols.h"
#include "contig.h"
#include "region.h"
#include "release.h"
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

/**
 * cb_contig_take() - take a range of pages out of the kernel
 * @region: its region
 * @pfn: first page
 * @nr: number of pages
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
		   unsigned long nr, const struct cb_patience *patience)
{
	int ret = cb_call_begin(region, pfn, nr, patience);

	if (ret)
		return ret;
	ret = is_isolated(pfn, nr) ? -EBUSY : cb_alloc_contig(pfn, nr);
	cb_call_end(region, pfn, nr);
	cb_release_deferred();
	return ret;
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
