// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spreads the ranges of a plan over several threads.
 *
 * Most of a big request is the kernel's work on each page, and calls for
 * different pageblocks hardly meet: the way past the floor of one call is to
 * make two. Calls that touch the same unit (CB_UNIT_PAGES) would fail each
 * other, so a thread only starts on a range in whose units no other is at work.
 */
#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "bits.h"
#include "compat/contig.h"
#include "core/plan.h"
#include "idle.h"
#include "job.h"
#include "patience.h"
#include "take.h"
#include "team.h"
#include "units.h"
#include "window.h"

/* Less than this is taken before a second thread has begun. */
#define CB_TEAM_PAGES	(SZ_16M >> PAGE_SHIFT)

/* More threads meet at the lock of the zone, and others want to run, too. */
#define CB_TEAM_MAX	4

/*
 * Threads for each worker. A call begins by waiting for a grace period, which does
 * not end while a CPU prepares pages. So two threads would alternate; of more, those
 * that wait share one, and then work at the same time (docs/benchmarks.md).
 */
#define CB_TEAM_SHIFTS	4

/* With this the threads of a worker weigh together as much as one of nice 0. */
#define CB_TEAM_NICE	6

/*
 * How long a call may keep its CPU: whoever wants that meanwhile waits for the
 * calls of all threads that are about to prepare their pages.
 */
#define CB_TEAM_CALL_NS	NSEC_PER_MSEC

static struct workqueue_struct *team_wq;

/**
 * struct team - threads that work on one plan
 * @job: the request
 * @window: what the ranges are of
 * @range: the plan, cheapest first
 * @nr: its length
 * @workers: how many calls are meant to run at the same time
 * @share: the most pages of one call
 * @lock: protects what follows, and @range's start and nr
 * @left: pages in @range
 * @done: pages that calls were made for
 * @ran_ns: how long the threads ran for these
 * @first: no range before it has anything left
 * @working: a bit a unit: some thread is at work on it
 * @ret: why all must stop, 0 if they need not
 * @changed: a thread is done with its units
 */
struct team {
	struct cb_job *job;
	struct cb_window *window;
	struct cb_range *range;
	unsigned long nr;
	unsigned int workers;
	unsigned long share;
	spinlock_t lock;		/* all that follows, and range[] */
	unsigned long left;
	unsigned long done;
	u64 ran_ns;
	unsigned long first;
	unsigned long *working;
	int ret;
	wait_queue_head_t changed;
};

struct member {
	struct work_struct work;
	struct team *team;
};

static void range_units(const struct team *team, const struct cb_range *r,
			unsigned long *first, unsigned long *nr)
{
	const struct cma_bulk_region *region = team->job->region;
	const struct cb_window *w = team->window;
	unsigned long start = cb_unit(region, w->geo.base);
	unsigned long pfn = cb_slot_pfn(w, r->start);
	unsigned long last = cb_slot_pfn(w, r->start + r->nr - 1) +
			     w->geo.size - 1;

	*first = cb_unit(region, pfn) - start;
	*nr = cb_unit(region, last) - start - *first + 1;
}

/* How many pages take a call CB_TEAM_CALL_NS, as far as that is known. */
static u64 in_time(const struct team *team)
{
	if (!team->ran_ns)
		return 0;
	return div64_u64((u64)CB_TEAM_CALL_NS * team->done, team->ran_ns);
}

/*
 * The most slots of the next call. The first ones are short, as nothing is known yet
 * of how long a page takes. So are the last, lest one thread is still at work when the
 * others have none.
 */
static unsigned int step_of(const struct team *team)
{
	unsigned long pages = team->share;

	if (team->workers > 1) {
		pages = min_t(u64, pages, in_time(team));
		pages = min(pages, team->left / (2 * team->workers));
		/* No two threads may work in one unit. */
		pages = max_t(unsigned long, CB_UNIT_PAGES,
			      ALIGN_DOWN(pages, CB_UNIT_PAGES));
	}
	return cb_call_slots(team->window, pages);
}

/* The front of @from, as much as one step, up to the end of a unit if it can. */
static struct cb_range front(const struct team *team,
			     const struct cb_range *from)
{
	struct cb_range r = *from;
	unsigned int step = step_of(team);
	unsigned long nr;

	if (r.nr > step) {
		nr = cb_slots_to_unit_end(team->window, r.start + step);
		r.nr = min_t(unsigned long, r.nr, step + nr);
	}
	return r;
}

/* Next piece that nobody's work touches: 1; none left: 0; wait: -EAGAIN. */
static int pick(struct team *team, struct cb_range *piece)
{
	unsigned long i, first, nr;
	bool left = false;

	while (team->first < team->nr && !team->range[team->first].nr)
		team->first++;
	for (i = team->first; i < team->nr; i++) {
		struct cb_range *r = &team->range[i];

		if (!r->nr)
			continue;
		left = true;
		*piece = front(team, r);
		range_units(team, piece, &first, &nr);
		if (find_next_bit(team->working, first + nr, first) <
		    first + nr)
			continue;
		bitmap_set(team->working, first, nr);
		team->left -= piece->nr * team->window->geo.size;
		r->start += piece->nr;
		r->nr -= piece->nr;
		return 1;
	}
	return left ? -EAGAIN : 0;
}

/* As pick(), under the lock; also 0 if all must stop. */
static int try_pick(struct team *team, struct cb_range *piece)
{
	int ret;

	spin_lock(&team->lock);
	ret = team->ret ? 0 : pick(team, piece);
	spin_unlock(&team->lock);
	return ret;
}

/*
 * As pick(), and asleep while other threads are at work in all units that are
 * left; false if there is nothing left to do.
 */
static bool next_piece(struct team *team, struct cb_range *piece)
{
	struct cb_patience patience = team->job->patience;
	int found, ret;

	/* For threads of its own even a fast request waits: they are at work. */
	patience.may_wait = true;
	ret = cb_wait_event(&patience, team->changed,
			    (found = try_pick(team, piece)) != -EAGAIN);
	if (!ret)
		return found;
	spin_lock(&team->lock);
	if (!team->ret)
		team->ret = ret;
	spin_unlock(&team->lock);
	return false;
}

static void piece_done(struct team *team, const struct cb_range *piece, u64 ran_ns,
		       int ret)
{
	unsigned long first, nr;

	range_units(team, piece, &first, &nr);
	spin_lock(&team->lock);
	bitmap_clear(team->working, first, nr);
	team->done += piece->nr * team->window->geo.size;
	team->ran_ns += ran_ns;
	if (ret && !team->ret)
		team->ret = ret;
	spin_unlock(&team->lock);
	wake_up_all(&team->changed);
}

/* Take a piece; false if there is nothing left to do. */
static bool work_on_piece(struct team *team)
{
	u64 ran = current->se.sum_exec_runtime;
	struct cb_range piece;
	int ret;

	if (!next_piece(team, &piece))
		return false;
	ret = cb_take_range(team->job, team->window, &piece);
	/* Up to date since the task last slept, which each call does. */
	piece_done(team, &piece, current->se.sum_exec_runtime - ran, ret);
	return true;
}

static void work_on(struct team *team)
{
	do { } while (work_on_piece(team));
}

static void member_work(struct work_struct *work)
{
	int nice = task_nice(current);

	set_user_nice(current, CB_TEAM_NICE);
	work_on(container_of(work, struct member, work)->team);
	set_user_nice(current, nice);
}

static unsigned long plan_pages(const struct team *team)
{
	unsigned long i, slots = 0;

	for (i = 0; i < team->nr; i++)
		slots += team->range[i].nr;
	return slots * team->window->geo.size;
}

/* How many calls of the kernel may run at the same time. */
static unsigned int most_workers(const struct cb_job *job, unsigned long pages)
{
	unsigned int workers = job->workers;

	if (job->patience.alone)
		return 1;
	if (!workers)
		workers = min_t(unsigned int, num_online_cpus(), CB_TEAM_MAX);
	return min_t(unsigned long, workers, 1 + pages / CB_TEAM_PAGES);
}

/*
 * Work alone for as long as no other CPU is idle: whoever has it would wait for the
 * calls of more threads, and these for him, so that nothing would be faster. Calls are
 * short at first, as that may change soon.
 *
 * Return: how many workers there should be for what is left.
 */
static unsigned int work_alone(struct team *team)
{
	unsigned int most, idle = 0;
	struct cb_idle span;

	team->workers = 1;
	team->share = CB_UNIT_PAGES;
	while ((most = most_workers(team->job, team->left)) > 1 && !idle) {
		cb_idle_begin(&span);
		if (!work_on_piece(team))
			return 1;
		idle = cb_idle_cpus(&span);
		team->share = min(2 * team->share, CB_CALL_PAGES);
	}
	return idle < most ? idle + 1 : most;
}

/* Threads for so many workers; they isolate no more than these would. */
static unsigned int choose_threads(const struct team *team)
{
	if (team->workers == 1)
		return 1;
	return min_t(unsigned long, team->workers * CB_TEAM_SHIFTS,
		     1 + team->left / CB_UNIT_PAGES);
}

static void run_members(struct team *team, struct member *member, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		member[i].team = team;
		INIT_WORK(&member[i].work, member_work);
		queue_work(team_wq, &member[i].work);
	}
	work_on(team);
	/* Nothing is left for those that have not begun. */
	for (i = 0; i < n; i++)
		cancel_work_sync(&member[i].work);
}

static void run_team(struct team *team)
{
	struct member *member = NULL;
	unsigned int helpers;

	team->workers = work_alone(team);
	helpers = choose_threads(team) - 1;
	if (helpers)
		member = kcalloc(helpers, sizeof(*member), GFP_KERNEL);
	/* Without memory for them the caller goes on alone. */
	if (!member) {
		team->workers = 1;
		helpers = 0;
	}
	team->share = min(team->left / team->workers, CB_CALL_PAGES);
	if (helpers)
		team->share /= CB_TEAM_SHIFTS;
	run_members(team, member, helpers);
	kfree(member);
}

/**
 * cb_team_run() - take the ranges of a plan
 * @job: the request, which has claimed them
 * @w: what they are ranges of
 * @range: the ranges, in the order in which they are wanted; used up
 * @nr: how many
 *
 * Context: sleeps, without locks. When patience ends, calls of the kernel that
 * are under way are waited for.
 *
 * Return: 0, or why the request must end.
 */
int cb_team_run(struct cb_job *job, struct cb_window *w,
		struct cb_range *range, unsigned long nr)
{
	struct team team = {
		.job = job, .window = w, .range = range, .nr = nr
	};
	unsigned long last = w->geo.base + w->geo.pages - 1;
	unsigned long units = cb_unit(job->region, last) -
			      cb_unit(job->region, w->geo.base) + 1;

	spin_lock_init(&team.lock);
	init_waitqueue_head(&team.changed);
	team.working = cb_bits_alloc(units);
	if (!team.working)
		return -ENOMEM;
	team.left = plan_pages(&team);
	run_team(&team);
	kvfree(team.working);
	return team.ret;
}

/**
 * cb_team_init() - at load: where the threads come from
 *
 * Callers may be work of a queue that reclaim depends on, and wait for ours: so
 * ours makes the same promise.
 *
 * Return: 0 or -ENOMEM.
 */
int __init cb_team_init(void)
{
	team_wq = alloc_workqueue("cma_bulk", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	return team_wq ? 0 : -ENOMEM;
}

/**
 * cb_team_exit() - at unload, when no request runs any more
 */
void cb_team_exit(void)
{
	if (team_wq)
		destroy_workqueue(team_wq);
}
