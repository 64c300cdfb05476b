// SPDX-License-Identifier: GPL-2.0-only
/*
 * A search moves a window over the region, from where the last one ended. It is
 * over when what is missing lies free side by side, which one call of the kernel
 * takes; or when as much has been spent on looking as a better plan could save.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "claims.h"
#include "compat/contig.h"
#include "hints.h"
#include "job.h"
#include "planning.h"
#include "region.h"
#include "search.h"
#include "team.h"
#include "window.h"

/* The smallest window, and how many times what is missing it has room for. */
#define CB_WINDOW_PAGES	CB_UNIT_PAGES
#define CB_WINDOW_TIMES	4

/* How often free slots are sought in a window that another request works in. */
#define CB_WINDOW_TRIES	2

/**
 * struct search - a search
 * @size: of a window, in pages
 * @start: where it began
 * @pos: first page of the window
 * @end: where it ends, or wraps around
 * @wrapped: it has begun anew at the first page of the region
 * @looked: pages so far
 * @best: the best plan so far
 * @best_pos: first page of the window that it is of
 * @worth: pages to look at for a better one
 */
struct search {
	unsigned long size;
	unsigned long start;
	unsigned long pos;
	unsigned long end;
	bool wrapped;
	unsigned long looked;
	struct cb_ranges best;
	unsigned long best_pos;
	unsigned long worth;
};

static size_t missing(const struct cb_job *job)
{
	return job->wanted - job->got;
}

/**
 * cb_take_plan() - claim a plan and take it
 * @job: the request
 * @w: the window that it is of
 * @plan: the plan; used up
 * @look: the span since the look that led to it began; may be NULL
 * @claimed: set to whether all of it could be claimed; may be NULL
 *
 * Context: sleeps, without locks.
 *
 * Return: as cb_team_run().
 */
int cb_take_plan(struct cb_job *job, struct cb_window *w,
		 struct cb_ranges *plan, const struct cb_idle *look,
		 bool *claimed)
{
	bool all = cb_claim_ranges(job, w, plan);
	int ret = 0;

	if (claimed)
		*claimed = all;
	if (plan->nr) {
		ret = cb_team_run(job, w, plan->range, plan->nr, look);
		cb_unclaim(&job->claims);
	}
	return ret;
}

static unsigned long region_end(const struct cb_job *job)
{
	return job->region->base_pfn + job->region->nr_pages;
}

/* False for a request that is in proportion to the region. */
static bool search_init(struct search *s, const struct cb_job *job)
{
	struct cma_bulk_region *region = job->region;
	u64 pages = (u64)missing(job) * job->geo.stride * CB_WINDOW_TIMES;

	if (pages >= region->nr_pages / 2)
		return false;
	pages = max_t(u64, pages, CB_WINDOW_PAGES);
	*s = (struct search){
		.size = roundup_pow_of_two((unsigned long)pages),
		.end = region_end(job),
		.worth = ULONG_MAX,
	};
	if (s->size >= region->nr_pages)
		return false;
	/* Where a unit begins, or the region does. */
	s->start = max(ALIGN_DOWN(cb_hint_start(region), CB_UNIT_PAGES),
		       region->base_pfn);
	s->pos = s->start;
	return true;
}

/*
 * Move on by a window, but for @tail pages at its end: free ones, to which more
 * may follow. False at the end of the search.
 */
static bool search_move(struct search *s, const struct cb_job *job,
			unsigned long tail)
{
	unsigned long last = s->pos;

	s->pos = min(s->pos + s->size, s->end);
	if (s->pos < s->end) {
		tail = ALIGN_DOWN(s->pos - tail, CB_UNIT_PAGES);
		if (tail > last)
			s->pos = tail;
		return true;
	}
	if (s->wrapped || s->start == job->region->base_pfn)
		return false;
	s->wrapped = true;
	s->pos = job->region->base_pfn;
	s->end = min(region_end(job), s->start + s->size);
	return true;
}

static int search_open(struct cb_job *job, struct cb_window *w,
		       const struct search *s, unsigned long pos,
		       unsigned long end)
{
	return cb_window_open(w, job, pos, min(s->size, end - pos));
}

/*
 * Take what is missing if it lies in the window free and side by side. *@tail is
 * set to the free pages at the end of the window.
 */
static int take_found(struct cb_job *job, struct cb_window *w,
		      unsigned long *tail)
{
	struct cb_range found;
	struct cb_ranges plan = { .range = &found };
	unsigned long pfn;
	int tries, ret = 0;

	for (tries = 0; !ret && tries < CB_WINDOW_TRIES; tries++) {
		if (!cb_window_find_free(w, job, missing(job), &found, tail))
			return 0;
		plan.nr = 1;
		pfn = cb_slot_pfn(w, found.start);
		ret = cb_take_plan(job, w, &plan, NULL, NULL);
		if (!missing(job)) {
			cb_hint_found(job->region, pfn);
			return ret;
		}
	}
	*tail = 0;
	return ret;
}

/* Remember the plan for this window if it is the best so far. */
static int note_plan(struct search *s, const struct cb_job *job,
		     const struct cb_window *w)
{
	struct cb_ranges plan;
	unsigned long worth;
	int ret;

	ret = cb_plan_window(job, w, false, &plan);
	if (!ret && plan.enough) {
		worth = cb_plan_worth(w, &plan);
		if (worth < s->worth) {
			swap(s->best, plan);
			s->best_pos = s->pos;
			s->worth = worth;
		}
	}
	kvfree(plan.range);
	return ret;
}

/* What is missing has changed: the plan would be too much. */
static void forget_plan(struct search *s)
{
	kvfree(s->best.range);
	s->best = (struct cb_ranges){ };
	s->worth = ULONG_MAX;
}

/*
 * Each range is looked at again before it is taken: the window need not be. It
 * may begin where the search, having wrapped around, has ended.
 */
static int take_best(struct search *s, struct cb_job *job, struct cb_window *w)
{
	unsigned long pfn;
	int ret;

	if (!s->best.nr)
		return 0;
	ret = search_open(job, w, s, s->best_pos, region_end(job));
	if (ret)
		return ret;
	pfn = cb_slot_pfn(w, s->best.range[0].start);
	ret = cb_take_plan(job, w, &s->best, NULL, NULL);
	if (!missing(job))
		cb_hint_found(job->region, pfn);
	return ret;
}

/**
 * cb_look_nearby() - look for clean memory in windows
 * @job: the request
 * @w: the window
 *
 * Context: sleeps, without locks.
 *
 * Return: 0, also if something is still missing, which then has to be sought in
 * all of the region; or why the request must end.
 */
int cb_look_nearby(struct cb_job *job, struct cb_window *w)
{
	unsigned long tail;
	struct search s;
	size_t got;
	int ret;

	if (!search_init(&s, job))
		return 0;
	do {
		tail = 0;
		got = job->got;
		/* After it has wrapped around, no more than is left to look at. */
		ret = search_open(job, w, &s, s.pos, s.end);
		if (!ret)
			ret = take_found(job, w, &tail);
		if (ret || !missing(job))
			goto out;
		if (job->got != got)
			forget_plan(&s);
		ret = note_plan(&s, job, w) ?:
		      cb_patience_rest(&job->patience);
		if (ret)
			goto out;
		s.looked += w->geo.pages;
	} while (s.looked < s.worth && search_move(&s, job, tail));
	ret = take_best(&s, job, w);
out:
	kvfree(s.best.range);
	return ret;
}
