// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a small request begins to look, and which pageblocks it may step over:
 * a cursor, and one byte for each pageblock.
 *
 * All of it is a hint. Memory that others free is noticed when the bytes are
 * forgotten, after a while, or by a request that finds nothing elsewhere; so
 * nothing here is locked.
 */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "hints.h"
#include "region.h"

/* What was learned is forgotten after so long. */
#define CB_HINT_AGE	(2 * HZ)

/**
 * struct cb_hints - hints of a region
 * @born: in jiffies: when the bytes were last forgotten
 * @cursor: below this page nothing is known to be free
 * @free: for each pageblock 0 if nothing is known, or 1 and how much of it was
 *	free, in 254th
 */
struct cb_hints {
	unsigned long born;
	unsigned long cursor;
	u8 free[];
};

/**
 * cb_hints_init() - at load: nothing is known
 * @region: the region
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_hints_exit().
 */
int cb_hints_init(struct cma_bulk_region *region)
{
	struct cb_hints *h;

	h = kvzalloc(struct_size(h, free, cb_region_blocks(region)),
		     GFP_KERNEL);
	region->hints = h;
	if (!h)
		return -ENOMEM;
	h->cursor = region->base_pfn;
	h->born = jiffies;
	return 0;
}

/**
 * cb_hints_exit() - at unload
 * @region: the region
 */
void cb_hints_exit(struct cma_bulk_region *region)
{
	kvfree(region->hints);
	region->hints = NULL;
}

static u8 *block_of(const struct cma_bulk_region *region, unsigned long pfn)
{
	return region->hints->free +
	       (pfn - region->base_pfn) / pageblock_nr_pages;
}

/**
 * cb_hint_start() - where to begin to look for free memory
 * @region: the region
 *
 * Context: any.
 *
 * Return: a page of the region.
 */
unsigned long cb_hint_start(struct cma_bulk_region *region)
{
	struct cb_hints *h = region->hints;

	if (time_after(jiffies, READ_ONCE(h->born) + CB_HINT_AGE)) {
		WRITE_ONCE(h->born, jiffies);
		memset(h->free, 0, cb_region_blocks(region));
		/* What others freed below the cursor is found again, too. */
		WRITE_ONCE(h->cursor, region->base_pfn);
	}
	return READ_ONCE(h->cursor);
}

/**
 * cb_hint_found() - a search from cb_hint_start() on found its memory
 * @region: the region
 * @pfn: where; there was less than it wanted before that
 *
 * Context: any.
 */
void cb_hint_found(struct cma_bulk_region *region, unsigned long pfn)
{
	WRITE_ONCE(region->hints->cursor, pfn);
}

/**
 * cb_hint_freed() - pages have been given back
 * @region: the region
 * @pfn: first of them
 * @nr: their number
 *
 * Context: any.
 */
void cb_hint_freed(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr)
{
	u8 *last = block_of(region, pfn + nr - 1), *b;

	for (b = block_of(region, pfn); b <= last; b++)
		WRITE_ONCE(*b, 0);
	if (pfn < READ_ONCE(region->hints->cursor))
		WRITE_ONCE(region->hints->cursor, pfn);
}

/**
 * cb_hint_learn() - a look has seen all of a pageblock
 * @region: the region
 * @pfn: a page of the block
 * @nr_free: how many of its pages were free
 *
 * Context: any.
 */
void cb_hint_learn(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr_free)
{
	WRITE_ONCE(*block_of(region, pfn),
		   1 + min_t(unsigned long, nr_free, pageblock_nr_pages) * 254 /
		       pageblock_nr_pages);
}

/**
 * cb_hint_worth() - may a pageblock have so many free pages?
 * @region: the region
 * @pfn: a page of the block
 * @nr_free: how many are wanted
 *
 * Context: any.
 *
 * Return: false if the last look says that it has fewer.
 */
bool cb_hint_worth(const struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr_free)
{
	u8 hint = READ_ONCE(*block_of(region, pfn));

	nr_free = min_t(unsigned long, nr_free, pageblock_nr_pages);
	return !hint || hint - 1UL >= nr_free * 254 / pageblock_nr_pages;
}
