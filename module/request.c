// SPDX-License-Identifier: GPL-2.0-only
/* One request from check to verdict: rounds, deadline, retries. */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "internal.h"

#define CREATE_TRACE_POINTS
#include <trace/events/cma_bulk.h>

/**
 * cb_request_check() - can a request be served by a region at all?
 * @region: the region
 * @req: the request
 *
 * Context: any.
 *
 * Return: 0, -EINVAL for an order or alignment out of the region's range,
 * -E2BIG for more than the region's size, -EOPNOTSUPP for an engine that this
 * kernel cannot offer.
 */
int cb_request_check(struct cma_bulk_region *region,
		     const struct cb_request *req)
{
	struct cb_geometry geo;
	unsigned int order = req->value[CB_K_ORDER];
	unsigned int align = req->value[CB_K_ALIGN];
	u64 count = req->value[CB_K_COUNT];

	if (cb_geometry_init(&geo, region->base_pfn, region->nr_pages,
			     pageblock_nr_pages, order, 0)) {
		pr_info_ratelimited("%s: order=%u is more than the region can hold\n",
				    region->name, order);
		return -EINVAL;
	}
	if (align > ilog2(region->nr_pages)) {
		pr_info_ratelimited("%s: align=%u is more than the region can hold\n",
				    region->name, align);
		return -EINVAL;
	}
	if (!cb_engine_works(region, req->value[CB_K_ENGINE]))
		return -EOPNOTSUPP;
	if (count > region->nr_pages >> order)
		return -E2BIG;
	return 0;
}

/**
 * cb_interrupted() - must a request end now?
 * @ctx: the request; any of its threads may ask
 *
 * Return: 0, -EINTR for a fatal signal, -ETIMEDOUT at the request's deadline.
 */
int cb_interrupted(const struct cb_ctx *ctx)
{
	if (fatal_signal_pending(ctx->task))
		return -EINTR;
	if (ctx->deadline != KTIME_MAX &&
	    ktime_compare(ktime_get(), ctx->deadline) >= 0)
		return -ETIMEDOUT;
	return 0;
}

static void ctx_free(struct cb_ctx *ctx)
{
	kvfree(ctx->slot);
	kvfree(ctx->failed);
	kvfree(ctx->in_use);
	kvfree(ctx->foreign);
	kvfree(ctx->claims);
	kvfree(ctx->busy_blocks);
	kvfree(ctx->taken_blocks);
}

/* What the engine works with; ctx_free() undoes it, complete or not. */
static int ctx_alloc(struct cb_ctx *ctx)
{
	unsigned long blocks = cb_region_blocks(ctx->region);
	unsigned long slots = max(ctx->geo.nr_slots, 1UL);

	ctx->claims = cb_bits_alloc(cb_nr_units(ctx->region));
	ctx->busy_blocks = cb_bits_alloc(blocks);
	ctx->taken_blocks = cb_bits_alloc(blocks);
	if (!ctx->claims || !ctx->busy_blocks || !ctx->taken_blocks)
		return -ENOMEM;
	if (ctx->res.engine == CB_ENGINE_BULK) {
		ctx->slot = kvmalloc(slots, GFP_KERNEL);
		ctx->failed = cb_bits_alloc(slots);
		return ctx->slot && ctx->failed ? 0 : -ENOMEM;
	}
	ctx->in_use = cb_bits_alloc(ctx->region->nr_pages);
	ctx->foreign = cb_bits_alloc(ctx->region->nr_pages);
	return ctx->in_use && ctx->foreign ? 0 : -ENOMEM;
}

/*
 * Chunks that we could have if nothing stood in the way: all places of which we
 * have handed out no page. What another user of the area owns is in the way,
 * like a pin, and is named in "blockers".
 */
static u64 attainable(const struct cb_ctx *ctx)
{
	const struct cb_geometry *geo = &ctx->geo;
	u64 n = ctx->got;
	unsigned long i;

	for (i = 0; i < geo->nr_slots; i++)
		n += !cb_range_held(ctx->region, geo->first + i * geo->stride,
				    geo->size);
	return n;
}

/*
 * Sleep until the next round. It uses no CPU and holds nothing but what was
 * obtained.
 */
static int wait_round(struct cb_ctx *ctx)
{
	ktime_t start = ktime_get();
	s64 ms = ctx->req->value[CB_K_RETRY_DELAY_MS];

	if (ctx->deadline != KTIME_MAX)
		ms = min(ms, ktime_ms_delta(ctx->deadline, start) + 1);
	trace_round_wait(ctx->res.rounds, ctx->wanted - ctx->got, ms);
	if (ms > 0)
		schedule_timeout_killable(msecs_to_jiffies(ms));
	else
		cond_resched();
	ctx->res.wait_us += ktime_us_delta(ktime_get(), start);
	return cb_interrupted(ctx);
}

static int one_round(struct cb_ctx *ctx)
{
	ctx->res.rounds++;
	return ctx->res.engine == CB_ENGINE_BULK ? cb_bulk_round(ctx) :
						   cb_simple_round(ctx);
}

/* Rounds until all is there, time is up, or it is hopeless. */
static int rounds(struct cb_ctx *ctx)
{
	s64 retries = ctx->req->value[CB_K_RETRIES];
	int ret;

	if (ctx->res.fast)
		retries = 0;
	for (;;) {
		ret = one_round(ctx);
		if (ctx->got == ctx->wanted)
			return 0;
		if (ret)
			return ret;
		/* Waiting for pins to go does not help against what is held. */
		if (attainable(ctx) < ctx->wanted)
			return -ENOMEM;
		if (retries >= 0 && ctx->res.rounds > retries)
			return -EBUSY;
		ret = wait_round(ctx);
		if (ret)
			return ret;
	}
}

static void count_blocks(struct cb_ctx *ctx)
{
	unsigned long blocks = cb_region_blocks(ctx->region), block;

	ctx->res.blocks_total = blocks;
	ctx->res.blocks_taken = bitmap_weight(ctx->taken_blocks, blocks);
	bitmap_andnot(ctx->busy_blocks, ctx->busy_blocks, ctx->taken_blocks,
		      blocks);
	/* The engine "linear" counts its own. */
	ctx->res.blocks_skipped += bitmap_weight(ctx->busy_blocks, blocks);
	if (!trace_block_skipped_enabled())
		return;
	for_each_set_bit(block, ctx->busy_blocks, blocks)
		trace_block_skipped(block, ctx->region->base_pfn +
				    block * pageblock_nr_pages);
}

static void ctx_init(struct cb_ctx *ctx, struct page **pages)
{
	const struct cb_request *req = ctx->req;

	ctx->task = current;
	spin_lock_init(&ctx->lock);
	ctx->pages = pages;
	ctx->wanted = req->value[CB_K_COUNT];
	ctx->res.requested = ctx->wanted;
	ctx->res.order = req->value[CB_K_ORDER];
	ctx->res.fast = req->value[CB_K_FAST];
	ctx->res.engine = req->value[CB_K_ENGINE];
	/* No slot at all is a verdict, too: -ENOMEM. */
	cb_geometry_init(&ctx->geo, ctx->region->base_pfn,
			 ctx->region->nr_pages, pageblock_nr_pages,
			 ctx->res.order, req->value[CB_K_ALIGN]);
}

static void ctx_start_clock(struct cb_ctx *ctx)
{
	s64 timeout_ms = ctx->req->value[CB_K_TIMEOUT_MS];

	ctx->started = ktime_get();
	ctx->deadline = timeout_ms ? ktime_add_ms(ctx->started, timeout_ms) :
				     KTIME_MAX;
}

/**
 * cb_request_run() - serve a request
 * @region: the region
 * @req: a request that passed cb_request_check()
 * @pages: room for the first page of each chunk
 * @nr: set to the number of chunks in @pages, whatever is returned
 * @res: filled in, apart from the batch
 *
 * Context: sleeps, without locks. May wait for as long as the request says.
 *
 * Return: 0 if everything was obtained; -EBUSY if pinned or busy pages stand
 * in the way; -ENOMEM if the region cannot hold that many free chunks even
 * without pins, or our own memory ran out; -ETIMEDOUT; -EINTR; -EOPNOTSUPP.
 */
int cb_request_run(struct cma_bulk_region *region,
		   const struct cb_request *req, struct page **pages,
		   size_t *nr, struct cb_result *res)
{
	struct cb_ctx ctx = { .region = region, .req = req };
	int ret;

	ctx_init(&ctx, pages);
	ret = ctx_alloc(&ctx);
	trace_request_start(region->base_pfn, ctx.res.order, ctx.wanted,
			    ctx.res.engine, ctx.res.fast,
			    req->value[CB_K_RETRIES],
			    req->value[CB_K_TIMEOUT_MS]);
	ctx_start_clock(&ctx);
	if (!ret)
		ret = rounds(&ctx);
	ctx.res.elapsed_us = ktime_us_delta(ktime_get(), ctx.started);

	if (ret && ctx.got && !req->value[CB_K_PARTIAL]) {
		cb_release(region, ctx.res.order, pages, ctx.got);
		ctx.got = 0;
	}
	if (ctx.busy_blocks && ctx.taken_blocks)
		count_blocks(&ctx);
	ctx.res.allocated = ctx.got;
	ctx.res.ret = ret;
	trace_request_done(region->base_pfn, ctx.wanted, ctx.got, ret,
			   ctx.res.elapsed_us, ctx.res.contig_calls,
			   ctx.res.contig_busy);
	*nr = ctx.got;
	*res = ctx.res;
	ctx_free(&ctx);
	return ret;
}
