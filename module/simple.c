// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engines to compare with: what one could do without a scan.
 *
 *	linear		whole pageblocks in address order, skip on -EBUSY: the
 *			walk of the patch "mm: introduce cma_alloc_bulk API"
 *	single		one alloc_contig_range() for all of it
 *	cma_alloc	one cma_alloc() a chunk
 *	cma_alloc_block	one cma_alloc() a pageblock
 *
 * They make one round, and have the region for themselves meanwhile.
 */
#include <linux/bitmap.h>
#include <linux/mm.h>

#include "compat/symbols.h"
#include "internal.h"
#include "sample.h"

/*
 * Note what is in use before a round. What another user of the area owns is in
 * the kernel's bitmap of it, which cma_alloc() and the patch skip without
 * trying; here it is told by its looks. The rest is for the statistics, so the
 * request's clock stands still.
 */
static void simple_prepare(struct cb_ctx *ctx)
{
	ktime_t start = ktime_get();
	unsigned long base = ctx->region->base_pfn, pos = 0;
	unsigned long end = ctx->region->nr_pages, nr;
	enum cb_reason reason;
	struct cb_sample s;

	bitmap_zero(ctx->in_use, end);
	bitmap_zero(ctx->foreign, end);
	for (; pos < end; pos += nr) {
		nr = min(cb_page_sample(base + pos, &s), end - pos);
		if (cb_classify(&s, 1, &reason) == CB_FREE)
			continue;
		bitmap_set(ctx->in_use, pos, nr);
		if (reason == CB_R_CMA_USER && !test_bit(pos, ctx->region->held))
			bitmap_set(ctx->foreign, pos, nr);
		cond_resched();
	}
	ctx->started = ktime_add(ctx->started, ktime_sub(ktime_get(), start));
}

/*
 * The first page of a range that is in the hands of this or another user of
 * the area; its end if there is none.
 */
static unsigned long first_owned(const struct cb_ctx *ctx, unsigned long pfn,
				 unsigned long nr)
{
	unsigned long base = ctx->region->base_pfn;
	unsigned long pos = pfn - base, end = pos + nr;

	end = find_next_bit(ctx->region->held, end, pos);
	return base + find_next_bit(ctx->foreign, end, pos);
}

static unsigned long pages_in_use(const struct cb_ctx *ctx, unsigned long pfn,
				  unsigned long nr)
{
	unsigned long pos = pfn - ctx->region->base_pfn, end = pos + nr, n = 0;

	for_each_set_bit_from(pos, ctx->in_use, end)
		n++;
	return n;
}

/* Keep the chunks of a range that was taken: it holds no more than missing. */
static void keep_chunks(struct cb_ctx *ctx, unsigned long pfn, unsigned long nr,
			bool from_cma)
{
	unsigned long end = pfn + nr;

	cb_took(ctx, pfn, nr, pages_in_use(ctx, pfn, nr), from_cma);
	for (; pfn < end; pfn += ctx->geo.size)
		cb_keep(ctx, pfn);
}

static unsigned long region_end(const struct cb_ctx *ctx)
{
	return ctx->region->base_pfn + ctx->region->nr_pages;
}

/* Pages of one step: a pageblock, or a chunk if that is larger. */
static unsigned long step_pages(const struct cb_ctx *ctx)
{
	return max3(ctx->geo.size, ctx->geo.block, ctx->geo.stride);
}

/* Chunks in a step: all that fit side by side, or one if they are spread. */
static unsigned long step_chunks(const struct cb_ctx *ctx)
{
	unsigned long n = 1;

	if (ctx->geo.stride == ctx->geo.size)
		n = step_pages(ctx) / ctx->geo.size;
	return min_t(size_t, n, ctx->wanted - ctx->got);
}

static int linear(struct cb_ctx *ctx)
{
	unsigned long step = step_pages(ctx);
	unsigned long pfn = ALIGN(ctx->region->base_pfn, step), nr;
	int ret = 0;

	for (; ctx->got < ctx->wanted && !ret; pfn += step) {
		nr = step_chunks(ctx) * ctx->geo.size;
		if (pfn + nr > region_end(ctx))
			break;
		if (first_owned(ctx, pfn, nr) < pfn + nr)
			continue;
		ret = cb_take(ctx, pfn, nr);
		if (!ret)
			keep_chunks(ctx, pfn, nr, false);
		else if (ret != -EINTR)
			ctx->res.blocks_skipped++;
		if (ret != -EINTR)
			ret = cb_interrupted(ctx);
	}
	return ret;
}

/* First fit among what nobody owns; one try. */
static int single(struct cb_ctx *ctx)
{
	unsigned long nr = ctx->wanted * ctx->geo.size;
	unsigned long pfn = ctx->geo.first, owner;
	int ret;

	if (ctx->wanted > 1 && ctx->geo.stride != ctx->geo.size)
		return -EOPNOTSUPP;
	while (pfn + nr <= region_end(ctx)) {
		owner = first_owned(ctx, pfn, nr);
		if (owner == pfn + nr)
			break;
		pfn = ALIGN(owner + 1, ctx->geo.stride);
		cond_resched();
	}
	if (pfn + nr > region_end(ctx))
		return 0;
	ret = cb_take(ctx, pfn, nr);
	if (!ret)
		keep_chunks(ctx, pfn, nr, false);
	return ret == -EINTR ? ret : 0;
}

/* cma_alloc() until it fails, with @nr pages a call or what is missing. */
static int cma_calls(struct cb_ctx *ctx, unsigned long nr)
{
	unsigned int align = ilog2(ctx->geo.stride);
	struct page *page;
	int ret = 0;

	while (ctx->got < ctx->wanted && !ret) {
		nr = min(nr, (ctx->wanted - ctx->got) * ctx->geo.size);
		page = cb_take_from_cma(ctx, nr, align);
		ctx->res.contig_calls++;
		if (!page) {
			ctx->res.contig_busy++;
			return fatal_signal_pending(current) ? -EINTR : 0;
		}
		keep_chunks(ctx, page_to_pfn(page), nr, true);
		ret = cb_interrupted(ctx);
	}
	return ret;
}

static int run(struct cb_ctx *ctx)
{
	switch (ctx->res.engine) {
	case CB_ENGINE_LINEAR:
		return linear(ctx);
	case CB_ENGINE_SINGLE:
		return single(ctx);
	case CB_ENGINE_CMA_ALLOC:
		return cma_calls(ctx, ctx->geo.size);
	case CB_ENGINE_CMA_ALLOC_BLOCK:
		if (ctx->geo.stride != ctx->geo.size)
			return cma_calls(ctx, ctx->geo.size);
		return cma_calls(ctx, step_pages(ctx));
	default:
		return -EOPNOTSUPP;
	}
}

/**
 * cb_simple_round() - one round of an engine to compare with
 * @ctx: the request
 *
 * Context: sleeps, without locks.
 *
 * Return: 0 when the engine has done what it can, -EINTR, -ETIMEDOUT,
 * -EOPNOTSUPP if the engine cannot serve such a request, or what the kernel
 * said.
 */
int cb_simple_round(struct cb_ctx *ctx)
{
	int ret = cb_claim_all(ctx);

	if (ret)
		return ret;
	simple_prepare(ctx);
	ret = run(ctx);
	cb_unclaim(ctx);
	return ret;
}

/**
 * cb_engine_works() - does an engine work in a region of this kernel?
 * @region: the region, NULL to ask about the kernel alone
 * @engine: the engine
 *
 * Return: true if it does.
 */
bool cb_engine_works(const struct cma_bulk_region *region,
		     enum cb_engine engine)
{
	if (engine != CB_ENGINE_CMA_ALLOC &&
	    engine != CB_ENGINE_CMA_ALLOC_BLOCK)
		return true;
	return cb_symbols_have_cma_alloc() && (!region || region->cma);
}
