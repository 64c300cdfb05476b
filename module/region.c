// SPDX-License-Identifier: GPL-2.0-only
/* The regions: a list that is made at load and only read from then on. */
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/symbols.h"
#include "log.h"
#include "region.h"

LIST_HEAD(cb_regions);

/**
 * cb_region_blocks() - pageblocks that a region touches
 * @region: the region
 *
 * Return: their number.
 */
unsigned long cb_region_blocks(const struct cma_bulk_region *region)
{
	return DIV_ROUND_UP(region->nr_pages, pageblock_nr_pages);
}

/**
 * cb_region_find() - find a region by its name
 * @name: the name
 *
 * Context: any.
 *
 * Return: the region, or NULL.
 */
struct cma_bulk_region *cb_region_find(const char *name)
{
	struct cma_bulk_region *region;

	list_for_each_entry(region, &cb_regions, list)
		if (!strcmp(region->name, name))
			return region;
	return NULL;
}

/**
 * cb_region_of() - find the region that a page lies in
 * @pfn: the page
 *
 * Context: any.
 *
 * Return: the region, or NULL.
 */
struct cma_bulk_region *cb_region_of(unsigned long pfn)
{
	struct cma_bulk_region *region;

	list_for_each_entry(region, &cb_regions, list)
		if (pfn - region->base_pfn < region->nr_pages)
			return region;
	return NULL;
}

static struct cma_bulk_region *find_overlap(unsigned long pfn, unsigned long nr)
{
	struct cma_bulk_region *region;

	list_for_each_entry(region, &cb_regions, list)
		if (pfn < region->base_pfn + region->nr_pages &&
		    region->base_pfn < pfn + nr)
			return region;
	return NULL;
}

/*
 * A name becomes a directory: "/" has to go, and so have the names that a
 * directory or our own files have already.
 */
static void choose_name(struct cma_bulk_region *region, const char *name)
{
	static const char * const taken[] = {
		"", ".", "..", "version", "capabilities", "regions"
	};
	/* Leaves room for "-" and a number. */
	char base[CB_NAME_MAX - 12];
	unsigned int i, n = 2;

	strscpy(base, name ?: "", sizeof(base));
	strreplace(base, '/', '!');
	for (i = 0; i < ARRAY_SIZE(taken); i++)
		if (!strcmp(base, taken[i]))
			strscpy(base, "region", sizeof(base));
	strscpy(region->name, base, sizeof(region->name));
	while (cb_region_find(region->name))
		snprintf(region->name, sizeof(region->name), "%s-%u", base,
			 n++);
}

static struct cma_bulk_region *region_new(unsigned long pfn, unsigned long nr)
{
	struct cma_bulk_region *region = kzalloc(sizeof(*region), GFP_KERNEL);

	if (!region)
		return NULL;
	region->base_pfn = pfn;
	region->nr_pages = nr;
	return region;
}

/* The whole of a region must be ordinary memory of one zone. */
static bool usable(unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr, step = pageblock_nr_pages;
	struct zone *zone;

	if (!nr || !IS_ALIGNED(pfn, step) || !IS_ALIGNED(nr, step) ||
	    end < pfn || !pfn_to_online_page(pfn))
		return false;
	zone = page_zone(pfn_to_page(pfn));
	for (; pfn < end; pfn += step) {
		struct page *page = pfn_to_online_page(pfn);

		if (!page || page_zone(page) != zone)
			return false;
	}
	return true;
}

/* A pageblock that somebody is allocating from has no type for that moment. */
static bool block_is_cma(struct page *page)
{
	int tries;

	for (tries = 0; tries < 5; tries++) {
		if (cb_pageblock_is_cma(page))
			return true;
		msleep(20);
	}
	return false;
}

/*
 * A node of the device tree may have been passed over in favour of the command
 * line, and its memory be anybody's; an area may have several ranges.
 */
static bool all_cma(unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr;

	if (!cb_pageblock_type_known())
		return true;
	for (; pfn < end; pfn += pageblock_nr_pages)
		if (!block_is_cma(pfn_to_page(pfn)))
			return false;
	return true;
}

/**
 * cb_region_add() - add a region that a source has found
 * @name: its own name, made unique here; may be NULL
 * @source: "dt", "cma" or "param"
 * @base: physical address
 * @size: in bytes
 * @cma: the kernel's handle, may be NULL
 *
 * An area that is known already is not added again, but learns its handle.
 *
 * Context: module init; may sleep.
 *
 * Return: 0, -EEXIST if it is known, -EINVAL if it overlaps another region or
 * is no memory that we can work with, -ENOMEM.
 */
int cb_region_add(const char *name, const char *source, phys_addr_t base,
		  phys_addr_t size, struct cma *cma)
{
	unsigned long pfn = PHYS_PFN(base), nr = PHYS_PFN(size);
	struct cma_bulk_region *region = find_overlap(pfn, nr);

	if (region && region->base_pfn == pfn && region->nr_pages == nr) {
		if (cma)
			region->cma = cma;
		return -EEXIST;
	}
	if (region) {
		pr_notice("%s: %pa + %pa overlaps %s, left out\n", name, &base,
			  &size, region->name);
		return -EINVAL;
	}
	if (!usable(pfn, nr)) {
		pr_notice("%s: %pa + %pa is no memory of whole pageblocks, left out\n",
			  name, &base, &size);
		return -EINVAL;
	}
	if (!all_cma(pfn, nr)) {
		pr_notice("%s: %pa + %pa is not all of type CMA, left out\n",
			  name, &base, &size);
		return -EINVAL;
	}
	region = region_new(pfn, nr);
	if (!region)
		return -ENOMEM;
	choose_name(region, name);
	region->source = source;
	region->cma = cma;
	list_add_tail(&region->list, &cb_regions);
	return 0;
}

/**
 * cb_regions_free() - forget the regions
 *
 * Context: module exit, when the layers above have let go of them; may sleep.
 */
void cb_regions_free(void)
{
	struct cma_bulk_region *region, *next;

	list_for_each_entry_safe(region, next, &cb_regions, list) {
		list_del(&region->list);
		kfree(region);
	}
}
