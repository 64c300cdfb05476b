// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "core/plan.h"
#include "job.h"
#include "planning.h"
#include "window.h"

/*
 * Pages that can be looked at in the time of one call of the kernel: 330 us
 * against 20 ns on 6.12 (docs/benchmarks.md, "half").
 */
#define CB_CALL_LOOK	16384UL

static void let_others_run(void)
{
	cond_resched();
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
	/* sort() of 100,000 ranges takes a while, and calls only this. */
	cond_resched();
	return x->start < y->start ? -1 : 1;
}

/*
 * What is in use now may be pinned in a moment, and then for long. So a request that
 * will wait for the rest anyway takes it before what is free.
 */
static int dearest_first(const void *a, const void *b)
{
	return cheapest_first(b, a);
}

static int plan_ranges(struct cb_plan *question, struct cb_ranges *plan)
{
	*plan = (struct cb_ranges){ };
	plan->enough = cb_plan_price(question) >= question->need;
	if (!question->nr_ranges)
		return 0;
	plan->range = kvmalloc_array(question->nr_ranges,
				     2 * sizeof(*plan->range), GFP_KERNEL);
	if (!plan->range)
		return -ENOMEM;
	plan->nr = cb_plan_ranges(question, plan->range);
	return 0;
}

/* Replace a plan by one that migrates nothing, if that pays. */
static void prefer_free(struct cb_plan question, struct cb_ranges *plan)
{
	unsigned long spare = cb_plan_spare(plan->range, plan->nr);
	struct cb_ranges free;

	if (!plan->enough || !spare)
		return;
	question.free_only = true;
	if (plan_ranges(&question, &free) || !free.enough ||
	    free.nr > plan->nr + spare) {
		kvfree(free.range);
		return;
	}
	kvfree(plan->range);
	*plan = free;
}

/**
 * cb_plan_window() - plan what is missing
 * @job: the request
 * @w: the window, after a look
 * @doubtful: also take slots for which the kernel has to wait
 * @plan: set to the plan, in ascending order
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; kvfree(@plan->range) in any case.
 */
int cb_plan_window(const struct cb_job *job, const struct cb_window *w,
		   bool doubtful, struct cb_ranges *plan)
{
	struct cb_plan question = {
		.slot = w->slot,
		.nr_slots = w->geo.nr_slots,
		.need = job->wanted - job->got,
		.fee = cb_plan_fee(w->geo.order),
		.doubtful = doubtful,
		.pause = let_others_run,
	};
	int ret = plan_ranges(&question, plan);

	if (!ret)
		prefer_free(question, plan);
	return ret;
}

/**
 * cb_plan_worth() - how much looking may be spent on a better plan?
 * @w: the window that the plan is of
 * @plan: the plan
 *
 * One free range is the best that can be found. What a plan costs beyond that may
 * be saved elsewhere; when as much has been spent on looking, the search ends, so
 * that it costs at most as much as it could have gained.
 *
 * Return: pages to look at.
 */
unsigned long cb_plan_worth(const struct cb_window *w,
			    const struct cb_ranges *plan)
{
	unsigned long fee = cb_plan_fee(w->geo.order), cost = 0, i;
	unsigned long calls = plan->nr - 1 + cb_plan_spare(plan->range, plan->nr);

	for (i = 0; i < plan->nr; i++)
		cost += plan->range[i].cost;
	return (calls + cost / fee) * CB_CALL_LOOK;
}

/* How many slots from the first of @r on could be claimed. */
static unsigned int claim_range(struct cb_job *job, const struct cb_window *w,
				const struct cb_range *r)
{
	unsigned long size = w->geo.size;
	unsigned int i;

	if (w->geo.stride == size)
		return cb_claim(&job->claims, cb_slot_pfn(w, r->start),
				r->nr * size, size) / size;
	/* What lies between chunks that are spread may be used by others. */
	for (i = 0; i < r->nr; i++)
		if (!cb_claim(&job->claims, cb_slot_pfn(w, r->start + i), size,
			      size))
			break;
	return i;
}

/**
 * cb_claim_ranges() - claim a plan, and order its ranges
 * @job: the request
 * @w: the window that the plan is of
 * @plan: the plan; what other requests have claimed since the look is cut off
 *
 * Context: may sleep.
 *
 * Return: true if all of it was claimed.
 */
bool cb_claim_ranges(struct cb_job *job, const struct cb_window *w,
		     struct cb_ranges *plan)
{
	unsigned long i, n = 0;
	bool all = true;

	for (i = 0; i < plan->nr; i++) {
		struct cb_range r = plan->range[i];
		unsigned int nr = claim_range(job, w, &r);

		all &= nr == r.nr;
		r.nr = nr;
		if (nr)
			plan->range[n++] = r;
		cond_resched();
	}
	plan->nr = n;
	if (!all)
		cb_job_met_claim(job);
	sort(plan->range, n, sizeof(*plan->range),
	     job->waits && !plan->enough ? dearest_first : cheapest_first, NULL);
	return all;
}
