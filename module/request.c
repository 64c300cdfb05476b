// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bitmap.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "blocked.h"
#include "bulk.h"
#include "job.h"
#include "log.h"
#include "pages.h"
#include "queue.h"
#include "region.h"
#include "release.h"
#include "request.h"
#include "simple.h"
#include "stats.h"
#include "watch.h"

#define CREATE_TRACE_POINTS
#include <trace/events/cma_bulk.h>

static const struct cb_engine_ops *const engines[CB_NR_ENGINES] = {
	[CB_ENGINE_BULK]		= &cb_bulk_engine,
	[CB_ENGINE_LINEAR]		= &cb_linear_engine,
	[CB_ENGINE_CMA_ALLOC]		= &cb_cma_alloc_engine,
	[CB_ENGINE_CMA_ALLOC_BLOCK]	= &cb_cma_alloc_block_engine,
	[CB_ENGINE_SINGLE]		= &cb_single_engine,
};

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
	return engines[engine]->works(region);
}

/**
 * cb_engine_state() - does an engine work on this kernel, and why not?
 * @engine: the engine
 *
 * Return: "yes", or "no" and why.
 */
const char *cb_engine_state(enum cb_engine engine)
{
	return cb_engine_works(NULL, engine) ? "yes" : engines[engine]->lacks;
}

/**
 * cb_engine_usual() - which engine serves what asks for none
 * @region: the region
 *
 * Where a trimmed kernel has nothing but cma_alloc(), that serves.
 *
 * Return: CB_ENGINE_BULK wherever it works.
 */
enum cb_engine cb_engine_usual(const struct cma_bulk_region *region)
{
	if (!cb_engine_works(region, CB_ENGINE_BULK) &&
	    cb_engine_works(region, CB_ENGINE_CMA_ALLOC_BLOCK))
		return CB_ENGINE_CMA_ALLOC_BLOCK;
	return CB_ENGINE_BULK;
}

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

/* Return: as cb_watch_wait(). */
static int wait_between_rounds(struct cb_job *job, u64 ms)
{
	ktime_t start = ktime_get();
	int ret;

	trace_round_wait(job->counts.rounds, job->wanted - job->got, ms);
	ret = cb_watch_wait(&job->watch, ms, &job->patience);
	job->counts.wait_us += ktime_us_delta(ktime_get(), start);
	return ret;
}

/*
 * Wait until the next round; one that would find nothing counts, but is not made.
 * @left: how many there may be, -1 for no end. -EAGAIN if there are none left.
 */
static int wait_for_round(struct cb_job *job, u64 ms, s64 *left)
{
	int ret;

	for (;;) {
		if (!*left)
			return -EAGAIN;
		if (*left > 0)
			--*left;
		ret = wait_between_rounds(job, ms);
		if (ret || !cb_watch_suffices(&job->watch))
			return min(ret, 0);
		job->counts.rounds++;
	}
}

/* Give back all that was obtained so far. */
static void give_back(struct cb_job *job)
{
	cb_release(job->region, job->geo.order, job->pages, job->got,
		   CB_PAGE_IN_FLIGHT);
	job->got = 0;
}

/*
 * One round. An all-or-nothing request that lacks something beside another one
 * does not conclude from it that there is too little: one of them gives way, and
 * the other one looks again.
 */
static int one_round(struct cb_job *job, const struct cb_engine_ops *engine,
		     struct cb_turn *turn)
{
	ktime_t start;
	int ret;

	job->counts.rounds++;
	job->no_target = false;
	cb_watch_clear(&job->watch);
	for (;;) {
		ret = engine->round(job);
		cb_claims_leave(&job->claims);
		if (ret || job->partial || job->got == job->wanted)
			return ret;
		if (!cb_turn_meets(turn))
			return 0;
		if (cb_turn_yields(turn))
			give_back(job);
		start = ktime_get();
		ret = cb_turn_wait(turn, &job->patience);
		job->counts.wait_us += ktime_us_delta(ktime_get(), start);
		if (ret)
			return ret == -EAGAIN ? 0 : ret;
	}
}

/* Why a request that has made its rounds lacks something. */
static int verdict(const struct cb_job *job)
{
	if (job->no_target)
		return -ENOMEM;
	/*
	 * What is held now may have been obtained by another request meanwhile.
	 * All or nothing was possible when this one began, and may be again.
	 */
	if (job->partial &&
	    !cb_pages_have_room(job->region, &job->geo, job->wanted))
		return -ENOMEM;
	return -EBUSY;
}

/* Rounds until all is there, time is up, or it is hopeless. */
static int rounds(struct cb_job *job, const struct cb_request *req,
		  struct cb_turn *turn)
{
	const struct cb_engine_ops *engine =
		engines[req->value[CB_K_ENGINE]];
	s64 left = job->fast ? 0 : req->value[CB_K_RETRIES];
	ktime_t start;
	int ret, err;
	size_t got;

	for (;;) {
		got = job->got;
		start = ktime_get();
		cb_turn_begin(turn);
		ret = one_round(job, engine, turn);
		cb_turn_end(turn);
		if (job->got == job->wanted)
			return 0;
		if (ret == -EAGAIN) {
			cb_job_met_claim(job);
			return -EBUSY;
		}
		if (ret)
			return ret;
		ret = verdict(job);
		/* Waiting for pins to go does not help against what is held. */
		if (ret == -ENOMEM && !job->no_target)
			return ret;
		cb_watch_paid(&job->watch, start, job->got != got);
		err = wait_for_round(job, req->value[CB_K_RETRY_DELAY_MS],
				     &left);
		if (err)
			return err == -EAGAIN ? ret : err;
	}
}

static int run(struct cb_job *job, const struct cb_request *req)
{
	const struct cb_engine_ops *engine =
		engines[req->value[CB_K_ENGINE]];
	struct cb_turn turn;
	int ret;

	/* Nothing is taken for what cannot be. */
	if (!job->partial &&
	    !cb_pages_have_room(job->region, &job->geo, job->wanted))
		return -ENOMEM;
	ret = engine->open(job);
	if (!ret) {
		cb_turn_init(&turn, job->region, !job->partial && !job->fast);
		ret = rounds(job, req, &turn);
		cb_turn_exit(&turn);
	}
	engine->close(job);
	return ret;
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

/* From now on other requests may conclude from these chunks that there is less. */
static void hand_out(struct cb_job *job)
{
	unsigned long pfn, start = 0, nr = 0;
	size_t i;

	for (i = 0; i < job->got; i++, nr += job->geo.size) {
		pfn = page_to_pfn(job->pages[i]);
		if (nr && pfn == start + nr)
			continue;
		if (nr)
			cb_pages_move(job->region, start, nr,
				      CB_PAGE_IN_FLIGHT, CB_PAGE_HELD, NULL);
		start = pfn;
		nr = 0;
		cond_resched();
	}
	if (nr)
		cb_pages_move(job->region, start, nr, CB_PAGE_IN_FLIGHT,
			      CB_PAGE_HELD, NULL);
}

/* Serve a request for which there is room in @pages. */
static int serve(struct cma_bulk_region *region, const struct cb_request *req,
		 struct page **pages, struct cb_result *res)
{
	ktime_t start = ktime_get();
	struct cb_job job;
	int ret;

	trace_request_start(region->base_pfn, res->order, res->requested,
			    res->engine, res->fast, req->value[CB_K_RETRIES],
			    req->value[CB_K_TIMEOUT_MS]);
	ret = cb_job_init(&job, region, req, pages);
	if (!ret) {
		ret = run(&job, req);
		res->elapsed_us = ktime_us_delta(ktime_get(),
						 ktime_add(start, job.unclocked));
		if (ret && job.got && !job.partial)
			give_back(&job);
		count_blocks(&job);
		hand_out(&job);
		if (ret == -EBUSY)
			cb_blocked_note(&job);
		else if (!ret)
			cb_blocked_forget(&job, start);
		res->counts = job.counts;
	}
	res->blocks_total = cb_region_blocks(region);
	res->allocated = job.got;
	res->ret = ret;
	cb_job_exit(&job);
	trace_request_done(region->base_pfn, res->requested, res->allocated,
			   ret, res->elapsed_us, res->counts.contig_calls,
			   res->counts.contig_busy);
	return ret;
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
			serve(region, req, pages, &res);
		else
			res.ret = -ENOMEM;
		r->done(r, res.allocated, &res);
	}
	cb_stats_add(region, &res);
	return res.ret;
}
