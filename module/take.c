// SPDX-License-Identifier: GPL-2.0-only
/*
 * Claims, and the calls that take pages out of the kernel.
 *
 * The kernel isolates whole units of pages (CB_UNIT_PAGES) while it empties a
 * range; a second call that touches an isolated unit fails with -EBUSY. So a
 * request claims the units of what it plans to take, and requests that run at
 * the same time plan around each other's claims.
 */
#include <linux/bitmap.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/rwsem.h>

#include <cma_bulk/cma_bulk.h>

#include "compat/contig.h"
#include "compat/symbols.h"
#include "internal.h"

#include <trace/events/cma_bulk.h>

/* Our calls keep apart by their claims; others exclude all of them. */
static DECLARE_RWSEM(contig_sem);

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

/**
 * cb_range_held() - is any page of a range handed out?
 * @region: the region
 * @pfn: first page of the range
 * @nr: its length in pages
 *
 * Return: true if one is; stable only for what the caller has claimed.
 */
bool cb_range_held(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr)
{
	unsigned long pos = pfn - region->base_pfn;

	return find_next_bit(region->held, pos + nr, pos) < pos + nr;
}

static int contig_call(unsigned long pfn, unsigned long nr)
{
	int ret;

	down_read(&contig_sem);
	ret = cb_alloc_contig(pfn, nr);
	up_read(&contig_sem);
	return ret;
}

/**
 * cma_bulk_exclude_begin() - keep requests from taking pages for a while
 *
 * Context: sleeps until the calls that are under way have ended. The caller
 * holds this module, by a region or a symbol, until cma_bulk_exclude_end().
 */
void cma_bulk_exclude_begin(void)
{
	down_write(&contig_sem);
}
EXPORT_SYMBOL_GPL(cma_bulk_exclude_begin);

/**
 * cma_bulk_exclude_try() - as cma_bulk_exclude_begin(), if nothing is under way
 *
 * Context: does not wait for calls.
 *
 * Return: true if requests are kept from taking pages now.
 */
bool cma_bulk_exclude_try(void)
{
	return down_write_trylock(&contig_sem);
}
EXPORT_SYMBOL_GPL(cma_bulk_exclude_try);

/**
 * cma_bulk_exclude_end() - let requests take pages again
 *
 * Context: the task that called cma_bulk_exclude_begin().
 */
void cma_bulk_exclude_end(void)
{
	up_write(&contig_sem);
}
EXPORT_SYMBOL_GPL(cma_bulk_exclude_end);

/**
 * cb_take() - take a range of pages out of the kernel
 * @ctx: the request, which has claimed the range
 * @pfn: first page
 * @nr: number of pages
 *
 * Context: sleeps.
 *
 * Return: 0 with each page at reference count 1 and not yet held by anybody,
 * -EBUSY, -ENOMEM (no memory to migrate to) or -EINTR (fatal signal).
 */
int cb_take(struct cb_ctx *ctx, unsigned long pfn, unsigned long nr)
{
	int ret = contig_call(pfn, nr);

	spin_lock(&ctx->lock);
	ctx->res.contig_calls++;
	ctx->res.contig_busy += ret == -EBUSY;
	spin_unlock(&ctx->lock);
	if (ret)
		trace_range_busy(pfn, nr, ret);
	return ret;
}

/**
 * cb_take_from_cma() - take pages by the kernel's cma_alloc()
 * @ctx: the request, which has claimed the region
 * @nr: number of pages
 * @align: aligned to 2^align pages
 *
 * Context: sleeps.
 *
 * Return: the first page, or NULL.
 */
struct page *cb_take_from_cma(struct cb_ctx *ctx, unsigned long nr,
			      unsigned int align)
{
	struct page *page;

	down_read(&contig_sem);
	page = cb_symbols.alloc(ctx->region->cma, nr, align, true);
	up_read(&contig_sem);
	return page;
}

/**
 * cb_took() - account for a range that was taken
 * @ctx: the request
 * @pfn: first page
 * @nr: number of pages
 * @in_use: how many of them were in use before
 * @from_cma: they came from cma_alloc()
 *
 * Context: any. The caller has claimed the range, and holds the request's lock
 * if other threads work on it.
 */
void cb_took(struct cb_ctx *ctx, unsigned long pfn, unsigned long nr,
	     unsigned long in_use, bool from_cma)
{
	struct cma_bulk_region *region = ctx->region;
	unsigned long pos = pfn - region->base_pfn;
	unsigned long block = pos / pageblock_nr_pages;
	unsigned long last = (pos + nr - 1) / pageblock_nr_pages;

	trace_range_taken(pfn, nr, in_use);
	ctx->res.pages_migrated += in_use;
	ctx->res.pages_free += nr - in_use;
	bitmap_set(ctx->taken_blocks, block, last - block + 1);

	spin_lock(&region->bits_lock);
	bitmap_set(region->held, pos, nr);
	/* Free already, but cb_release() has not come to say so: ours again. */
	bitmap_clear(region->freeing, pos, nr);
	if (from_cma)
		bitmap_set(region->from_cma, pos, nr);
	else
		bitmap_clear(region->from_cma, pos, nr);
	spin_unlock(&region->bits_lock);
}

/**
 * cb_keep() - add a chunk that was taken to what the request has got
 * @ctx: the request, which wants at least one more
 * @pfn: first page of the chunk
 *
 * Context: as cb_took().
 */
void cb_keep(struct cb_ctx *ctx, unsigned long pfn)
{
	unsigned long pos = pfn - ctx->region->base_pfn;
	struct page *page = pfn_to_page(pfn);
	unsigned long i;

	/* As cma_alloc() does: pageblocks may differ in their KASAN tags. */
	if (IS_ENABLED(CONFIG_KASAN))
		for (i = 0; i < ctx->geo.size; i++)
			page_kasan_tag_reset(page + i);
	if (test_bit(pos / pageblock_nr_pages, ctx->busy_blocks))
		ctx->res.chunks_salvaged++;
	ctx->pages[ctx->got++] = page;
}

/* Taking any free page makes the kernel drain the batches of every CPU. */
static void drain_by_taking(struct cma_bulk_region *region)
{
	unsigned long pfn = region->base_pfn;
	unsigned long end = pfn + region->nr_pages;

	mutex_lock(&region->plan_lock);
	for (; pfn < end; pfn += CB_UNIT_PAGES)
		if (!test_bit(cb_unit(region, pfn), region->claimed) &&
		    PageBuddy(pfn_to_page(pfn)) && !contig_call(pfn, 1)) {
			free_contig_range(pfn, 1);
			break;
		}
	mutex_unlock(&region->plan_lock);
}

/**
 * cb_drain() - take pages out of the LRU batches of every CPU
 * @region: a region that may be used for it
 *
 * A page in such a batch has one reference more than the scan can explain.
 * lru_add_drain_all() is not exported. Where it cannot be found, the drain in
 * alloc_contig_range() serves.
 *
 * Context: sleeps, without locks.
 */
void cb_drain(struct cma_bulk_region *region)
{
	if (cb_symbols.drain)
		cb_symbols.drain();
	else
		drain_by_taking(region);
}

/**
 * cb_drain_name() - by which function cb_drain() drains
 *
 * Return: a constant string.
 */
const char *cb_drain_name(void)
{
	return cb_symbols.drain ? "lru_add_drain_all" : "alloc_contig_range";
}
