// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where an area of the kernel lies.
 *
 * Since 6.15 an area may have several ranges, and cma_get_base() warns about
 * one that has. struct cma is private and changes between releases. But the
 * same change brought cma_intersects(), which tells whether any range meets a
 * piece of physical memory, and that is enough to find them all.
 */
#include <linux/cma.h>
#include <linux/ctype.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "pageblock.h"
#include "ranges.h"
#include "symbols.h"

/* An area of one range: cma_get_base() is silent. */
static bool only_range(struct cma *cma, unsigned long *pfn, unsigned long *nr)
{
	if (*pfn)
		return false;
	*pfn = PHYS_PFN(cb_symbols.get_base(cma));
	*nr = PHYS_PFN(cb_symbols.get_size(cma));
	return *nr;
}

#ifdef CMA_BULK_HAVE_AREAS_OF_RANGES
/*
 * cma_intersects() takes physical addresses as unsigned long. Where these are
 * too small for all of memory its answers are wrong, but there hugetlb, the one
 * user of several ranges, has no gigantic pages and so makes no area.
 */
#define CB_ONE_RANGE	(sizeof(phys_addr_t) > sizeof(unsigned long))

static bool meets(struct cma *cma, unsigned long pfn, unsigned long end)
{
	return cb_symbols.intersects(cma, PFN_PHYS(pfn), PFN_PHYS(end) - 1);
}

/*
 * The first page of the area from @pfn on: by bisection, because a piece from
 * @pfn to anywhere meets the area from that page on.
 */
static bool find_start(struct cma *cma, unsigned long *pfn)
{
	unsigned long misses = *pfn, hits = PHYS_PFN(ULONG_MAX), middle;

	if (misses >= hits || !meets(cma, misses, hits))
		return false;
	while (hits - misses > 1) {
		middle = misses + (hits - misses) / 2;
		if (meets(cma, *pfn, middle))
			hits = middle;
		else
			misses = middle;
	}
	*pfn = hits - 1;
	return true;
}

static bool next_range(struct cma *cma, unsigned long *pfn, unsigned long *nr)
{
	unsigned long end;

	if (!find_start(cma, pfn))
		return false;
	/* Ranges are whole pageblocks, like areas. */
	end = *pfn + pageblock_nr_pages;
	while (meets(cma, end, end + pageblock_nr_pages))
		end += pageblock_nr_pages;
	*nr = end - *pfn;
	return true;
}

/**
 * cb_areas_have_ranges() - can cb_area_next_range() find anything?
 *
 * Return: false if the kernel has areas of several ranges, but the function
 * that tells these could not be found.
 */
bool cb_areas_have_ranges(void)
{
	return CB_ONE_RANGE ? !!cb_symbols.get_base : !!cb_symbols.intersects;
}

/**
 * cb_area_next_range() - find a range of an area
 * @cma: the area, which has a size
 * @pfn: where to begin; set to the first page of the first range from there on
 * @nr: set to its number of pages
 *
 * Ranges that touch each other are found as one.
 *
 * Context: any; cb_areas_have_ranges() is true.
 *
 * Return: true if there is one.
 */
bool cb_area_next_range(struct cma *cma, unsigned long *pfn, unsigned long *nr)
{
	return CB_ONE_RANGE ? only_range(cma, pfn, nr) :
			      next_range(cma, pfn, nr);
}

#else

bool cb_areas_have_ranges(void)
{
	return cb_symbols.get_base;
}

bool cb_area_next_range(struct cma *cma, unsigned long *pfn, unsigned long *nr)
{
	return only_range(cma, pfn, nr);
}

#endif

/* "hugetlb" and the number of a node. */
static bool of_hugetlb(const char *name)
{
	size_t len = str_has_prefix(name, "hugetlb");

	return len && isdigit(name[len]);
}

/**
 * cb_area_has_handle() - can cma_alloc() serve a region of an area?
 * @cma: the area
 * @ranges: the number of its ranges
 *
 * It takes pages of any range, and so not of the region that was asked for. In
 * an area of hugetlb each bit of the kernel's bitmap stands for a huge page, so
 * that smaller chunks cost one each. How many pages a bit stands for is told by
 * no function, so such an area is known by the name that the kernel gives it.
 *
 * Context: any.
 *
 * Return: true if it can.
 */
bool cb_area_has_handle(struct cma *cma, unsigned int ranges)
{
	return ranges == 1 && !of_hugetlb(cb_symbols.get_name(cma));
}
