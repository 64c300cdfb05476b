// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "bits.h"
#include "compat/contig.h"
#include "patience.h"
#include "region.h"
#include "units.h"

/*
 * The table. Bits and counts have one entry for each unit that holds memory of a
 * region, numbered over all regions in the order of their addresses.
 *
 * Lock order: @lock is taken with no other lock of this module held, and none
 * inside.
 */
static struct {
	spinlock_t lock;		/* all that follows */
	unsigned long nr;
	unsigned long *called;		/* a call of the kernel is at work */
	u16 *frees;			/* frees at work */
	struct list_head deferred;	/* pages whose free a call postponed */
	unsigned int calls;		/* at work anywhere */
	unsigned int outside_waits;	/* outside callers that wait for them */
	bool outside;			/* an outside caller is at work */
	wait_queue_head_t wait;
} table;

/**
 * cb_unit() - number of the unit that a page lies in
 * @region: its region
 * @pfn: the page
 *
 * Return: the number over all regions.
 */
unsigned long cb_unit(const struct cma_bulk_region *region, unsigned long pfn)
{
	return region->first_unit + pfn / CB_UNIT_PAGES -
	       region->base_pfn / CB_UNIT_PAGES;
}

/**
 * cb_nr_units() - how many units a region touches
 * @region: the region
 *
 * Return: their number.
 */
unsigned long cb_nr_units(const struct cma_bulk_region *region)
{
	return cb_unit(region, region->base_pfn + region->nr_pages - 1) -
	       region->first_unit + 1;
}

/**
 * cb_units_total() - units of all regions
 *
 * Return: their number.
 */
unsigned long cb_units_total(void)
{
	return table.nr;
}

/* The region with the lowest base that is not below @pfn, or NULL. */
static struct cma_bulk_region *region_from(unsigned long pfn)
{
	struct cma_bulk_region *region, *next = NULL;

	list_for_each_entry(region, &cb_regions, list)
		if (region->base_pfn >= pfn &&
		    (!next || region->base_pfn < next->base_pfn))
			next = region;
	return next;
}

/**
 * cb_units_init() - at load: number the units of all regions
 *
 * Context: may sleep; the regions are known.
 *
 * Return: 0 or -ENOMEM; undone by cb_units_exit(), also after an error.
 */
int cb_units_init(void)
{
	unsigned long end = 0, first, last = ULONG_MAX;
	struct cma_bulk_region *region;

	spin_lock_init(&table.lock);
	init_waitqueue_head(&table.wait);
	INIT_LIST_HEAD(&table.deferred);
	for (; (region = region_from(end)); table.nr += cb_nr_units(region)) {
		first = region->base_pfn / CB_UNIT_PAGES;
		end = region->base_pfn + region->nr_pages;
		/* It begins in the unit in which the one before ends. */
		if (first == last)
			table.nr--;
		region->first_unit = table.nr;
		last = (end - 1) / CB_UNIT_PAGES;
	}
	table.called = cb_bits_alloc(table.nr);
	table.frees = kvcalloc(table.nr, sizeof(*table.frees), GFP_KERNEL);
	return table.called && table.frees ? 0 : -ENOMEM;
}

/**
 * cb_units_exit() - at unload, when no request and no free is at work
 */
void cb_units_exit(void)
{
	kvfree(table.frees);
	kvfree(table.called);
}

static void units_of(const struct cma_bulk_region *region, unsigned long pfn,
		     unsigned long nr, unsigned long *first,
		     unsigned long *units)
{
	*first = cb_unit(region, pfn);
	*units = nr ? cb_unit(region, pfn + nr - 1) - *first + 1 : 0;
}

/* ---- waiting for others ------------------------------------------------ */

/**
 * cb_units_seq() - count of events in a region that may end a wait
 * @region: the region
 *
 * Context: any.
 *
 * Return: the count, to be read before a look and handed to cb_units_wait().
 */
unsigned int cb_units_seq(const struct cma_bulk_region *region)
{
	return READ_ONCE(region->events);
}

/**
 * cb_units_changed() - what others wait for may be there
 * @region: the region in which claims were given up or pages freed
 *
 * Context: any but interrupts.
 */
void cb_units_changed(struct cma_bulk_region *region)
{
	unsigned long last = region->first_unit + cb_nr_units(region) - 1;
	struct cma_bulk_region *r;

	spin_lock(&table.lock);
	/* Adjacent regions may share a unit. */
	list_for_each_entry(r, &cb_regions, list)
		if (r->first_unit <= last &&
		    region->first_unit < r->first_unit + cb_nr_units(r))
			WRITE_ONCE(r->events, r->events + 1);
	spin_unlock(&table.lock);
	wake_up_all(&table.wait);
}

/**
 * cb_units_wait() - wait until others have changed something
 * @region: the region
 * @seq: cb_units_seq() before the look that met others
 * @patience: of the request
 *
 * Context: sleeps, without locks.
 *
 * Return: as cb_wait_event().
 */
int cb_units_wait(const struct cma_bulk_region *region, unsigned int seq,
		  const struct cb_patience *patience)
{
	return cb_wait_event(patience, table.wait,
			     cb_units_seq(region) != seq);
}

/* ---- calls of the kernel ----------------------------------------------- */

static bool call_try(unsigned long first, unsigned long units)
{
	unsigned long i;
	bool ok;

	spin_lock(&table.lock);
	ok = !table.outside && !table.outside_waits;
	for (i = 0; ok && i < units; i++)
		ok = !table.frees[first + i];
	if (ok) {
		bitmap_set(table.called, first, units);
		table.calls++;
	}
	spin_unlock(&table.lock);
	return ok;
}

/**
 * cb_call_begin() - a call of the kernel for a range begins
 * @region: its region
 * @pfn: first page
 * @nr: number of pages; 0 for a call that chooses its place itself
 * @patience: of the request, which has claimed the range
 *
 * Waits for outside callers, and for the frees that are at work in the units of
 * the range: a page that is freed merges with its free neighbour, across the ends
 * of what is freed and into the range. alloc_contig_range() looks for the free
 * page that its range begins in, and takes it later; if that has become a part of
 * a larger one meanwhile, the call fails with -EBUSY although nothing is in the
 * way (find_large_buddy() and test_pages_isolated(), seen on 6.12 and 7.2). A
 * free that comes during the call is deferred, see cb_free_begin().
 *
 * Context: sleeps, without locks.
 *
 * Return: as cb_wait_event(); cb_call_end() follows only after 0.
 */
int cb_call_begin(struct cma_bulk_region *region, unsigned long pfn,
		  unsigned long nr, const struct cb_patience *patience)
{
	unsigned long first, units;

	units_of(region, pfn, nr, &first, &units);
	return cb_wait_event(patience, table.wait, call_try(first, units));
}

/**
 * cb_call_end() - a call of the kernel has ended
 * @region: as for cb_call_begin()
 * @pfn: likewise
 * @nr: likewise
 *
 * Context: any but interrupts. The caller looks for deferred frees then, see
 * cb_free_deferred().
 */
void cb_call_end(struct cma_bulk_region *region, unsigned long pfn,
		 unsigned long nr)
{
	unsigned long first, units;
	bool wake;

	units_of(region, pfn, nr, &first, &units);
	spin_lock(&table.lock);
	bitmap_clear(table.called, first, units);
	wake = !--table.calls && table.outside_waits;
	spin_unlock(&table.lock);
	if (wake)
		wake_up_all(&table.wait);
}

/* ---- frees -------------------------------------------------------------- */

/**
 * cb_free_begin() - pages of one unit are about to be freed
 * @region: their region
 * @page: the first of them
 *
 * Does not wait: if a call is at work in the unit, the pages go to a list, and
 * are freed by whoever made that call, through cb_free_deferred(). The list is
 * linked through @page->lru: the page is ours.
 *
 * Context: any but interrupts; also in reclaim.
 *
 * Return: true if they may be freed now, and cb_free_end() follows; false if they
 * are on the list, and no business of the caller any more.
 */
bool cb_free_begin(struct cma_bulk_region *region, struct page *page)
{
	unsigned long unit = cb_unit(region, page_to_pfn(page));
	bool now;

	spin_lock(&table.lock);
	now = !test_bit(unit, table.called);
	if (now)
		table.frees[unit]++;
	else
		list_add_tail(&page->lru, &table.deferred);
	spin_unlock(&table.lock);
	return now;
}

/**
 * cb_free_end() - pages have been freed
 * @region: their region
 * @pfn: the first of them
 *
 * Context: any but interrupts.
 */
void cb_free_end(struct cma_bulk_region *region, unsigned long pfn)
{
	bool last;

	spin_lock(&table.lock);
	last = !--table.frees[cb_unit(region, pfn)];
	spin_unlock(&table.lock);
	if (last)
		wake_up_all(&table.wait);
}

/**
 * cb_free_deferred() - take pages off the list of deferred frees
 * @region: set to their region
 *
 * Context: any but interrupts.
 *
 * Return: the first page of a run as given to cb_free_begin(), which may be freed
 * now, and cb_free_end() follows; NULL if there is none.
 */
struct page *cb_free_deferred(struct cma_bulk_region **region)
{
	struct page *page;
	unsigned long unit;

	if (list_empty_careful(&table.deferred))
		return NULL;
	spin_lock(&table.lock);
	list_for_each_entry(page, &table.deferred, lru) {
		*region = cb_region_of(page_to_pfn(page));
		unit = cb_unit(*region, page_to_pfn(page));
		if (test_bit(unit, table.called))
			continue;
		list_del(&page->lru);
		table.frees[unit]++;
		spin_unlock(&table.lock);
		return page;
	}
	spin_unlock(&table.lock);
	return NULL;
}

/* ---- callers outside of this module ------------------------------------- */

/**
 * cb_outside_try() - begin to work outside, if no call is under way
 *
 * Context: any but interrupts.
 *
 * Return: true if no call of ours begins until cb_outside_end().
 */
bool cb_outside_try(void)
{
	bool ok;

	spin_lock(&table.lock);
	ok = !table.outside && !table.calls;
	if (ok)
		table.outside = true;
	spin_unlock(&table.lock);
	return ok;
}

/**
 * cb_outside_begin() - begin to work outside, when all calls have ended
 *
 * Context: sleeps, for calls of the kernel that are under way and for other
 * outside callers.
 */
void cb_outside_begin(void)
{
	spin_lock(&table.lock);
	table.outside_waits++;
	spin_unlock(&table.lock);
	wait_event(table.wait, cb_outside_try());
	spin_lock(&table.lock);
	table.outside_waits--;
	spin_unlock(&table.lock);
}

/**
 * cb_outside_works() - is an outside caller at work, or waiting to begin?
 *
 * Context: any; the answer is a hint.
 *
 * Return: true if one is: no call of ours begins then.
 */
bool cb_outside_works(void)
{
	return READ_ONCE(table.outside) || READ_ONCE(table.outside_waits);
}

/**
 * cb_outside_end() - let calls begin again
 *
 * Context: any but interrupts.
 */
void cb_outside_end(void)
{
	spin_lock(&table.lock);
	table.outside = false;
	spin_unlock(&table.lock);
	wake_up_all(&table.wait);
}
