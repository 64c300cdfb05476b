// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kthreads that take a reference to each of many pages, hold it for a while,
 * drop it, and after a similar pause take it again.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "pinner.h"

#define ENGINE_THREADS	4UL
/* References in a row before a thread without holding time rests. */
#define ENGINE_BURST	32
/* No pause is shorter: without a gap nothing could ever migrate. */
#define ENGINE_PAUSE_US	20
/* A thread looks this often whether it shall stop. */
#define ENGINE_NAP_NS	(100 * NSEC_PER_MSEC)

/* Used by the one thread that serves it. */
struct slot {
	struct page *page;
	u64 next_ns;
};

struct worker {
	struct pinner_engine *engine;
	struct task_struct *task;
	struct rnd_state rnd;
	unsigned long first;
	unsigned long at;
};

/**
 * struct pinner_engine - threads, and the pages they serve in turn
 * @ops: where pages come from
 * @owner: for @ops
 * @nr: number of pages
 * @nr_workers: number of threads; thread w serves the pages w, w + nr_workers, …
 * @hold_us: how long a reference is held
 * @jitter_us: plus or minus this
 * @refs: references taken
 * @misses: times there was no page
 * @slots: one a page
 * @workers: the threads
 *
 * All but the counters is constant while threads run.
 */
struct pinner_engine {
	const struct pinner_engine_ops *ops;
	void *owner;
	unsigned long nr;
	unsigned long nr_workers;
	u32 hold_us;
	u32 jitter_us;
	atomic64_t refs;
	atomic64_t misses;
	struct slot *slots;
	struct worker workers[ENGINE_THREADS];
};

static struct page *reference(struct pinner_engine *engine, unsigned long i)
{
	struct page *page = engine->ops->get(engine->owner, i);

	if (page) {
		atomic64_inc(&engine->refs);
		pinner_count_refs(1);
		return page;
	}
	atomic64_inc(&engine->misses);
	pinner_count(PINNER_TRANSIENT_MISSES, 1);
	if (engine->ops->missed)
		engine->ops->missed(engine->owner, i);
	return NULL;
}

static unsigned long next_slot(struct worker *worker)
{
	unsigned long i = worker->at;

	worker->at += worker->engine->nr_workers;
	if (worker->at >= worker->engine->nr)
		worker->at = worker->first;
	return i;
}

/* No holding time: as many as possible, a few microseconds each. */
static void burst(struct worker *worker)
{
	unsigned int n;

	for (n = 0; n < ENGINE_BURST && !kthread_should_stop(); n++) {
		struct page *page = reference(worker->engine,
					      next_slot(worker));

		udelay(1 + prandom_u32_state(&worker->rnd) % 8);
		if (page)
			put_page(page);
		cond_resched_tasks_rcu_qs();
	}
	usleep_range(ENGINE_PAUSE_US, 5 * ENGINE_PAUSE_US);
}

static u64 some_time(struct worker *worker)
{
	const struct pinner_engine *engine = worker->engine;
	u32 low, high;

	low = engine->hold_us - min(engine->hold_us, engine->jitter_us);
	high = engine->hold_us + engine->jitter_us;
	low = max_t(u32, low, ENGINE_PAUSE_US);
	if (high > low)
		low += prandom_u32_state(&worker->rnd) % (high - low + 1);
	return (u64)low * NSEC_PER_USEC;
}

static void toggle(struct worker *worker, unsigned long i, u64 now)
{
	struct slot *slot = &worker->engine->slots[i];

	if (slot->page) {
		put_page(slot->page);
		slot->page = NULL;
	} else {
		slot->page = reference(worker->engine, i);
	}
	slot->next_ns = now + some_time(worker);
}

/*
 * Do what is due; tell when the next is. Where taking the references takes longer
 * than they are held, the thread never sleeps, and RCU-tasks would wait for it.
 */
static u64 pass(struct worker *worker)
{
	struct pinner_engine *engine = worker->engine;
	u64 now = ktime_get_ns(), next = now + ENGINE_NAP_NS;
	unsigned long i;

	for (i = worker->first; i < engine->nr && !kthread_should_stop();
	     i += engine->nr_workers) {
		if (engine->slots[i].next_ns <= now)
			toggle(worker, i, now);
		next = min(next, engine->slots[i].next_ns);
		cond_resched_tasks_rcu_qs();
	}
	return next;
}

static void sleep_until(u64 when_ns)
{
	ktime_t when = ns_to_ktime(when_ns);

	set_current_state(TASK_INTERRUPTIBLE);
	if (kthread_should_stop())
		__set_current_state(TASK_RUNNING);
	else
		schedule_hrtimeout(&when, HRTIMER_MODE_ABS);
}

static int work(void *data)
{
	struct worker *worker = data;
	const struct pinner_engine *engine = worker->engine;

	while (!kthread_should_stop()) {
		if (engine->hold_us || engine->jitter_us)
			sleep_until(pass(worker));
		else
			burst(worker);
	}
	return 0;
}

static void stop_workers(struct pinner_engine *engine)
{
	unsigned long w;

	for (w = 0; w < engine->nr_workers; w++)
		if (engine->workers[w].task)
			kthread_stop(engine->workers[w].task);
}

static void worker_init(struct pinner_engine *engine, unsigned long w, u64 seed)
{
	struct worker *worker = &engine->workers[w];
	u64 now = ktime_get_ns();
	unsigned long i;

	worker->engine = engine;
	worker->first = w;
	worker->at = w;
	prandom_seed_state(&worker->rnd, seed + w);
	/* Out of step from the start, so that some are always held. */
	for (i = w; i < engine->nr; i += engine->nr_workers)
		engine->slots[i].next_ns = now +
			some_time(worker) * (i / engine->nr_workers % 2);
}

static int start_workers(struct pinner_engine *engine, u64 seed)
{
	struct task_struct *task;
	unsigned long w;

	for (w = 0; w < engine->nr_workers; w++) {
		worker_init(engine, w, seed);
		task = kthread_run(work, &engine->workers[w],
				   "cma_bulk_pin/%lu", w);
		if (IS_ERR(task)) {
			stop_workers(engine);
			return PTR_ERR(task);
		}
		engine->workers[w].task = task;
	}
	return 0;
}

static void engine_free(struct pinner_engine *engine)
{
	unsigned long i;

	for (i = 0; engine->slots && i < engine->nr; i++)
		if (engine->slots[i].page)
			put_page(engine->slots[i].page);
	kvfree(engine->slots);
	kfree(engine);
}

/**
 * pinner_engine_start() - begin to take references
 * @ops: where pages come from
 * @owner: for @ops; lives until pinner_engine_stop() returns
 * @nr: number of pages, at least 1
 * @hold_ms: how long a reference is held; 0 with no jitter: microseconds, as
 *	many references as possible
 * @jitter_ms: plus or minus this
 * @seed: of the jitter
 *
 * Context: sleeps.
 * Return: the engine or an ERR_PTR().
 */
struct pinner_engine *
pinner_engine_start(const struct pinner_engine_ops *ops, void *owner,
		    unsigned long nr, u32 hold_ms, u32 jitter_ms, u64 seed)
{
	struct pinner_engine *engine = kzalloc(sizeof(*engine), GFP_KERNEL);
	int ret = -ENOMEM;

	if (!engine)
		return ERR_PTR(-ENOMEM);
	engine->ops = ops;
	engine->owner = owner;
	engine->nr = nr;
	engine->nr_workers = min(nr, ENGINE_THREADS);
	engine->hold_us = hold_ms * USEC_PER_MSEC;
	engine->jitter_us = jitter_ms * USEC_PER_MSEC;
	engine->slots = kvcalloc(nr, sizeof(*engine->slots), GFP_KERNEL);
	if (engine->slots)
		ret = start_workers(engine, seed);
	if (!ret)
		return engine;
	engine_free(engine);
	return ERR_PTR(ret);
}

/**
 * pinner_engine_stop() - stop, and drop every reference
 * @engine: the engine; is freed
 *
 * Context: sleeps, for up to a tenth of a second.
 */
void pinner_engine_stop(struct pinner_engine *engine)
{
	stop_workers(engine);
	engine_free(engine);
}

/**
 * pinner_engine_count() - what an engine did so far
 * @engine: the engine
 * @refs: set to the references taken
 * @misses: set to the times there was no page
 *
 * Context: any.
 */
void pinner_engine_count(struct pinner_engine *engine, u64 *refs, u64 *misses)
{
	*refs = atomic64_read(&engine->refs);
	*misses = atomic64_read(&engine->misses);
}
