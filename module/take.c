// SPDX-License-Identifier: GPL-2.0-only
/* The calls that take pages out of the kernel, and the books about them. */
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

/* Whoever excludes calls may free pages: so the semaphore comes first. */
static int contig_call(struct cma_bulk_region *region, unsigned long pfn,
		       unsigned long nr)
{
	int ret;

	down_read(&contig_sem);
	cb_edges_enter(region, pfn, nr);
	ret = cb_alloc_contig(pfn, nr);
	cb_edges_leave(region, pfn, nr);
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
	int ret = contig_call(ctx->region, pfn, nr);

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
		    PageBuddy(pfn_to_page(pfn)) &&
		    !contig_call(region, pfn, 1)) {
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
