// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages on their way back to the kernel.
 *
 * A page that somebody else still references is not put back under his feet.
 * It lingers here, as ours, until that reference is gone.
 */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "compat/symbols.h"
#include "internal.h"

#define CB_LINGER_DELAY	msecs_to_jiffies(100)

/* The most that goes back in one call, which does not let others run. */
#define CB_RUN_PAGES	(SZ_4M >> PAGE_SHIFT)

/* Pages that wait for a reference to go: one, or a chunk of cma_alloc(). */
struct cb_linger {
	struct list_head list;
	unsigned long pfn;
	unsigned long nr;
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

static void give_back(struct cma_bulk_region *region, unsigned long pfn,
		      unsigned long nr, bool from_cma)
{
	cb_edges_enter(region, pfn, nr);
	if (from_cma)
		cb_symbols.release(region->cma, pfn_to_page(pfn), nr);
	else
		free_contig_range(pfn, nr);
	cb_edges_leave(region, pfn, nr);
}

/* Drop our references; whoever has the last one frees the page. */
static void drop(unsigned long pfn, unsigned long nr)
{
	while (nr--)
		put_page(pfn_to_page(pfn++));
}

/*
 * Take pages out of the ledger that have been freed, or that are left to those
 * who still reference them. Only now, lest a request plans to take pages that
 * are not free yet, and is refused. The cma_alloc() engines do not plan: they
 * may have taken some of them again, which is what cb_took() says.
 */
static void forget(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr)
{
	unsigned long pos = pfn - region->base_pfn, end = pos + nr, stop;

	spin_lock(&region->bits_lock);
	for (pos = find_next_bit(region->freeing, end, pos); pos < end;
	     pos = find_next_bit(region->freeing, end, stop)) {
		stop = find_next_zero_bit(region->freeing, end, pos);
		bitmap_clear(region->held, pos, stop - pos);
		bitmap_clear(region->freeing, pos, stop - pos);
	}
	spin_unlock(&region->bits_lock);
}

static void linger(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr, bool from_cma)
{
	/* A free cannot fail, and without this the pages would be lost. */
	struct cb_linger *l = kmalloc(sizeof(*l), GFP_KERNEL | __GFP_NOFAIL);

	forget(region, pfn, nr);
	spin_lock(&region->stats_lock);
	region->stats.still_referenced += nr;
	spin_unlock(&region->stats_lock);
	l->pfn = pfn;
	l->nr = nr;
	l->from_cma = from_cma;
	spin_lock(&region->linger_lock);
	list_add_tail(&l->list, &region->lingering);
	spin_unlock(&region->linger_lock);
	schedule_delayed_work(&region->linger_work, CB_LINGER_DELAY);
}

/**
 * cb_linger_work() - free the pages whose other references are gone
 * @work: the region's linger_work
 *
 * Context: workqueue.
 */
void cb_linger_work(struct work_struct *work)
{
	struct cma_bulk_region *region =
		container_of(work, struct cma_bulk_region, linger_work.work);
	struct cb_linger *l, *next;
	LIST_HEAD(done);
	bool more;

	spin_lock(&region->linger_lock);
	list_for_each_entry_safe(l, next, &region->lingering, list)
		if (!referenced(l->pfn, l->nr))
			list_move_tail(&l->list, &done);
	more = !list_empty(&region->lingering);
	spin_unlock(&region->linger_lock);

	list_for_each_entry_safe(l, next, &done, list) {
		give_back(region, l->pfn, l->nr, l->from_cma);
		kfree(l);
	}
	if (more)
		schedule_delayed_work(&region->linger_work, CB_LINGER_DELAY);
}

/**
 * cb_linger_stop() - at unload: leave what lingers to its last reference
 * @region: the region, of which nothing is released any more
 *
 * Context: may sleep.
 */
void cb_linger_stop(struct cma_bulk_region *region)
{
	struct cb_linger *l, *next;

	/* It may have queued itself once more. */
	cancel_delayed_work_sync(&region->linger_work);
	list_for_each_entry_safe(l, next, &region->lingering, list) {
		if (l->from_cma && !referenced(l->pfn, l->nr))
			give_back(region, l->pfn, l->nr, true);
		else
			drop(l->pfn, l->nr);
		kfree(l);
	}
}

/*
 * Mark a chunk as being freed. Fails for a chunk that we do not hold, or that
 * another free is at work on. Frees work in pieces of one source.
 */
static bool disown(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr, bool *from_cma)
{
	unsigned long pos = pfn - region->base_pfn, end = pos + nr;
	bool ok = pfn >= region->base_pfn && pos < region->nr_pages &&
		  nr <= region->nr_pages - pos;

	if (!ok)
		return false;
	spin_lock(&region->bits_lock);
	ok = find_next_zero_bit(region->held, end, pos) >= end &&
	     find_next_bit(region->freeing, end, pos) >= end;
	if (ok) {
		*from_cma = test_bit(pos, region->from_cma);
		bitmap_set(region->freeing, pos, nr);
	}
	spin_unlock(&region->bits_lock);
	return ok;
}

/* Chunks that follow each other and come from the same source. */
struct run {
	unsigned long pfn;
	unsigned long nr;
	bool from_cma;
};

static void run_flush(struct cma_bulk_region *region, struct run *run)
{
	if (!run->nr)
		return;
	give_back(region, run->pfn, run->nr, run->from_cma);
	forget(region, run->pfn, run->nr);
	run->nr = 0;
}

static void run_add(struct cma_bulk_region *region, struct run *run,
		    unsigned long pfn, unsigned long nr, bool from_cma)
{
	if (run->nr && (run->pfn + run->nr != pfn ||
			run->from_cma != from_cma || run->nr >= CB_RUN_PAGES))
		run_flush(region, run);
	if (!run->nr) {
		run->pfn = pfn;
		run->from_cma = from_cma;
	}
	run->nr += nr;
}

/* A chunk of which some page is still referenced. */
static void linger_chunk(struct cma_bulk_region *region, struct run *run,
			 unsigned long pfn, unsigned long nr, bool from_cma)
{
	unsigned long end = pfn + nr;

	if (from_cma) {
		linger(region, pfn, nr, true);
		return;
	}
	for (; pfn < end; pfn++) {
		if (referenced(pfn, 1))
			linger(region, pfn, 1, false);
		else
			run_add(region, run, pfn, 1, false);
	}
}

/**
 * cb_release() - give chunks back to the kernel
 * @region: where they came from
 * @order: a chunk is 2^order pages
 * @pages: first page of each chunk
 * @nr: number of chunks
 *
 * A chunk that is not held, for example because it was given back before, is
 * left alone and counted.
 *
 * Context: may sleep.
 *
 * Return: number of chunks given back.
 */
size_t cb_release(struct cma_bulk_region *region, unsigned int order,
		  struct page **pages, size_t nr)
{
	unsigned long size = 1UL << order, pfn;
	struct run run = { 0 };
	size_t i, bad = 0;
	bool from_cma;

	for (i = 0; i < nr; i++) {
		pfn = page_to_pfn(pages[i]);
		if (!disown(region, pfn, size, &from_cma)) {
			bad++;
			continue;
		}
		if (referenced(pfn, size))
			linger_chunk(region, &run, pfn, size, from_cma);
		else
			run_add(region, &run, pfn, size, from_cma);
		cond_resched();
	}
	run_flush(region, &run);

	if (bad)
		pr_err_ratelimited("%s: %zu chunks given back that were not held\n",
				   region->name, bad);
	spin_lock(&region->stats_lock);
	region->stats.chunks_freed += nr - bad;
	region->stats.bad_frees += bad;
	spin_unlock(&region->stats_lock);
	return nr - bad;
}
