// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread for each pool that shall have chunks, which yields to whatever else
 * there is: it takes chunks at the lowest priority, a few at a time, and none
 * while requests are at work or memory is tight.
 */
#include <linux/err.h>
#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "core/pace.h"
#include "core/parse.h"
#include "floor.h"
#include "gate.h"
#include "pool.h"
#include "refill.h"
#include "region.h"
#include "request.h"
#include "shrink.h"

/* The most that is taken at a time: what a request may have to wait for. */
#define CB_PIECE_CHUNKS	256UL

/* After this long a patient piece ends with what it has got. */
#define CB_PIECE_MS	1000

/* Requests come in bursts: how long to wait after the first one. */
#define CB_BURST_MS	100

/* When to look again whether memory is tight. */
#define CB_TIGHT_MS	1000

/* How often to look beside a pool that has chunks, in ms. */
#define CB_WATCH_MIN	20UL
#define CB_WATCH_MAX	1000UL

/**
 * struct cb_refill - the refill of a pool
 * @receiver: gets the chunks of a piece
 * @region: the region
 * @settings: protects the settings of the pool, and @task; taken first, and may be
 *	held while the thread ends a piece
 * @task: the thread; NULL while the pool shall be empty
 * @stopped: woken when the thread shall stop
 * @order: of the piece that is being taken
 * @got: chunks of it
 * @pages: first page of each
 */
struct cb_refill {
	struct cb_receiver receiver;
	struct cma_bulk_region *region;
	struct mutex settings;		/* task, what shall be in the pool */
	struct task_struct *task;
	wait_queue_head_t stopped;
	unsigned int order;
	size_t got;
	struct page *pages[CB_PIECE_CHUNKS];
};

static struct page **piece_open(struct cb_receiver *r, size_t wanted)
{
	return container_of(r, struct cb_refill, receiver)->pages;
}

static void piece_done(struct cb_receiver *r, size_t got, struct cb_result *res)
{
	struct cb_refill *f = container_of(r, struct cb_refill, receiver);

	f->got = got;
	cb_pool_put(f->region, f->order, f->pages, got);
}

/* Chunks of a piece. */
static size_t piece_chunks(unsigned int order, size_t missing)
{
	unsigned long most = (SZ_4M >> PAGE_SHIFT) >> order;

	return min_t(size_t, missing, clamp(most, 1UL, CB_PIECE_CHUNKS));
}

/* Take a piece, of as many chunks as were obtained. */
static size_t take_piece(struct cb_refill *f, size_t wanted, bool fast)
{
	struct cb_request req;

	cb_request_init(f->region, &req);
	req.value[CB_K_ORDER] = f->order;
	req.value[CB_K_COUNT] = wanted;
	req.value[CB_K_FAST] = fast;
	req.value[CB_K_TIMEOUT_MS] = CB_PIECE_MS;
	req.value[CB_K_WORKERS] = 1;
	f->got = 0;
	cb_request_serve(f->region, &req, &f->receiver);
	return f->got;
}

/* Return: milliseconds to rest before the next one. */
static unsigned int next_piece(struct cb_refill *f, struct cb_pace *pace)
{
	unsigned int wait;
	size_t wanted;

	f->order = cb_pool_order(f->region);
	wanted = piece_chunks(f->order, cb_pool_missing(f->region));
	if (!wanted)
		return 0;
	if (cb_floor_spare() < wanted << f->order)
		return CB_TIGHT_MS;
	wait = cb_gate_fill_begin(f->region);
	if (wait)
		return wait;
	/* Only that: to see in time that memory is short is no idle task. */
	set_user_nice(current, MAX_NICE);
	take_piece(f, wanted, pace->fast);
	set_user_nice(current, 0);
	cb_gate_move_end(f->region);
	return cb_pace_next(pace, wanted, f->got);
}

static void rest(struct cb_refill *f, unsigned int ms)
{
	cond_resched();
	try_to_freeze();
	if (ms)
		wait_event_freezable_timeout(f->stopped, kthread_should_stop(),
					     msecs_to_jiffies(ms));
}

/*
 * The kernel asks for what is in the pool when its own memory is nearly used up,
 * and then it is too late: it moves nothing into the pages that it gets. So give
 * all of it back before, and what can live there goes there.
 *
 * Return: when to look again, in milliseconds: before a process that takes a MiB in
 * each of them could have used up what is spare.
 */
static unsigned int watch(struct cb_refill *f)
{
	unsigned long spare = cb_floor_spare();

	if (!spare)
		cb_pool_shrink(f->region, SIZE_MAX);
	return clamp(spare >> (20 - PAGE_SHIFT), CB_WATCH_MIN, CB_WATCH_MAX);
}

static int refill_thread(void *data)
{
	struct cb_refill *f = data;
	struct cb_pace pace;

	set_freezable();
	while (!kthread_should_stop()) {
		if (!cb_pool_wait_low(f->region, watch(f)))
			continue;
		rest(f, CB_BURST_MS);
		cb_pace_start(&pace);
		while (cb_pool_missing(f->region) && !kthread_should_stop())
			rest(f, min(next_piece(f, &pace), watch(f)));
	}
	return 0;
}

/**
 * cb_refill_init() - at load: no thread
 * @region: the region
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_refill_exit().
 */
int cb_refill_init(struct cma_bulk_region *region)
{
	struct cb_refill *f = kzalloc(sizeof(*f), GFP_KERNEL);

	region->refill = f;
	if (!f)
		return -ENOMEM;
	f->receiver = (struct cb_receiver){
		.open = piece_open, .done = piece_done, .for_pool = true,
	};
	f->region = region;
	mutex_init(&f->settings);
	init_waitqueue_head(&f->stopped);
	return 0;
}

static int start(struct cb_refill *f)
{
	struct task_struct *task;

	if (f->task)
		return 0;
	task = kthread_run(refill_thread, f, "cma_bulk/%s", f->region->name);
	if (IS_ERR(task))
		return PTR_ERR(task);
	f->task = task;
	return 0;
}

/* Nothing is put into the pool any more then. */
static void stop(struct cb_refill *f)
{
	if (f->task)
		kthread_stop(f->task);
	f->task = NULL;
}

/**
 * cb_refill_exit() - at unload: end the thread
 * @region: the region, whose settings nothing changes any more
 *
 * Context: sleeps until a piece that is being taken has ended.
 */
void cb_refill_exit(struct cma_bulk_region *region)
{
	struct cb_refill *f = region->refill;

	if (!f)
		return;
	stop(f);
	mutex_destroy(&f->settings);
	kfree(f);
	region->refill = NULL;
}

/**
 * cb_pool_setting_get() - read a setting of a pool
 * @region: the region
 * @setting: which
 * @value: set to it
 *
 * Context: any.
 *
 * Return: 0, or -EINVAL if there is no such setting.
 */
int cb_pool_setting_get(struct cma_bulk_region *region,
			enum cb_pool_setting setting, s64 *value)
{
	if (setting >= CB_NR_POOL_SETTINGS)
		return -EINVAL;
	*value = setting == CB_POOL_ORDER ? cb_pool_order(region) :
					    cb_pool_target(region);
	return 0;
}

/* Could the region hold so many chunks? */
static int check(struct cma_bulk_region *region, s64 order, s64 chunks)
{
	struct cb_request req;

	if (chunks < 0 || !cb_value_in_range(CB_K_ORDER, order))
		return -EINVAL;
	cb_request_init(region, &req);
	req.value[CB_K_ORDER] = order;
	req.value[CB_K_COUNT] = max_t(s64, chunks, 1);
	return cb_request_check(region, &req);
}

static int set(struct cb_refill *f, s64 order, s64 chunks)
{
	int ret = check(f->region, order, chunks);

	if (!ret && chunks)
		ret = start(f);
	if (ret)
		return ret;
	cb_pool_set(f->region, order, chunks);
	if (!chunks)
		stop(f);
	return 0;
}

/**
 * cb_pool_setting_set() - change a setting of a pool
 * @region: the region
 * @setting: which
 * @value: the value
 *
 * What is in the pool and shall not be there any more has gone back to the kernel
 * afterwards. What is missing comes bit by bit.
 *
 * Context: sleeps; for as long as a piece takes if the pool shall be empty.
 *
 * Return: 0; -EINVAL if there is no such setting, or for a value out of range,
 * such as an order that the region cannot hold; -E2BIG for more chunks than the
 * region can hold; -ENOMEM or -EINTR if the thread cannot be started.
 */
int cb_pool_setting_set(struct cma_bulk_region *region,
			enum cb_pool_setting setting, s64 value)
{
	struct cb_refill *f = region->refill;
	int ret = -EINVAL;

	mutex_lock(&f->settings);
	if (setting == CB_POOL_ORDER)
		ret = set(f, value, cb_pool_target(region));
	else if (setting == CB_POOL_CHUNKS)
		ret = set(f, cb_pool_order(region), value);
	mutex_unlock(&f->settings);
	return ret;
}
