// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "patience.h"
#include "queue.h"
#include "region.h"

/**
 * struct cb_queue - all-or-nothing requests of a region
 * @lock: protects @turns and the members of them; innermost
 * @turns: struct cb_turn, the earliest first
 * @wait: woken when one of them has ended a round or given way
 */
struct cb_queue {
	spinlock_t lock;		/* turns */
	struct list_head turns;
	wait_queue_head_t wait;
};

/**
 * cb_queue_init() - at load: no request
 * @region: the region
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_queue_exit().
 */
int cb_queue_init(struct cma_bulk_region *region)
{
	struct cb_queue *q = kzalloc(sizeof(*q), GFP_KERNEL);

	region->queue = q;
	if (!q)
		return -ENOMEM;
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->turns);
	init_waitqueue_head(&q->wait);
	return 0;
}

/**
 * cb_queue_exit() - at unload, when no request is at work
 * @region: the region
 */
void cb_queue_exit(struct cma_bulk_region *region)
{
	kfree(region->queue);
	region->queue = NULL;
}

/**
 * cb_turn_init() - a request comes
 * @t: filled in
 * @region: where
 * @takes_turns: it is all or nothing, and may wait
 *
 * Context: any but interrupts.
 */
void cb_turn_init(struct cb_turn *t, struct cma_bulk_region *region,
		  bool takes_turns)
{
	struct cb_queue *q = region->queue;

	*t = (struct cb_turn){ .region = region };
	INIT_LIST_HEAD(&t->list);
	if (!takes_turns)
		return;
	spin_lock(&q->lock);
	list_add_tail(&t->list, &q->turns);
	spin_unlock(&q->lock);
}

/**
 * cb_turn_exit() - a request has ended
 * @t: its turn
 *
 * Context: any but interrupts.
 */
void cb_turn_exit(struct cb_turn *t)
{
	struct cb_queue *q = t->region->queue;

	if (list_empty(&t->list))
		return;
	spin_lock(&q->lock);
	list_del_init(&t->list);
	spin_unlock(&q->lock);
	wake_up_all(&q->wait);
}

static void set_state(struct cb_turn *t, bool working, bool yields)
{
	struct cb_queue *q = t->region->queue;

	if (list_empty(&t->list))
		return;
	spin_lock(&q->lock);
	t->working = working;
	t->yields = yields;
	spin_unlock(&q->lock);
	wake_up_all(&q->wait);
}

/**
 * cb_turn_begin() - a round begins
 * @t: the turn of the request
 *
 * Context: any but interrupts.
 */
void cb_turn_begin(struct cb_turn *t)
{
	set_state(t, true, false);
}

/**
 * cb_turn_end() - a round has ended
 * @t: the turn of the request
 *
 * Context: any but interrupts.
 */
void cb_turn_end(struct cb_turn *t)
{
	set_state(t, false, false);
}

/* The caller holds the lock. Is one of the others in a round? */
static bool others_work(const struct cb_turn *t, bool earlier_only)
{
	const struct cb_turn *other;

	list_for_each_entry(other, &t->region->queue->turns, list) {
		if (other == t) {
			if (earlier_only)
				return false;
			continue;
		}
		if (other->working && !other->yields)
			return true;
	}
	return false;
}

static bool check(const struct cb_turn *t, bool earlier_only)
{
	struct cb_queue *q = t->region->queue;
	bool found;

	if (list_empty(&t->list))
		return false;
	spin_lock(&q->lock);
	found = others_work(t, earlier_only);
	spin_unlock(&q->lock);
	return found;
}

/**
 * cb_turn_meets() - is another all-or-nothing request in a round?
 * @t: the turn of the request that asks
 *
 * Context: any but interrupts.
 *
 * Return: true if one is that has not given way.
 */
bool cb_turn_meets(const struct cb_turn *t)
{
	return check(t, false);
}

/**
 * cb_turn_yields() - must a request give way to an earlier one?
 * @t: the turn of the request that asks
 *
 * Context: any but interrupts.
 *
 * Return: true if it must; the caller gives back what it has obtained and waits.
 */
bool cb_turn_yields(struct cb_turn *t)
{
	return check(t, true);
}

/**
 * cb_turn_wait() - wait for those that a request has met
 * @t: its turn
 * @patience: of the request
 *
 * One that has given way waits for the earlier ones to end their rounds, others
 * for the later ones to end theirs or to give way.
 *
 * Context: sleeps, without locks.
 *
 * Return: as cb_wait_event().
 */
int cb_turn_wait(struct cb_turn *t, const struct cb_patience *patience)
{
	bool yields = check(t, true);
	int ret;

	if (yields)
		set_state(t, true, true);
	ret = cb_wait_event(patience, t->region->queue->wait,
			    !check(t, yields));
	set_state(t, true, false);
	return ret;
}
