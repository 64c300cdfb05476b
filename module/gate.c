// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filling a pool must not be in the way of requests: none is filled while a
 * request is at work in the region, and a request that lacks something waits
 * until what was on its way into the pool, or out of it, has arrived.
 */
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "gate.h"
#include "patience.h"
#include "region.h"

/* When to ask again whether requests are at work, in ms. */
#define CB_GATE_BUSY_MS	100

/* Nothing is put into the pool so soon after memory was short, in ms. */
#define CB_GATE_CLOSED_MS 5000

/* How much longer it may stay closed when that is said again and again. */
#define CB_GATE_TIMES	4

/**
 * struct cb_gate - what goes on beside the pool of a region
 * @lock: protects what follows, but for @settled; innermost
 * @at_work: requests that the pool could not serve alone
 * @moving: pieces on their way into the pool, or back to the kernel: they are in
 *	the way of requests, which cannot find them in the pool
 * @closed: nothing is put into the pool before @until
 * @since: jiffies when that was first said
 * @until: jiffies
 * @settled: woken when @moving is 0
 */
struct cb_gate {
	spinlock_t lock;		/* all that follows */
	unsigned int at_work;
	unsigned int moving;
	bool closed;
	unsigned long since;
	unsigned long until;
	wait_queue_head_t settled;
};

/**
 * cb_gate_init() - at load: nothing is at work
 * @region: the region
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_gate_exit().
 */
int cb_gate_init(struct cma_bulk_region *region)
{
	struct cb_gate *g = kzalloc(sizeof(*g), GFP_KERNEL);

	region->gate = g;
	if (!g)
		return -ENOMEM;
	spin_lock_init(&g->lock);
	init_waitqueue_head(&g->settled);
	return 0;
}

/**
 * cb_gate_exit() - at unload, when no request is at work
 * @region: the region, of which there is no pool any more
 */
void cb_gate_exit(struct cma_bulk_region *region)
{
	kfree(region->gate);
	region->gate = NULL;
}

/**
 * cb_gate_enter() - a request that the pool cannot serve alone begins its work
 * @region: the region
 *
 * Nothing sets out for the pool until cb_gate_leave().
 *
 * Context: any but interrupts.
 */
void cb_gate_enter(struct cma_bulk_region *region)
{
	spin_lock(&region->gate->lock);
	region->gate->at_work++;
	spin_unlock(&region->gate->lock);
}

/**
 * cb_gate_leave() - a request has ended its work
 * @region: the region
 *
 * Context: any but interrupts.
 */
void cb_gate_leave(struct cma_bulk_region *region)
{
	spin_lock(&region->gate->lock);
	region->gate->at_work--;
	spin_unlock(&region->gate->lock);
}

/**
 * cb_gate_settle() - wait until all that was on its way has arrived
 * @region: the region
 * @patience: of the request, which has entered
 *
 * Context: sleeps, without locks.
 *
 * Return: as cb_wait_event().
 */
int cb_gate_settle(struct cma_bulk_region *region,
		   const struct cb_patience *patience)
{
	struct cb_gate *g = region->gate;

	return cb_wait_event(patience, g->settled, !READ_ONCE(g->moving));
}

/**
 * cb_gate_fill_begin() - may a piece set out for the pool now?
 * @region: the region
 *
 * Context: any but interrupts.
 *
 * Return: 0 if it may, and cb_gate_move_end() follows; or after how many
 * milliseconds to ask again.
 */
unsigned int cb_gate_fill_begin(struct cma_bulk_region *region)
{
	struct cb_gate *g = region->gate;
	unsigned int wait = 0;

	spin_lock(&g->lock);
	if (g->closed && time_before(jiffies, g->until)) {
		wait = jiffies_to_msecs(g->until - jiffies) + 1;
	} else if (g->at_work) {
		wait = CB_GATE_BUSY_MS;
	} else {
		g->closed = false;
		WRITE_ONCE(g->moving, g->moving + 1);
	}
	spin_unlock(&g->lock);
	return wait;
}

/**
 * cb_gate_move_begin() - a piece leaves the pool for the kernel
 * @region: the region
 *
 * Context: any but interrupts; cb_gate_move_end() follows.
 */
void cb_gate_move_begin(struct cma_bulk_region *region)
{
	spin_lock(&region->gate->lock);
	WRITE_ONCE(region->gate->moving, region->gate->moving + 1);
	spin_unlock(&region->gate->lock);
}

/**
 * cb_gate_move_end() - a piece has arrived where it was on its way to
 * @region: the region
 *
 * Context: any but interrupts.
 */
void cb_gate_move_end(struct cma_bulk_region *region)
{
	struct cb_gate *g = region->gate;
	bool last;

	spin_lock(&g->lock);
	WRITE_ONCE(g->moving, g->moving - 1);
	last = !g->moving;
	spin_unlock(&g->lock);
	if (last)
		wake_up_all(&g->settled);
}

/**
 * cb_gate_close() - put nothing into the pool for a while
 * @region: the region
 *
 * What is on its way arrives nevertheless. If that is said again and again, it ends
 * after CB_GATE_TIMES times as long: reclaim that never stops, for the sake of page
 * cache, must not keep a pool empty.
 *
 * Context: any but interrupts.
 */
void cb_gate_close(struct cma_bulk_region *region)
{
	unsigned long time = msecs_to_jiffies(CB_GATE_CLOSED_MS), last;
	struct cb_gate *g = region->gate;

	spin_lock(&g->lock);
	if (!g->closed || time_after_eq(jiffies, g->until))
		g->since = jiffies;
	last = g->since + CB_GATE_TIMES * time;
	g->closed = true;
	g->until = time_before(jiffies + time, last) ? jiffies + time : last;
	spin_unlock(&g->lock);
}
