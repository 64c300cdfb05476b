// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is at work where.
 *
 * The kernel isolates whole units of pages (CB_UNIT_PAGES) while it empties a
 * range; a second call that touches an isolated unit fails with -EBUSY. So a
 * request claims the units of what it plans to take, and requests that run at
 * the same time plan around each other's claims.
 *
 * A free meets a call only where both have a part of the same unit: see
 * cb_edges_enter().
 */
#include <linux/bitmap.h>
#include <linux/mm.h>

#include "compat/contig.h"
#include "internal.h"

/**
 * cb_unit() - number of the unit that a page lies in
 * @region: its region
 * @pfn: the page
 *
 * Return: index into @region->claimed.
 */
unsigned long cb_unit(const struct cma_bulk_region *region, unsigned long pfn)
{
	return pfn / CB_UNIT_PAGES - region->base_pfn / CB_UNIT_PAGES;
}

/**
 * cb_nr_units() - how many units a region touches
 * @region: the region
 *
 * Return: number of bits in @region->claimed.
 */
unsigned long cb_nr_units(const struct cma_bulk_region *region)
{
	return cb_unit(region, region->base_pfn + region->nr_pages - 1) + 1;
}

/**
 * cb_claim() - claim the units around a range
 * @ctx: the request
 * @pfn: first page of the range
 * @nr: its length in pages
 *
 * Context: any; the caller holds the plan lock, and saw none of them claimed
 * by others since it took it.
 */
void cb_claim(struct cb_ctx *ctx, unsigned long pfn, unsigned long nr)
{
	struct cma_bulk_region *region = ctx->region;
	unsigned long first = cb_unit(region, pfn);
	unsigned long units = cb_unit(region, pfn + nr - 1) - first + 1;

	bitmap_set(ctx->claims, first, units);
	spin_lock(&region->bits_lock);
	bitmap_set(region->claimed, first, units);
	spin_unlock(&region->bits_lock);
}

/**
 * cb_unclaim() - give back all that a request has claimed
 * @ctx: the request
 *
 * Context: any.
 */
void cb_unclaim(struct cb_ctx *ctx)
{
	struct cma_bulk_region *region = ctx->region;

	spin_lock(&region->bits_lock);
	bitmap_andnot(region->claimed, region->claimed, ctx->claims,
		      cb_nr_units(region));
	region->claim_seq++;
	spin_unlock(&region->bits_lock);
	bitmap_zero(ctx->claims, cb_nr_units(region));
	wake_up_all(&region->claim_wait);
}

/**
 * cb_claim_seq() - count of claims given back so far
 * @region: the region
 *
 * Return: the count, to be read before a scan and handed to cb_claim_wait().
 */
unsigned int cb_claim_seq(struct cma_bulk_region *region)
{
	return READ_ONCE(region->claim_seq);
}

/**
 * cb_claim_wait() - wait until some request gives a claim back
 * @ctx: the request that waits
 * @seq: cb_claim_seq() before the scan that met the claim
 *
 * Context: sleeps, without locks.
 *
 * Return: 0, -EINTR for a fatal signal, -ETIMEDOUT at the request's deadline.
 */
int cb_claim_wait(struct cb_ctx *ctx, unsigned int seq)
{
	struct cma_bulk_region *region = ctx->region;
	ktime_t start = ktime_get();
	long ret = MAX_SCHEDULE_TIMEOUT;
	s64 left_ms;

	if (ctx->deadline != KTIME_MAX) {
		left_ms = ktime_ms_delta(ctx->deadline, start);
		ret = msecs_to_jiffies(max_t(s64, left_ms, 0)) + 1;
	}
	ret = wait_event_killable_timeout(region->claim_wait,
					  cb_claim_seq(region) != seq, ret);
	ctx->res.wait_us += ktime_us_delta(ktime_get(), start);
	if (ret < 0)
		return -EINTR;
	/* The condition may have been true at once, time and again. */
	return ret ? cb_interrupted(ctx) : -ETIMEDOUT;
}

/**
 * cb_claim_all() - claim a whole region, when nobody else has a claim
 * @ctx: the request
 *
 * Context: sleeps, without locks.
 *
 * Return: 0, -EINTR for a fatal signal, -ETIMEDOUT at the request's deadline,
 * -EBUSY if a fast request would have to wait.
 */
int cb_claim_all(struct cb_ctx *ctx)
{
	struct cma_bulk_region *region = ctx->region;
	unsigned int seq;
	bool empty;
	int ret;

	for (;;) {
		ret = mutex_lock_killable(&region->plan_lock);
		if (ret)
			return ret;
		seq = cb_claim_seq(region);
		empty = bitmap_empty(region->claimed, cb_nr_units(region));
		if (empty)
			cb_claim(ctx, region->base_pfn, region->nr_pages);
		mutex_unlock(&region->plan_lock);
		if (empty)
			return 0;
		/* It does not sleep on anyone. */
		if (ctx->res.fast)
			return -EBUSY;
		ret = cb_claim_wait(ctx, seq);
		if (ret)
			return ret;
	}
}

/* The units of which a range has only a part, at most two. */
struct edges {
	unsigned long unit[2];
	unsigned int nr;
};

static struct edges edges_of(const struct cma_bulk_region *region,
			     unsigned long pfn, unsigned long nr)
{
	struct edges e = { .nr = 0 };
	unsigned long end = pfn + nr;

	if (!IS_ALIGNED(pfn, CB_UNIT_PAGES))
		e.unit[e.nr++] = cb_unit(region, pfn);
	if (!IS_ALIGNED(end, CB_UNIT_PAGES) &&
	    (!e.nr || e.unit[0] != cb_unit(region, end - 1)))
		e.unit[e.nr++] = cb_unit(region, end - 1);
	return e;
}

static bool edges_try(struct cma_bulk_region *region, const struct edges *e)
{
	bool free = true;
	unsigned int i;

	spin_lock(&region->bits_lock);
	for (i = 0; i < e->nr; i++)
		free &= !test_bit(e->unit[i], region->edges);
	for (i = 0; free && i < e->nr; i++)
		__set_bit(e->unit[i], region->edges);
	spin_unlock(&region->bits_lock);
	return free;
}

/**
 * cb_edges_enter() - begin to take or to free a range
 * @region: its region
 * @pfn: first page of the range
 * @nr: its length in pages
 *
 * A free page merges with its free neighbour, across the ends of what is freed
 * and into a range that somebody is just taking. alloc_contig_range() looks for
 * the free page that its range begins in, and later takes it; if that has become
 * a part of a larger one meanwhile, the call fails with -EBUSY although nothing
 * is in the way (find_large_buddy() and test_pages_isolated(), seen on 6.12 and
 * 7.2). Pages do not merge beyond a unit, so whoever has only a part of a unit
 * has it to himself for as long as this takes.
 *
 * Context: sleeps, for a call of the kernel or a free in one of these units at
 * the longest. Whoever is inside waits for nobody who wants to enter.
 */
void cb_edges_enter(struct cma_bulk_region *region, unsigned long pfn,
		    unsigned long nr)
{
	struct edges e = edges_of(region, pfn, nr);

	if (e.nr)
		wait_event(region->edge_wait, edges_try(region, &e));
}

/**
 * cb_edges_leave() - end what cb_edges_enter() has begun
 * @region: the region
 * @pfn: first page of the range
 * @nr: its length in pages
 *
 * Context: any.
 */
void cb_edges_leave(struct cma_bulk_region *region, unsigned long pfn,
		    unsigned long nr)
{
	struct edges e = edges_of(region, pfn, nr);
	unsigned int i;

	if (!e.nr)
		return;
	spin_lock(&region->bits_lock);
	for (i = 0; i < e.nr; i++)
		__clear_bit(e.unit[i], region->edges);
	spin_unlock(&region->bits_lock);
	wake_up_all(&region->edge_wait);
}
