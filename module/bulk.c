// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pass looks at a window, lets the core choose the cheapest slots in as few
 * ranges as pays, claims them and takes each range with one call of the kernel.
 * A round makes passes until nothing more can be had.
 *
 * What is small is sought nearby first, in windows that are in proportion to it.
 * Only what cannot be found there is sought in all of the region.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "bulk.h"
#include "compat/symbols.h"
#include "drain.h"
#include "idle.h"
#include "job.h"
#include "planning.h"
#include "region.h"
#include "search.h"
#include "units.h"
#include "window.h"

/* How often a round plans anew because the kernel refused part of a plan. */
#define CB_REPEATS	8

/* What a round has left to try when clean memory was not enough. */
struct stage {
	bool drained;
	bool doubtful;
	bool again;
	bool enough;			/* the plan would have been */
	bool claimed;			/* all of it, before others did */
	unsigned int repeats;
};

static int pass(struct cb_job *job, struct cb_window *w, struct stage *stage)
{
	struct cb_ranges plan;
	struct cb_idle look;
	int ret;

	cb_idle_begin(&look);
	cb_window_look(w, job);
	ret = cb_plan_window(job, w, stage->doubtful, &plan);
	stage->enough = plan.enough;
	stage->claimed = true;
	if (!ret && plan.nr)
		ret = cb_take_plan(job, w, &plan, &look, &stage->claimed);
	kvfree(plan.range);
	return ret;
}

/* Go on with the round? 1 or 0, or an errno. @seq: events before the look. */
static int next_stage(struct cb_job *job, struct cb_window *w,
		      struct stage *stage, unsigned int seq)
{
	ktime_t start = ktime_get();
	int ret;

	/* Some of it failed and is marked; there are others. */
	if (stage->enough && stage->claimed)
		return stage->repeats++ < CB_REPEATS;
	if (!stage->claimed || w->seen & CB_SEEN_CLAIMED) {
		ret = cb_claims_wait(&job->claims, seq, &job->patience);
		cb_job_waited(job, start);
		return ret ?: 1;
	}
	/* A masked slot may be so because of a page beside all slots. */
	if (!stage->drained && w->seen & (CB_SEEN_REF | CB_SEEN_MASKED)) {
		cb_drain(job->region, &job->patience);
		job->drained = true;
		stage->drained = true;
		return 1;
	}
	if (!stage->doubtful && w->seen & CB_SEEN_WAIT) {
		stage->doubtful = true;
		return 1;
	}
	/* The kernel refused what looked clean: what was there may have gone. */
	if (!stage->again && w->any_failed) {
		cb_window_forgive(w);
		stage->again = true;
		return 1;
	}
	return 0;
}

static int look_everywhere(struct cb_job *job, struct cb_window *w)
{
	struct stage stage = { };
	unsigned int seq, own;
	int ret;

	ret = cb_window_open(w, job, job->region->base_pfn,
			     job->region->nr_pages);
	while (!ret) {
		seq = cb_units_seq(job->region);
		own = job->claims.events;
		ret = pass(job, w, &stage);
		if (ret || job->got == job->wanted || job->fast)
			return ret;
		ret = next_stage(job, w, &stage, seq);
		if (!ret) {
			cb_claims_leave(&job->claims);
			own = job->claims.events - own;
			cb_watch_slots(&job->watch, &w->geo, w->slot, seq + own);
		}
		if (ret <= 0)
			return ret;
		ret = cb_patience_rest(&job->patience);
	}
	return ret;
}

/*
 * First what looks clean. If that is not enough: wait for requests that work on
 * the same memory, drain the LRU batches if they could be what is in the way, try
 * pages that are locked or under writeback, for which the kernel waits, and at
 * last try once more what was refused without a reason that can be seen. A fast
 * request takes from one window, or makes one pass over the region, and is done.
 * What becomes free while a round lasts is for the next round.
 */
static int bulk_round(struct cb_job *job)
{
	struct cb_window *w = job->engine;
	int ret;

	job->drained = false;
	cb_window_forgive(w);
	ret = cb_look_nearby(job, w);
	if (ret || job->got == job->wanted)
		return ret;
	return look_everywhere(job, w);
}

/* Take slots that have opened. The window still is all of the region. */
static int take_opened(struct cb_job *job, struct cb_watchlist *list)
{
	size_t got = job->got, missing = job->wanted - got;
	struct cb_window *w = job->engine;
	struct cb_ranges plan = { };
	unsigned int max, nr;
	int ret;

	max = min_t(size_t, missing, list->nr);
	plan.range = kvmalloc_array(max, sizeof(*plan.range), GFP_KERNEL);
	if (!plan.range)
		return 1;
	nr = cb_watchlist_opened(list, plan.range, max);
	plan.nr = nr;
	ret = cb_take_plan(job, w, &plan, NULL, NULL);
	kvfree(plan.range);
	return ret ?: job->got - got < nr;
}

/* What is refused was taken hold of again, and stands in the way as before. */
static int empty(void *arg, unsigned long pfn, unsigned long nr,
		 unsigned long in_use)
{
	struct cb_job *job = arg;
	int ret = 0;

	if (cb_claim(&job->claims, pfn, nr, nr)) {
		ret = cb_job_empty(job, pfn, nr, in_use);
		cb_unclaim(&job->claims);
	}
	if (ret == -EINTR || ret == -ETIMEDOUT)
		return ret;
	return cb_patience_rest(&job->patience);
}

static int bulk_take_opened(struct cb_job *job)
{
	struct cb_watchlist *list = &job->watch.list;
	unsigned int own = job->claims.events;
	bool doubtful = list->doubtful;
	size_t got = job->got;
	int ret;

	ret = take_opened(job, list);
	if (!ret && job->got < job->wanted)
		ret = cb_watchlist_let_go(list, empty, job);
	cb_watch_went(&job->watch, job->claims.events - own, job->got > got);
	/* A round drains the LRU batches. */
	return ret ?: doubtful;
}

static int bulk_open(struct cb_job *job)
{
	struct cb_window *w = kzalloc(sizeof(*w), GFP_KERNEL);

	job->engine = w;
	return w ? 0 : -ENOMEM;
}

static void bulk_close(struct cb_job *job)
{
	if (!job->engine)
		return;
	cb_window_close(job->engine);
	kfree(job->engine);
}

static bool bulk_works(const struct cma_bulk_region *region)
{
	return cb_symbols_have_contig();
}

const struct cb_engine_ops cb_bulk_engine = {
	.works = bulk_works,
	.lacks = "no (alloc_contig_range() not found)",
	.open = bulk_open,
	.round = bulk_round,
	.take_opened = bulk_take_opened,
	.close = bulk_close,
};
