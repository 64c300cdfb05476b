// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of chunks is linked through the pages themselves, which are ours: to
 * take and to give back allocates nothing.
 *
 * What is in the pool may be what a request lacks, or lie where its chunks could.
 * So no request ends with -ENOMEM or -EBUSY before the pool has given back all
 * that it has, and nothing is put into the pool while a request is at work: gate.c.
 */
#include <linux/freezer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "clear.h"
#include "compat/auto_init.h"
#include "core/slots.h"
#include "gate.h"
#include "pages.h"
#include "pool.h"
#include "region.h"
#include "release.h"

/* Chunks that are moved under the lock at a time. */
#define CB_POOL_STEP	32

/* The order of chunks at first, if the region can hold such chunks. */
#define CB_POOL_FIRST_ORDER	4

/**
 * struct cb_pool - the pool of a region
 * @lock: protects all but @low; innermost
 * @chunks: first pages, all in state CB_PAGE_POOLED
 * @nr: their number
 * @target: how many there should be
 * @order: of the chunks
 * @clear: what is put into it shall be clear
 * @low: woken when chunks may be missing
 */
struct cb_pool {
	spinlock_t lock;		/* all that follows */
	struct list_head chunks;
	size_t nr;
	size_t target;
	unsigned int order;
	bool clear;
	wait_queue_head_t low;
};

/*
 * That a chunk is clear is noted in its first page, for as long as it is in the
 * pool.
 */
static void mark_clear(struct page *page, bool clear)
{
	set_page_private(page, clear);
}

/**
 * cb_pool_init() - at load: an empty pool that shall stay empty
 * @region: the region
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_pool_exit().
 */
int cb_pool_init(struct cma_bulk_region *region)
{
	struct cb_pool *p = kzalloc(sizeof(*p), GFP_KERNEL);
	struct cb_geometry geo;

	region->pool = p;
	if (!p)
		return -ENOMEM;
	spin_lock_init(&p->lock);
	INIT_LIST_HEAD(&p->chunks);
	init_waitqueue_head(&p->low);
	if (!cb_geometry_init(&geo, region->base_pfn, region->nr_pages,
			      pageblock_nr_pages, CB_POOL_FIRST_ORDER, 0))
		p->order = CB_POOL_FIRST_ORDER;
	return 0;
}

/**
 * cb_pool_exit() - at unload: give back what is in the pool
 * @region: the region, in which no request is at work
 *
 * Context: may sleep.
 */
void cb_pool_exit(struct cma_bulk_region *region)
{
	if (!region->pool)
		return;
	cb_pool_give_back(region, SIZE_MAX);
	kfree(region->pool);
	region->pool = NULL;
}

static size_t missing(const struct cb_pool *p)
{
	size_t target = READ_ONCE(p->target), nr = READ_ONCE(p->nr);

	return target > nr ? target - nr : 0;
}

/**
 * cb_pool_order() - the order of the chunks of a pool
 * @region: the region
 *
 * Context: any.
 *
 * Return: the order.
 */
unsigned int cb_pool_order(const struct cma_bulk_region *region)
{
	return READ_ONCE(region->pool->order);
}

/**
 * cb_pool_target() - how many chunks a pool shall have
 * @region: the region
 *
 * Context: any.
 *
 * Return: their number.
 */
size_t cb_pool_target(const struct cma_bulk_region *region)
{
	return READ_ONCE(region->pool->target);
}

/**
 * cb_pool_chunks() - how many chunks a pool has
 * @region: the region
 *
 * Context: any; the answer is a hint.
 *
 * Return: their number.
 */
size_t cb_pool_chunks(const struct cma_bulk_region *region)
{
	return READ_ONCE(region->pool->nr);
}

/**
 * cb_pool_is_for() - is a pool meant for requests of an order?
 * @region: the region
 * @order: the order
 *
 * Context: any; the answer is a hint.
 *
 * Return: true if it is, even if it is empty now.
 */
bool cb_pool_is_for(const struct cma_bulk_region *region, unsigned int order)
{
	return cb_pool_target(region) && cb_pool_order(region) == order;
}

/**
 * cb_pool_missing() - how many chunks a pool lacks
 * @region: the region
 *
 * Context: any; the answer is a hint.
 *
 * Return: their number.
 */
size_t cb_pool_missing(const struct cma_bulk_region *region)
{
	return missing(region->pool);
}

static void wake_refill(struct cb_pool *p)
{
	if (wq_has_sleeper(&p->low))
		wake_up(&p->low);
}

/*
 * Take up to @nr chunks whose first pfn has none of the bits of @mask. *@looks is
 * how many may still be looked at; what does not fit goes to the end of the list.
 * *@clear counts those that are clear.
 */
static size_t pop(struct cb_pool *p, unsigned int order, unsigned long mask,
		  struct page **pages, size_t nr, size_t *looks, u64 *clear)
{
	LIST_HEAD(taken);
	struct page *page;
	size_t got = 0;

	spin_lock(&p->lock);
	*looks = p->order == order ? min(*looks, p->nr) : 0;
	nr = min3(nr, *looks, (size_t)CB_POOL_STEP);
	list_for_each_entry(page, &p->chunks, lru) {
		if (got == nr || page_to_pfn(page) & mask)
			break;
		*clear += page_private(page);
		mark_clear(page, false);
		pages[got++] = page;
	}
	/* All at once: the links of chunks that are not in the list say nothing. */
	if (got)
		list_cut_position(&taken, &p->chunks, &pages[got - 1]->lru);
	else if (nr)
		list_rotate_left(&p->chunks);
	WRITE_ONCE(p->nr, p->nr - got);
	*looks -= nr ? max_t(size_t, got, 1) : 0;
	spin_unlock(&p->lock);
	return got;
}

/**
 * cb_pool_take() - take chunks out of a pool, for a request
 * @region: the region
 * @order: a chunk is 2^order pages
 * @align: aligned to 2^align pages, if that is more
 * @pages: room for @nr chunks; set to the first page of each
 * @nr: how many are wanted
 * @clear: counts those that are clear
 *
 * Context: may be scheduled away, but waits for nobody.
 *
 * Return: how many there were; they are in flight now.
 */
size_t cb_pool_take(struct cma_bulk_region *region, unsigned int order,
		    unsigned int align, struct page **pages, size_t nr,
		    u64 *clear)
{
	unsigned long mask = align > order ? (1UL << align) - 1 : 0;
	size_t looks = cb_pool_chunks(region), got = 0;

	while (got < nr && looks) {
		got += pop(region->pool, order, mask, pages + got, nr - got,
			   &looks, clear);
		cond_resched();
	}
	if (!got)
		return 0;
	cb_pages_move_chunks(region, order, pages, got, CB_PAGE_POOLED,
			     CB_PAGE_IN_FLIGHT);
	wake_refill(region->pool);
	return got;
}

static size_t push(struct cb_pool *p, unsigned int order, struct page **pages,
		   size_t nr, bool clear)
{
	size_t n = 0;

	spin_lock(&p->lock);
	if (p->order == order)
		n = min3(nr, missing(p), (size_t)CB_POOL_STEP);
	WRITE_ONCE(p->nr, p->nr + n);
	for (nr = 0; nr < n; nr++) {
		mark_clear(pages[nr], clear);
		list_add_tail(&pages[nr]->lru, &p->chunks);
	}
	spin_unlock(&p->lock);
	return n;
}

/**
 * cb_pool_put() - put chunks into a pool
 * @region: the region
 * @order: a chunk is 2^order pages
 * @pages: first page of each chunk; they are in state CB_PAGE_POOLED
 * @nr: number of chunks; what is more than the pool shall have, or of another
 *	order, goes back to the kernel
 *
 * Context: after cb_gate_fill_begin(); may be scheduled away.
 */
void cb_pool_put(struct cma_bulk_region *region, unsigned int order,
		 struct page **pages, size_t nr)
{
	bool clear = cb_ranges_come_clear();
	size_t done = 0, n;

	if (!clear && READ_ONCE(region->pool->clear)) {
		cb_clear_chunks(pages, nr, order);
		clear = true;
	}
	do {
		n = push(region->pool, order, pages + done, nr - done, clear);
		done += n;
		cond_resched();
	} while (n);
	if (done < nr)
		cb_release(region, order, pages + done, nr - done,
			   CB_PAGE_POOLED);
}

/**
 * cb_pool_give_back() - give chunks of a pool back to the kernel
 * @region: the region
 * @nr: how many at most
 *
 * Context: process context; may be scheduled away, but waits for nobody and
 * allocates nothing. Also in reclaim.
 *
 * Return: how many pages went back.
 */
u64 cb_pool_give_back(struct cma_bulk_region *region, size_t nr)
{
	struct cb_pool *p = region->pool;
	struct page *pages[CB_POOL_STEP];
	size_t n, looks, done = 0;
	u64 freed = 0, clear = 0;
	unsigned int order;

	/* Looked at without the lock, as most requests have no pool beside them. */
	if (!nr || !cb_pool_chunks(region))
		return 0;
	cb_gate_move_begin(region);
	do {
		order = cb_pool_order(region);
		looks = SIZE_MAX;
		n = pop(p, order, 0, pages, min_t(size_t, nr - done, CB_POOL_STEP),
			&looks, &clear);
		cb_release(region, order, pages, n, CB_PAGE_POOLED);
		done += n;
		freed += (u64)n << order;
	} while (n);
	cb_gate_move_end(region);
	wake_refill(p);
	return freed;
}

/**
 * cb_pool_set() - say what shall be in a pool
 * @region: the region
 * @order: a chunk is 2^order pages
 * @target: number of chunks
 *
 * What is in the pool and shall not be goes back. What is missing is up to the
 * refill.
 *
 * Context: may be scheduled away; one caller at a time.
 */
void cb_pool_set(struct cma_bulk_region *region, unsigned int order,
		 size_t target)
{
	struct cb_pool *p = region->pool;
	size_t surplus;

	spin_lock(&p->lock);
	/* With a target of 0 none is put in. */
	WRITE_ONCE(p->target, order == p->order ? target : 0);
	surplus = p->nr > p->target ? p->nr - p->target : 0;
	spin_unlock(&p->lock);
	cb_pool_give_back(region, surplus);

	spin_lock(&p->lock);
	if (p->order != order)
		WRITE_ONCE(p->clear, false);
	WRITE_ONCE(p->order, order);
	WRITE_ONCE(p->target, target);
	spin_unlock(&p->lock);
	wake_refill(p);
}

/**
 * cb_pool_clear_ahead() - chunks of an order will have to be clear
 * @region: the region
 * @order: the order
 *
 * If that is the order of the pool, what is put into it from now on is cleared before,
 * so that a buffer need not wait for it.
 *
 * Context: any but interrupts.
 */
void cb_pool_clear_ahead(struct cma_bulk_region *region, unsigned int order)
{
	struct cb_pool *p = region->pool;

	spin_lock(&p->lock);
	if (p->order == order)
		WRITE_ONCE(p->clear, true);
	spin_unlock(&p->lock);
}

/**
 * cb_pool_wait_low() - wait until chunks are missing in a pool
 * @region: the region
 * @ms: how long at most, in milliseconds, while there are chunks in it
 *
 * Context: the kernel thread that fills it; sleeps, and may be frozen.
 *
 * Return: true if chunks are missing, or the thread shall stop.
 */
bool cb_pool_wait_low(struct cma_bulk_region *region, unsigned int ms)
{
	struct cb_pool *p = region->pool;

	return wait_event_freezable_timeout(p->low, kthread_should_stop() ||
			missing(p), msecs_to_jiffies(ms)) > 0;
}
