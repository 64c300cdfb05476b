// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking at slots, and taking a run of them.
 *
 * A run that the kernel refuses is looked at again: what blocks is cut out, and
 * where nothing can be seen to block, the run is halved until the culprit is
 * alone.
 */
#include <linux/bitmap.h>
#include <linux/mm.h>

#include "compat/contig.h"
#include "internal.h"

/* Halving a run leaves one half waiting each time: 32 bits of slots. */
#define CB_WORK_DEPTH	34

/* What a scan saw, for one pass. */
struct look {
	struct cb_slotmap map;
	struct cb_ctx *ctx;
	unsigned long in_use;
	bool whole;
};

static void look_run(void *arg, unsigned long pfn, unsigned long nr,
		     enum cb_class class)
{
	struct look *look = arg;
	struct cb_ctx *ctx = look->ctx;
	unsigned long block, last;

	if (class != CB_FREE)
		look->in_use += nr;
	cb_slotmap_add(&look->map, pfn, nr, class);
	if (!look->whole || class < CB_WAIT || class > CB_BUSY)
		return;
	block = (pfn - ctx->geo.base) / ctx->geo.block;
	last = (pfn + nr - 1 - ctx->geo.base) / ctx->geo.block;
	bitmap_set(ctx->busy_blocks, block, last - block + 1);
}

static unsigned int scan_flags(const struct cb_ctx *ctx)
{
	return ctx->drained ? CB_SCAN_DRAINED : 0;
}

/* The mode of the request as the lowest class that spoils a pageblock. */
static enum cb_class mask_from(const struct cb_ctx *ctx)
{
	if (ctx->res.fast)
		return CB_WAIT;
	if (!ctx->req->value[CB_K_SALVAGE])
		return CB_REF;
	return CB_NR_CLASSES;
}

/**
 * cb_slot_pfn() - where a slot is
 * @ctx: the request
 * @slot: number of the slot
 *
 * Return: its first page.
 */
unsigned long cb_slot_pfn(const struct cb_ctx *ctx, unsigned long slot)
{
	return ctx->geo.first + slot * ctx->geo.stride;
}

/**
 * cb_call_slots() - how many slots to hand to the kernel in one call
 * @ctx: the request
 * @pages: how many pages one would like to
 *
 * Return: at least 1, and no more than that if chunks are spread.
 */
unsigned int cb_call_slots(const struct cb_ctx *ctx, unsigned long pages)
{
	if (ctx->geo.stride != ctx->geo.size)
		return 1;
	return max(min(pages, CB_CALL_PAGES) / ctx->geo.size, 1UL);
}

/**
 * cb_slots_to_unit_end() - slots from one on to the end of the kernel's unit
 * @ctx: the request
 * @slot: number of the slot
 *
 * Return: how many; 0 if the slot begins a unit, or if chunks are spread.
 */
unsigned long cb_slots_to_unit_end(const struct cb_ctx *ctx,
				   unsigned long slot)
{
	unsigned long pfn = cb_slot_pfn(ctx, slot);

	if (ctx->geo.stride != ctx->geo.size)
		return 0;
	return (ALIGN(pfn, CB_UNIT_PAGES) - pfn) / ctx->geo.size;
}

/**
 * cb_look_at_region() - fill in the slots of a request
 * @ctx: the request; the caller holds the plan lock
 *
 * Context: may sleep.
 */
void cb_look_at_region(struct cb_ctx *ctx)
{
	struct cma_bulk_region *region = ctx->region;
	struct look look = { .ctx = ctx, .whole = true };
	ktime_t start = ktime_get();
	unsigned long slot;

	bitmap_zero(ctx->busy_blocks, cb_region_blocks(region));
	cb_slotmap_start(&look.map, &ctx->geo, ctx->slot, mask_from(ctx));
	cb_scan(region, region->base_pfn, region->nr_pages, scan_flags(ctx),
		look_run, &look);
	cb_slotmap_finish(&look.map);
	for_each_set_bit(slot, ctx->failed, ctx->geo.nr_slots)
		if (ctx->slot[slot] <= CB_SLOT_COST_MAX ||
		    ctx->slot[slot] == CB_SLOT_WAIT)
			ctx->slot[slot] = CB_SLOT_FAILED;
	ctx->res.scan_us += ktime_us_delta(ktime_get(), start);
}

/*
 * Look again at slots that this request has claimed, and tell how many of
 * their pages are in use.
 */
static unsigned long look_at_range(struct cb_ctx *ctx,
				   const struct cb_range *r)
{
	struct cb_geometry geo = ctx->geo;
	struct look look = { .ctx = ctx };
	ktime_t start = ktime_get();

	geo.first = cb_slot_pfn(ctx, r->start);
	geo.nr_slots = r->nr;
	cb_slotmap_start(&look.map, &geo, ctx->slot + r->start, CB_NR_CLASSES);
	cb_scan(ctx->region, geo.first,
		(r->nr - 1) * geo.stride + geo.size,
		scan_flags(ctx) | CB_SCAN_OWN_CLAIM, look_run, &look);
	cb_slotmap_finish(&look.map);
	spin_lock(&ctx->lock);
	ctx->res.scan_us += ktime_us_delta(ktime_get(), start);
	spin_unlock(&ctx->lock);
	return look.in_use;
}

static void mark_failed(struct cb_ctx *ctx, const struct cb_range *r)
{
	spin_lock(&ctx->lock);
	bitmap_set(ctx->failed, r->start, r->nr);
	spin_unlock(&ctx->lock);
}

static void keep_range(struct cb_ctx *ctx, const struct cb_range *r,
		       unsigned long in_use)
{
	unsigned long slot;

	spin_lock(&ctx->lock);
	cb_took(ctx, cb_slot_pfn(ctx, r->start), r->nr * ctx->geo.size, in_use,
		false);
	for (slot = r->start; slot < r->start + r->nr; slot++)
		cb_keep(ctx, cb_slot_pfn(ctx, slot));
	spin_unlock(&ctx->lock);
}

/* Does a slot still look as if it could be had? A fast request never waits. */
static bool good_slot(const struct cb_ctx *ctx, unsigned long slot)
{
	if (ctx->slot[slot] == CB_SLOT_WAIT)
		return !ctx->res.fast;
	return ctx->slot[slot] <= CB_SLOT_COST_MAX;
}

/* The first run of good slots in @r. */
static bool next_good(const struct cb_ctx *ctx, const struct cb_range *r,
		      struct cb_range *good)
{
	unsigned long slot = r->start, end = r->start + r->nr;

	while (slot < end && !good_slot(ctx, slot))
		slot++;
	good->start = slot;
	while (slot < end && good_slot(ctx, slot))
		slot++;
	good->nr = slot - good->start;
	return good->nr;
}

/* Half of @r, if possible at the end of a pageblock. */
static unsigned int half(const struct cb_ctx *ctx, const struct cb_range *r)
{
	unsigned long start = cb_slot_pfn(ctx, r->start);
	unsigned long middle = cb_slot_pfn(ctx, r->start + r->nr / 2);
	unsigned long edge = ALIGN(middle, ctx->geo.block);

	if (ctx->geo.size < ctx->geo.block &&
	    edge < cb_slot_pfn(ctx, r->start + r->nr))
		return (edge - start) / ctx->geo.stride;
	return r->nr / 2;
}

/* Runs of slots that wait for a call, the next one last. */
struct work {
	struct cb_range range[CB_WORK_DEPTH];
	unsigned int nr;
};

static void push(struct work *work, unsigned int start, unsigned int nr)
{
	if (nr && !WARN_ON_ONCE(work->nr == CB_WORK_DEPTH))
		work->range[work->nr++] = (struct cb_range){ start, nr };
}

/* The kernel refused @r. */
static void refused(struct cb_ctx *ctx, const struct cb_range *r,
		    struct work *work)
{
	struct cb_range good;
	unsigned int first;

	if (ctx->res.fast || r->nr == 1) {
		mark_failed(ctx, r);
		return;
	}
	look_at_range(ctx, r);
	next_good(ctx, r, &good);
	if (good.nr != r->nr) {
		/* What blocks can be seen: take_run() goes around it. */
		push(work, r->start, r->nr);
		return;
	}
	first = half(ctx, r);
	push(work, r->start + first, r->nr - first);
	push(work, r->start, first);
}

/* There was nothing to migrate to: half of it at a time needs less. */
static void short_of_memory(struct cb_ctx *ctx, const struct cb_range *r,
			    struct work *work)
{
	unsigned int first = half(ctx, r);

	if (ctx->res.fast || r->nr * ctx->geo.size <= ctx->geo.block ||
	    r->nr == 1) {
		mark_failed(ctx, r);
		return;
	}
	push(work, r->start + first, r->nr - first);
	push(work, r->start, first);
}

/*
 * Take one run. -EBUSY means that it was split or given up, and the request
 * goes on; any other error ends the round.
 */
static int take_run(struct cb_ctx *ctx, const struct cb_range *r,
		    struct work *work)
{
	struct cb_range good;
	unsigned long in_use;
	int ret;

	in_use = look_at_range(ctx, r);
	if (!next_good(ctx, r, &good))
		return -EBUSY;
	if (good.nr != r->nr) {
		/* Something has come in the way; take what is beside it. */
		push(work, good.start + good.nr,
		     r->start + r->nr - good.start - good.nr);
		push(work, good.start, good.nr);
		return -EBUSY;
	}
	ret = cb_take(ctx, cb_slot_pfn(ctx, r->start),
		      (r->nr - 1) * ctx->geo.stride + ctx->geo.size);
	if (!ret)
		keep_range(ctx, r, in_use);
	else if (ret == -EBUSY)
		refused(ctx, r, work);
	else if (ret == -ENOMEM)
		short_of_memory(ctx, r, work);
	return ret == -ENOMEM ? -EBUSY : ret;
}

/**
 * cb_take_range() - take what can be had of a run of slots
 * @ctx: the request, which has claimed them; no other thread of it is at work
 *	on the same units
 * @range: the run
 *
 * Context: sleeps, without locks.
 *
 * Return: 0 when all of it was taken or found to be in the way, -EINTR or
 * -ETIMEDOUT.
 */
int cb_take_range(struct cb_ctx *ctx, const struct cb_range *range)
{
	struct work work = { .nr = 0 };
	struct cb_range r;
	int ret = 0;

	push(&work, range->start, range->nr);
	while (work.nr && !ret) {
		r = work.range[--work.nr];
		ret = take_run(ctx, &r, &work);
		if (!ret || ret == -EBUSY)
			ret = cb_interrupted(ctx);
	}
	return ret;
}
