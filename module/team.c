// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spreads a plan over several threads.
 *
 * Most of a big request is the kernel's work on each page, and calls for
 * different pageblocks hardly meet: the way past the floor of one call is to
 * make two.
 */
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "compat/contig.h"
#include "core/plan.h"
#include "idle.h"
#include "job.h"
#include "patience.h"
#include "pieces.h"
#include "take.h"
#include "team.h"

/*
 * Less than so many pages, in fewer than so many ranges, are taken before a second
 * thread has begun. A range takes a call, however short it is, and a call takes 0.3 ms
 * and if it migrates 1.5.
 */
#define CB_TEAM_PAGES	(SZ_16M >> PAGE_SHIFT)
#define CB_TEAM_RANGES	4

/* More threads meet at the lock of the zone, and others want to run, too. */
#define CB_TEAM_MAX	4

/*
 * Threads for each worker, and there is one more. A call begins by waiting for a grace
 * period, which does not end while a CPU prepares pages. So two threads would alternate;
 * of more, those that wait share one, and then work at the same time, while the others
 * wait for the next. Where eight work on two CPUs, the last of three has the CPUs for
 * itself, and so has the last of the five others; where nine do, one of them at most
 * (docs/benchmarks.md).
 */
#define CB_TEAM_SHIFTS	4

/* With this the threads of a worker weigh together as much as one of nice 0. */
#define CB_TEAM_NICE	7

/* A look at the pages tells which CPUs are idle if it took so many microseconds. */
#define CB_TEAM_LOOK_US	(USEC_PER_MSEC / 2)

/*
 * How long a call may keep its CPU: whoever wants that meanwhile waits for the
 * calls of all threads that are about to prepare their pages.
 */
#define CB_TEAM_CALL_NS	NSEC_PER_MSEC

/*
 * The same where there are more tasks than CPUs. All wait for longer than that then, and
 * each call waits for a CPU as well, so that a few are faster than many.
 */
#define CB_TEAM_CROWD_NS	(5 * NSEC_PER_MSEC)

static struct workqueue_struct *team_wq;

/**
 * struct team - threads that work on one plan
 * @job: the request
 * @pieces: what is left of it
 * @ret: why all must stop, 0 if they need not
 * @changed: a thread is done with its units
 */
struct team {
	struct cb_job *job;
	struct cb_pieces pieces;
	int ret;
	wait_queue_head_t changed;
};

struct member {
	struct work_struct work;
	struct team *team;
};

/* The first reason is the one that counts. */
static void stop(struct team *team, int ret)
{
	cmpxchg(&team->ret, 0, ret);
}

static int try_pick(struct team *team, struct cb_range *piece)
{
	return READ_ONCE(team->ret) ? 0 : cb_pieces_pick(&team->pieces, piece);
}

/*
 * As cb_pieces_pick(), and asleep while other threads are at work in all units that
 * are left; false if there is nothing left to do.
 */
static bool next_piece(struct team *team, struct cb_range *piece)
{
	struct cb_patience patience = team->job->patience;
	int found, ret;

	/* For threads of its own even a fast request waits: they are at work. */
	patience.may_wait = true;
	ret = cb_wait_event(&patience, team->changed,
			    (found = try_pick(team, piece)) != -EAGAIN);
	if (ret)
		stop(team, ret);
	return !ret && found;
}

/* Take a piece; false if there is nothing left to do. */
static bool work_on_piece(struct team *team)
{
	u64 ran = current->se.sum_exec_runtime;
	struct cb_range piece;
	int ret;

	if (!next_piece(team, &piece))
		return false;
	ret = cb_take_range(team->job, team->pieces.window, &piece);
	if (ret)
		stop(team, ret);
	/* Up to date since the task last slept, which each call does. */
	cb_pieces_done(&team->pieces, &piece, current->se.sum_exec_runtime - ran);
	wake_up_all(&team->changed);
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

/* How many calls of the kernel may run at the same time. */
static unsigned int most_workers(const struct cb_job *job,
				 const struct cb_pieces *pieces)
{
	unsigned long parts = max(pieces->left / CB_TEAM_PAGES,
				  pieces->ranges / CB_TEAM_RANGES);
	unsigned int workers = job->workers;

	if (job->patience.alone)
		return 1;
	if (!workers)
		workers = min_t(unsigned int, num_online_cpus(), CB_TEAM_MAX);
	return min_t(unsigned long, workers, 1 + parts);
}

/* How many other CPUs were idle meanwhile; 0 if that was too short to tell. */
static unsigned int idle_since(const struct cb_idle *look)
{
	if (!look || ktime_us_delta(ktime_get(), look->since) < CB_TEAM_LOOK_US)
		return 0;
	return cb_idle_cpus(look);
}

/*
 * Work alone until others shall help: if their CPUs are idle. If these are busy, whoever
 * has them would wait for the calls of more threads, and these for him, so that nothing
 * would be faster; but where the caller waits for a CPU itself, all share them in any
 * case, and it takes as large a part as the request has workers. Calls are short at
 * first, as this is not known yet.
 */
static void work_alone(struct team *team, const struct cb_idle *look)
{
	struct cb_pieces *pieces = &team->pieces;
	unsigned int most, idle = idle_since(look);
	struct cb_idle all, piece;

	pieces->workers = 1;
	pieces->share = CB_UNIT_PAGES;
	cb_idle_begin(&all);
	while ((most = most_workers(team->job, pieces)) > 1) {
		if (idle || cb_idle_crowded(&all)) {
			pieces->workers = idle && idle < most ? idle + 1 : most;
			pieces->call_ns = idle ? CB_TEAM_CALL_NS : CB_TEAM_CROWD_NS;
			return;
		}
		cb_idle_begin(&piece);
		if (!work_on_piece(team))
			return;
		pieces->share = min(2 * pieces->share, CB_CALL_PAGES);
		idle = cb_idle_cpus(&piece);
	}
}

/*
 * Threads for so many workers; of what is large they isolate no more than these would.
 * Each has a call to make.
 */
static unsigned int choose_threads(const struct cb_pieces *pieces)
{
	unsigned long calls = max(1 + pieces->left / CB_UNIT_PAGES, pieces->ranges);

	if (pieces->workers == 1)
		return 1;
	return min_t(unsigned long, pieces->workers * CB_TEAM_SHIFTS + 1, calls);
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

static void run_team(struct team *team, const struct cb_idle *look)
{
	struct cb_pieces *pieces = &team->pieces;
	struct member *member = NULL;
	unsigned int helpers;

	work_alone(team, look);
	helpers = choose_threads(pieces) - 1;
	if (helpers)
		member = kcalloc(helpers, sizeof(*member), GFP_KERNEL);
	/* Without memory for them the caller goes on alone. */
	if (!member) {
		pieces->workers = 1;
		helpers = 0;
	}
	pieces->share = min(pieces->left / pieces->workers, CB_CALL_PAGES);
	if (helpers)
		pieces->share /= CB_TEAM_SHIFTS;
	run_members(team, member, helpers);
	kfree(member);
}

/**
 * cb_team_run() - take the ranges of a plan
 * @job: the request, which has claimed them
 * @w: what they are ranges of
 * @range: the ranges, in the order in which they are wanted; used up
 * @nr: how many
 * @look: the span since the look that led to the plan began; may be NULL
 *
 * Context: sleeps, without locks. When patience ends, calls of the kernel that
 * are under way are waited for.
 *
 * Return: 0, or why the request must end.
 */
int cb_team_run(struct cb_job *job, struct cb_window *w,
		struct cb_range *range, unsigned long nr,
		const struct cb_idle *look)
{
	struct team team = { .job = job };
	int ret = cb_pieces_init(&team.pieces, job->region, w, range, nr);

	if (ret)
		return ret;
	init_waitqueue_head(&team.changed);
	run_team(&team, look);
	cb_pieces_exit(&team.pieces);
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
