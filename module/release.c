// SPDX-License-Identifier: GPL-2.0-only
/*
 * Giving back waits for nobody and allocates nothing, so that it may be called
 * in reclaim. Lists are linked through the pages themselves, which are ours.
 *
 * A page that is still referenced is not put back into the hands of others. It
 * lingers here until that reference is gone.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "compat/contig.h"
#include "compat/free.h"
#include "compat/symbols.h"
#include "hints.h"
#include "log.h"
#include "ownermap.h"
#include "region.h"
#include "release.h"
#include "stats.h"
#include "units.h"

/*
 * The most that goes back before others may run: 2.3 us a page on 6.12 where pages
 * have to be freed one by one, and 0.2 us in blocks (docs/benchmarks.md).
 */
#define CB_PIECE_PAGES	256UL

/* How soon a page that lingers is looked at, at first and at the longest. */
#define CB_LINGER_FIRST	msecs_to_jiffies(100)
#define CB_LINGER_LAST	msecs_to_jiffies(6400)

/**
 * struct cb_lingering - pages of a region that were given back while referenced
 * @region: the region
 * @lock: protects @list; innermost
 * @list: first pages of runs; page_private() is their length
 * @delay: jiffies until the next look
 * @work: looks
 */
struct cb_lingering {
	struct cma_bulk_region *region;
	spinlock_t lock;		/* list */
	struct list_head list;
	unsigned long delay;
	struct delayed_work work;
};

/*
 * Neighbouring pages that go back together: of one unit and one source, and of
 * chunks of one order.
 */
struct run {
	unsigned long pfn;
	unsigned long nr;
	unsigned int order;
	bool from_cma;
};

static bool referenced(unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr;

	for (; pfn < end; pfn++)
		if (page_ref_count(pfn_to_page(pfn)) != 1)
			return true;
	return false;
}

/* Free a run for which cb_free_begin() was answered with yes. */
static void free_now(struct cma_bulk_region *region, const struct run *run)
{
	set_page_private(pfn_to_page(run->pfn), 0);
	if (run->from_cma)
		cb_symbols.release(region->cma, pfn_to_page(run->pfn),
				   run->nr);
	else
		cb_free_contig(run->pfn, run->nr, run->order);
	cb_pages_gone(region, run->pfn, run->nr);
	cb_hint_freed(region, run->pfn, run->nr);
	cb_free_end(region, run->pfn);
	cond_resched();
}

static void run_flush(struct cma_bulk_region *region, struct run *run)
{
	struct page *page = pfn_to_page(run->pfn);

	if (!run->nr)
		return;
	cb_owners_clear(region, run->pfn, run->nr);
	/* For cb_release_deferred(), should a call be at work in the unit. */
	set_page_private(page, run->nr);
	if (cb_free_begin(region, page))
		free_now(region, run);
	run->nr = 0;
}

static void run_add(struct cma_bulk_region *region, struct run *run,
		    unsigned long pfn, unsigned long nr, bool from_cma)
{
	unsigned long part;

	for (; nr; pfn += part, nr -= part) {
		if (run->nr && (run->pfn + run->nr != pfn ||
				run->from_cma != from_cma ||
				run->nr >= CB_PIECE_PAGES ||
				pfn % CB_UNIT_PAGES == 0))
			run_flush(region, run);
		if (!run->nr) {
			run->pfn = pfn;
			run->from_cma = from_cma;
		}
		part = min3(nr, CB_PIECE_PAGES - run->nr,
			    CB_UNIT_PAGES - pfn % CB_UNIT_PAGES);
		run->nr += part;
	}
}

/**
 * cb_release_deferred() - free what was given back during a call
 *
 * Context: any that may be scheduled away; after cb_call_end().
 */
void cb_release_deferred(void)
{
	struct cma_bulk_region *region, *before = NULL;
	struct page *page;

	while ((page = cb_free_deferred(&region))) {
		/* The order of its chunks is not kept. */
		struct run run = {
			.pfn = page_to_pfn(page),
			.nr = page_private(page),
			.order = 0,
			.from_cma = cb_page_from_cma(region, page_to_pfn(page)),
		};

		if (before && before != region)
			cb_units_changed(before);
		before = region;
		free_now(region, &run);
	}
	if (before)
		cb_units_changed(before);
}

/* ---- pages that are still referenced ------------------------------------ */

static void linger(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr)
{
	struct cb_lingering *l = region->lingering;
	struct page *page = pfn_to_page(pfn);

	cb_pages_move(region, pfn, nr, CB_PAGE_GOING_BACK, CB_PAGE_LINGERING,
		      NULL);
	set_page_private(page, nr);
	spin_lock(&l->lock);
	list_add_tail(&page->lru, &l->list);
	l->delay = CB_LINGER_FIRST;
	spin_unlock(&l->lock);
	mod_delayed_work(system_wq, &l->work, CB_LINGER_FIRST);
}

/* A chunk of which some page is still referenced. */
static u64 linger_chunk(struct cma_bulk_region *region, struct run *run,
			unsigned long pfn, unsigned long nr, bool from_cma)
{
	unsigned long end = pfn + nr;
	u64 lingering = 0;

	/* cma_release() takes back what cma_alloc() gave, and no part of it. */
	if (from_cma) {
		linger(region, pfn, nr);
		return nr;
	}
	for (; pfn < end; pfn++) {
		if (referenced(pfn, 1)) {
			linger(region, pfn, 1);
			lingering++;
		} else {
			run_add(region, run, pfn, 1, false);
		}
	}
	return lingering;
}

/* Free the pages of @list whose other references are gone. */
static void linger_look(struct cma_bulk_region *region, struct list_head *list)
{
	/* Neighbours may be of different chunks. */
	struct run run = { .order = 0 };
	struct page *page, *next;
	unsigned long pfn, nr;
	bool from_cma;

	list_for_each_entry_safe(page, next, list, lru) {
		pfn = page_to_pfn(page);
		nr = page_private(page);
		cond_resched();
		if (referenced(pfn, nr))
			continue;
		list_del(&page->lru);
		set_page_private(page, 0);
		cb_pages_move(region, pfn, nr, CB_PAGE_LINGERING,
			      CB_PAGE_GOING_BACK, &from_cma);
		run_add(region, &run, pfn, nr, from_cma);
	}
	run_flush(region, &run);
	cb_units_changed(region);
}

static void linger_work(struct work_struct *work)
{
	struct cb_lingering *l =
		container_of(work, struct cb_lingering, work.work);
	unsigned long delay;
	LIST_HEAD(list);
	bool more;

	spin_lock(&l->lock);
	list_splice_init(&l->list, &list);
	spin_unlock(&l->lock);

	linger_look(l->region, &list);

	spin_lock(&l->lock);
	list_splice(&list, &l->list);
	more = !list_empty(&l->list);
	delay = l->delay;
	l->delay = min(2 * delay, CB_LINGER_LAST);
	spin_unlock(&l->lock);
	if (more)
		queue_delayed_work(system_wq, &l->work, delay);
}

/**
 * cb_release_init() - at load: nothing lingers
 * @region: the region
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_release_exit().
 */
int cb_release_init(struct cma_bulk_region *region)
{
	struct cb_lingering *l = kzalloc(sizeof(*l), GFP_KERNEL);

	region->lingering = l;
	if (!l)
		return -ENOMEM;
	l->region = region;
	spin_lock_init(&l->lock);
	INIT_LIST_HEAD(&l->list);
	l->delay = CB_LINGER_FIRST;
	INIT_DELAYED_WORK(&l->work, linger_work);
	return 0;
}

/* Drop our references; whoever has the last one frees the page. */
static void drop(unsigned long pfn, unsigned long nr)
{
	while (nr--)
		put_page(pfn_to_page(pfn++));
}

/**
 * cb_release_exit() - at unload: leave what lingers to its last reference
 * @region: the region, of which nothing is given back any more
 *
 * Context: may sleep.
 */
void cb_release_exit(struct cma_bulk_region *region)
{
	struct cb_lingering *l = region->lingering;
	struct page *page, *next;
	unsigned long pfn, nr, left = 0;

	if (!l)
		return;
	/* It may have queued itself once more. */
	cancel_delayed_work_sync(&l->work);
	linger_look(region, &l->list);
	list_for_each_entry_safe(page, next, &l->list, lru) {
		pfn = page_to_pfn(page);
		nr = page_private(page);
		set_page_private(page, 0);
		drop(pfn, nr);
		left += nr;
	}
	if (left)
		pr_notice("%s: %lu pages are still referenced; each is freed when its last user drops it\n",
			  region->name, left);
	kfree(l);
	region->lingering = NULL;
}

/**
 * cb_release() - give chunks back to the kernel
 * @region: where they came from
 * @order: a chunk is 2^order pages
 * @pages: first page of each chunk
 * @nr: number of chunks
 * @from: the state that they are in: held, or in flight if their request gives
 *	them back itself
 *
 * A chunk that is not in that state, for example because it was given back
 * before, is left alone and counted.
 *
 * Context: process context; may be scheduled away, but waits for nobody. Also in
 * reclaim.
 *
 * Return: number of chunks given back.
 */
size_t cb_release(struct cma_bulk_region *region, unsigned int order,
		  struct page **pages, size_t nr, enum cb_page_state from)
{
	unsigned long size = 1UL << order, pfn;
	u64 lingering = 0;
	struct run run = { .order = order };
	size_t i, bad = 0;
	bool from_cma;

	for (i = 0; i < nr; i++) {
		pfn = page_to_pfn(pages[i]);
		if (!cb_pages_move(region, pfn, size, from, CB_PAGE_GOING_BACK,
				   &from_cma))
			bad++;
		else if (referenced(pfn, size))
			lingering += linger_chunk(region, &run, pfn, size,
						  from_cma);
		else
			run_add(region, &run, pfn, size, from_cma);
		cond_resched();
	}
	run_flush(region, &run);
	cb_units_changed(region);

	if (bad)
		pr_err_ratelimited("%s: %zu chunks given back that were not held\n",
				   region->name, bad);
	cb_stats_freed(region, from == CB_PAGE_HELD ? nr - bad : 0, bad,
		       lingering);
	return nr - bad;
}
