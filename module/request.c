// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bitmap.h>
#include <linux/mm.h>

#include "blocked.h"
#include "engines.h"
#include "gate.h"
#include "job.h"
#include "log.h"
#include "ownermap.h"
#include "owners.h"
#include "pages.h"
#include "pool.h"
#include "region.h"
#include "request.h"
#include "rounds.h"
#include "stats.h"

#define CREATE_TRACE_POINTS
#include <trace/events/cma_bulk.h>

/**
 * cb_request_init() - a request of which nothing is said yet
 * @region: where it will be served
 * @req: set to what the knobs begin with
 *
 * Context: any.
 */
void cb_request_init(const struct cma_bulk_region *region,
		     struct cb_request *req)
{
	cb_request_defaults(req);
	req->value[CB_K_ENGINE] = cb_engine_usual(region);
}

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

static void count_blocks(struct cb_job *job)
{
	unsigned long blocks = cb_region_blocks(job->region), block;

	job->counts.blocks_taken = bitmap_weight(job->taken_blocks, blocks);
	bitmap_andnot(job->busy_blocks, job->busy_blocks, job->taken_blocks,
		      blocks);
	/* The engine "linear" counts its own. */
	job->counts.blocks_skipped += bitmap_weight(job->busy_blocks, blocks);
	if (!trace_block_skipped_enabled())
		return;
	for_each_set_bit(block, job->busy_blocks, blocks)
		trace_block_skipped(block, job->region->base_pfn +
				    block * pageblock_nr_pages);
}

/*
 * Chunks that were obtained, to the task that has asked. From now on others may
 * conclude from them that there is less.
 */
static void hand_out(struct cma_bulk_region *region, unsigned int order,
		     struct page **pages, size_t nr)
{
	struct cb_asker asker;
	unsigned long pfn;
	u16 owner;
	size_t n;

	if (!nr)
		return;
	cb_asker_init(&asker, CB_OWNER_BULK);
	owner = cb_owner_open(region, &asker);
	for (; nr; pages += n, nr -= n) {
		n = cb_chunks_together(order, pages, nr);
		pfn = page_to_pfn(pages[0]);
		cb_owners_set(region, pfn, n << order, owner);
		cb_pages_move(region, pfn, n << order, CB_PAGE_IN_FLIGHT,
			      CB_PAGE_HELD, NULL);
		cond_resched();
	}
	cb_owner_close(region, owner);
}

/* A request is served from the pool if what it asks for is what that has. */
static bool wants_pooled(const struct cma_bulk_region *region,
			 const struct cb_request *req)
{
	return req->value[CB_K_POOL] &&
	       req->value[CB_K_ENGINE] == cb_engine_usual(region) &&
	       cb_pool_is_for(region, req->value[CB_K_ORDER]);
}

/* Serve a request by an engine, as far as the pool does not. */
static int work(struct cb_job *job, const struct cb_request *req,
		ktime_t start, struct cb_result *res)
{
	int ret = cb_rounds(job, req);

	res->elapsed_us = ktime_us_delta(ktime_get(),
					 ktime_add(start, job->unclocked));
	if (ret && job->got && !job->partial)
		cb_rounds_undo(job);
	count_blocks(job);
	if (job->for_pool)
		cb_pages_move_chunks(job->region, job->geo.order, job->pages,
				     job->got, CB_PAGE_IN_FLIGHT,
				     CB_PAGE_POOLED);
	else
		hand_out(job->region, job->geo.order, job->pages, job->got);
	if (ret == -EBUSY && !job->for_pool)
		cb_blocked_note(job);
	return ret;
}

/* Begin and end that work. What @res has of the pool was taken already. */
static int serve_job(struct cma_bulk_region *region,
		     const struct cb_request *req, struct page **pages,
		     bool for_pool, ktime_t start, struct cb_result *res)
{
	struct cb_job job;
	int ret = cb_job_init(&job, region, req, pages);

	job.got = res->counts.pool_chunks;
	job.counts.pool_chunks = job.got;
	job.counts.pool_clear = res->counts.pool_clear;
	job.for_pool = for_pool;
	job.pool = !for_pool && wants_pooled(region, req);
	if (!for_pool)
		cb_gate_enter(region);
	if (!ret)
		ret = work(&job, req, start, res);
	else
		cb_rounds_undo(&job);
	if (!for_pool)
		cb_gate_leave(region);
	if (job.pool)
		job.counts.pool_misses = job.wanted - job.counts.pool_chunks;
	res->counts = job.counts;
	res->allocated = job.got;
	cb_job_exit(&job);
	return ret;
}

/*
 * Serve a request by the pool alone: there is next to nothing to prepare, and
 * nothing that could go wrong. False if it has too little.
 */
static bool serve_pooled(struct cma_bulk_region *region,
			 const struct cb_request *req, struct page **pages,
			 ktime_t start, struct cb_result *res)
{
	size_t got;

	if (!wants_pooled(region, req) ||
	    cb_pool_chunks(region) < res->requested)
		return false;
	got = cb_pool_take(region, res->order, req->value[CB_K_ALIGN], pages,
			   res->requested, &res->counts.pool_clear);
	res->counts.pool_chunks = got;
	/* Others were faster, or not all of it is aligned as it shall be. */
	if (got < res->requested)
		return false;
	hand_out(region, res->order, pages, got);
	res->elapsed_us = ktime_us_delta(ktime_get(), start);
	res->allocated = got;
	return true;
}

/* Serve a request for which there is room in @pages. */
static int serve(struct cma_bulk_region *region, const struct cb_request *req,
		 struct page **pages, bool for_pool, struct cb_result *res)
{
	ktime_t start = ktime_get();

	trace_request_start(region->base_pfn, res->order, res->requested,
			    res->engine, res->fast, req->value[CB_K_RETRIES],
			    req->value[CB_K_TIMEOUT_MS]);
	if (!for_pool && serve_pooled(region, req, pages, start, res))
		res->ret = 0;
	else
		res->ret = serve_job(region, req, pages, for_pool, start, res);
	res->blocks_total = cb_region_blocks(region);
	if (!res->ret && !for_pool)
		cb_blocked_forget(region, res->order, res->requested, start);
	trace_request_done(region->base_pfn, res->requested, res->allocated,
			   res->ret, res->elapsed_us, res->counts.contig_calls,
			   res->counts.contig_busy);
	return res->ret;
}

/**
 * cb_request_serve() - check a request, serve it, and record how it went
 * @region: where
 * @req: what
 * @r: who gets the chunks
 *
 * Context: sleeps, without locks. May wait for as long as the request says.
 *
 * Return: 0 if everything was obtained; as cb_request_check(); -EBUSY if pinned
 * or busy pages stand in the way; -ENOMEM if the region cannot hold that many
 * free chunks even without pins, there is no memory to migrate to, or memory of
 * this module ran out; -ETIMEDOUT; -EINTR.
 */
int cb_request_serve(struct cma_bulk_region *region,
		     const struct cb_request *req, struct cb_receiver *r)
{
	struct cb_result res = {
		.requested = req->value[CB_K_COUNT],
		.order = req->value[CB_K_ORDER],
		.fast = req->value[CB_K_FAST],
		.engine = req->value[CB_K_ENGINE],
	};
	struct page **pages;

	res.ret = cb_request_check(region, req);
	if (!res.ret) {
		pages = r->open(r, res.requested);
		if (pages)
			serve(region, req, pages, r->for_pool, &res);
		else
			res.ret = -ENOMEM;
		r->done(r, res.allocated, &res);
	}
	if (!r->for_pool)
		cb_stats_add(region, &res);
	return res.ret;
}
