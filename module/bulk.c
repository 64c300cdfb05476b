// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine "bulk": look, plan, take.
 *
 * A pass scans the region, lets the core choose the cheapest slots in as few
 * runs as pays, claims them and takes each run with one call of the kernel. A
 * round makes passes until nothing more can be had.
 */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "internal.h"

/* How often a round plans anew because the kernel refused part of a plan. */
#define CB_REPEATS	8

static unsigned long count_slots(const struct cb_ctx *ctx, unsigned char value)
{
	unsigned long slot, n = 0;

	for (slot = 0; slot < ctx->geo.nr_slots; slot++)
		n += ctx->slot[slot] == value;
	return n;
}

/*
 * The cheapest first, and of equals the largest. Each call waits until every CPU
 * has drained its lists, so threads whose calls take about as long wait least
 * for each other.
 */
static int cheapest_first(const void *a, const void *b)
{
	const struct cb_range *x = a, *y = b;
	u64 x_cost = (u64)x->cost * y->nr, y_cost = (u64)y->cost * x->nr;

	if (x_cost != y_cost)
		return x_cost < y_cost ? -1 : 1;
	if (x->nr != y->nr)
		return x->nr > y->nr ? -1 : 1;
	if (x->start == y->start)
		return 0;
	return x->start < y->start ? -1 : 1;
}

/* What lies between chunks that are spread may be somebody else's. */
static void claim_range(struct cb_ctx *ctx, const struct cb_range *r)
{
	unsigned long i;

	if (ctx->geo.stride == ctx->geo.size) {
		cb_claim(ctx, cb_slot_pfn(ctx, r->start),
			 r->nr * ctx->geo.size);
		return;
	}
	for (i = 0; i < r->nr; i++)
		cb_claim(ctx, cb_slot_pfn(ctx, r->start + i), ctx->geo.size);
}

/* The ranges of a plan, or an errno. @enough: they are as much as is needed. */
static long plan_ranges(struct cb_plan *plan, struct cb_range **ranges,
			bool *enough)
{
	*ranges = NULL;
	*enough = cb_plan_price(plan) >= plan->need;
	if (!plan->nr_ranges)
		return 0;
	*ranges = kvmalloc_array(plan->nr_ranges, 2 * sizeof(**ranges),
				 GFP_KERNEL);
	return *ranges ? cb_plan_ranges(plan, *ranges) : -ENOMEM;
}

/* Replace a plan by one that migrates nothing, if that pays. */
static long prefer_free(struct cb_plan plan, struct cb_range **ranges, long n)
{
	unsigned long spare = cb_plan_spare(*ranges, n);
	struct cb_range *free;
	bool enough;
	long nr_free;

	if (!spare)
		return n;
	plan.free_only = true;
	nr_free = plan_ranges(&plan, &free, &enough);
	if (nr_free <= 0 || !enough || nr_free > n + spare) {
		kvfree(free);
		return n;
	}
	kvfree(*ranges);
	*ranges = free;
	return nr_free;
}

/* Plan and claim, under the plan lock. The number of ranges, or an errno. */
static long plan_and_claim(struct cb_ctx *ctx, bool doubtful,
			   struct cb_range **ranges, bool *enough)
{
	struct cb_plan plan = {
		.slot = ctx->slot,
		.nr_slots = ctx->geo.nr_slots,
		.need = ctx->wanted - ctx->got,
		.fee = cb_plan_fee(ctx->geo.order),
		.doubtful = doubtful,
	};
	long i, n = plan_ranges(&plan, ranges, enough);

	if (n <= 0)
		return n;
	if (*enough)
		n = prefer_free(plan, ranges, n);
	for (i = 0; i < n; i++)
		claim_range(ctx, &(*ranges)[i]);
	sort(*ranges, n, sizeof(**ranges), cheapest_first, NULL);
	return n;
}

/*
 * One pass. @enough says whether the plan would have been enough had all of it
 * worked. 0 or an errno.
 */
static int pass(struct cb_ctx *ctx, bool doubtful, bool *enough)
{
	struct cb_range *ranges;
	long n;
	int ret;

	ret = mutex_lock_killable(&ctx->region->plan_lock);
	if (ret)
		return ret;
	cb_look_at_region(ctx);
	n = plan_and_claim(ctx, doubtful, &ranges, enough);
	mutex_unlock(&ctx->region->plan_lock);
	if (n <= 0)
		return n;

	ret = cb_team_run(ctx, ranges, n);
	cb_unclaim(ctx);
	kvfree(ranges);
	return ret;
}

/* What a round has left to try when clean memory was not enough. */
struct stage {
	bool drained;
	bool doubtful;
	bool again;
	unsigned int repeats;
};

/* Go on with the round? 1 or 0, or an errno. @seq: claims before the scan. */
static int next_stage(struct cb_ctx *ctx, struct stage *stage, bool enough,
		      unsigned int seq)
{
	if (enough) {
		/* Some of it failed and is marked; there are others. */
		return stage->repeats++ < CB_REPEATS;
	}
	if (count_slots(ctx, CB_SLOT_CLAIMED))
		return cb_claim_wait(ctx, seq) ?: 1;
	/* A masked slot may be so because of a page beside all slots. */
	if (!stage->drained && (count_slots(ctx, CB_SLOT_REF) ||
				count_slots(ctx, CB_SLOT_MASKED))) {
		cb_drain(ctx->region);
		ctx->drained = true;
		stage->drained = true;
		return 1;
	}
	if (!stage->doubtful && count_slots(ctx, CB_SLOT_WAIT)) {
		stage->doubtful = true;
		return 1;
	}
	/* The kernel refused what looked clean: who passed by may have passed. */
	if (!stage->again && !bitmap_empty(ctx->failed, ctx->geo.nr_slots)) {
		bitmap_zero(ctx->failed, ctx->geo.nr_slots);
		stage->again = true;
		return 1;
	}
	return 0;
}

/**
 * cb_bulk_round() - one round of the engine "bulk"
 * @ctx: the request
 *
 * First what looks clean. If that is not enough: wait for requests that work
 * on the same memory, drain the LRU batches if they could be what is in the
 * way, try pages that are locked or under writeback, for which the kernel
 * waits, and at last try once more what was refused without a reason that can
 * be seen. A fast request makes one pass and is done. What becomes
 * free while a round lasts is for the next round.
 *
 * Context: sleeps, without locks.
 *
 * Return: 0 when nothing more can be had in this round, -EINTR, -ETIMEDOUT,
 * or -ENOMEM if the module's own memory ran out.
 */
int cb_bulk_round(struct cb_ctx *ctx)
{
	struct stage stage = { 0 };
	unsigned int seq;
	bool enough;
	int ret;

	ctx->drained = false;
	bitmap_zero(ctx->failed, ctx->geo.nr_slots);
	do {
		seq = cb_claim_seq(ctx->region);
		ret = pass(ctx, stage.doubtful, &enough);
		if (ret || ctx->got == ctx->wanted || ctx->res.fast)
			return ret;
		ret = next_stage(ctx, &stage, enough, seq);
	} while (ret > 0);
	return ret;
}
