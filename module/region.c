// SPDX-License-Identifier: GPL-2.0-only
/* The regions: a list that is made at load and only read from then on. */
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/pageblock.h"
#include "region.h"
#include "skipped.h"

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
		"", ".", "..", "version", "capabilities", "regions", "skipped"
	};
	/* Leaves room for "-" and a number. */
	char base[CB_NAME_MAX - 12];
	unsigned int i, n = 2;

	strscpy(base, name ?: "", sizeof(base));
	strreplace(base, '/', '!');
	/* The kernel ends a name that it chose itself with a newline. */
	base[strcspn(base, "\n")] = '\0';
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
static void check_memory(unsigned long pfn, unsigned long nr,
			 struct cb_why *why)
{
	unsigned long end = pfn + nr;
	struct zone *zone = NULL;
	struct page *page;

	for (; pfn < end; pfn += pageblock_nr_pages) {
		page = cb_online_page(pfn);
		if (!page) {
			cb_why_add(why, "not all of it is memory that the kernel manages");
			return;
		}
		if (zone && page_zone(page) != zone) {
			cb_why_add(why, "lies in several zones");
			return;
		}
		zone = page_zone(page);
	}
}

/* How often to look again at a pageblock that is being allocated from. */
#define CB_TYPE_TRIES	50

/*
 * A node of the device tree may have been passed over in favour of the command
 * line, and its memory be in use for anything.
 */
static void check_type(unsigned long pfn, unsigned long nr, struct cb_why *why)
{
	unsigned long end = pfn + nr;
	int tries = CB_TYPE_TRIES;

	for (; pfn < end; pfn += pageblock_nr_pages) {
		for (; cb_pageblock_type_hidden(pfn) && tries; tries--)
			msleep(20);
		if (cb_pageblock_type_hidden(pfn)) {
			cb_why_add(why,
				   "memory of it is isolated for an allocation, load the module again");
			return;
		}
		if (cb_pageblock_type(pfn) != MIGRATE_CMA) {
			cb_why_add(why,
				   "not all of type CMA (the kernel's log at boot may say why)");
			return;
		}
	}
}

/* May what lies there become a region? Adds the reasons if not. */
static void check(phys_addr_t base, phys_addr_t size, struct cb_why *why)
{
	unsigned long pfn = PHYS_PFN(base), nr = PHYS_PFN(size);
	struct cma_bulk_region *overlap = find_overlap(pfn, nr);

	if (!size)
		cb_why_add(why, "size is 0");
	cb_why_shape(why, base, size, (u64)pageblock_nr_pages << PAGE_SHIFT);
	if (overlap)
		cb_why_add(why, "overlaps %s", overlap->name);
	if (!cb_why_any(why))
		check_memory(pfn, nr, why);
	if (!cb_why_any(why))
		check_type(pfn, nr, why);
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
 * Return: 0, -EEXIST if it is known, -EINVAL if it cannot be a region, which
 * cb_skipped tells then, -ENOMEM.
 */
int cb_region_add(const char *name, const char *source, phys_addr_t base,
		  phys_addr_t size, struct cma *cma)
{
	unsigned long pfn = PHYS_PFN(base), nr = PHYS_PFN(size);
	struct cma_bulk_region *region = find_overlap(pfn, nr);
	struct cb_why why = { 0 };

	if (region && region->base_pfn == pfn && region->nr_pages == nr) {
		if (cma)
			region->cma = cma;
		return -EEXIST;
	}
	check(base, size, &why);
	if (cb_why_any(&why))
		return cb_skipped_add(name, base, size, &why) ?: -EINVAL;
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
