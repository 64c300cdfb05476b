// SPDX-License-Identifier: GPL-2.0-only
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "patience.h"

/* A helper thread is not woken by a signal of the task that it works for. */
#define CB_HELPER_LOOK	(HZ / 10)

/* What a helper thread would have to inherit from its caller. */
#define CB_ALLOC_SCOPES	(PF_MEMALLOC | PF_MEMALLOC_NOFS | PF_MEMALLOC_NOIO)

/**
 * cb_patience_init() - the patience of a request that begins now
 * @p: filled in
 * @timeout_ms: milliseconds until its deadline; 0 for none
 * @may_wait: it may sleep on others
 *
 * Context: the task that makes the request.
 */
void cb_patience_init(struct cb_patience *p, u64 timeout_ms, bool may_wait)
{
	p->task = current;
	p->deadline = timeout_ms ? ktime_add_ms(ktime_get(), timeout_ms) :
				   KTIME_MAX;
	p->may_wait = may_wait;
	p->alone = current->flags & CB_ALLOC_SCOPES;
}

/**
 * cb_patience_over() - must a request end now?
 * @p: its patience; any of its threads may ask
 *
 * Context: any.
 *
 * Return: 0, -EINTR for a fatal signal, -ETIMEDOUT at the deadline.
 */
int cb_patience_over(const struct cb_patience *p)
{
	if (fatal_signal_pending(p->task))
		return -EINTR;
	if (p->deadline != KTIME_MAX &&
	    ktime_compare(ktime_get(), p->deadline) >= 0)
		return -ETIMEDOUT;
	return 0;
}

/**
 * cb_patience_may_sleep() - may a request go to sleep on others now?
 * @p: its patience
 *
 * Context: any.
 *
 * Return: 0, -EAGAIN if it never may, -EINTR, -ETIMEDOUT.
 */
int cb_patience_may_sleep(const struct cb_patience *p)
{
	return p->may_wait ? cb_patience_over(p) : -EAGAIN;
}

/* Jiffies until @p ends, at most @most; a helper thread looks more often. */
static long jiffies_left(const struct cb_patience *p, long most)
{
	s64 ms;

	if (current != p->task)
		most = min_t(long, most, CB_HELPER_LOOK);
	if (p->deadline == KTIME_MAX)
		return most;
	ms = ktime_ms_delta(p->deadline, ktime_get());
	if (ms <= 0)
		return 1;
	if (ms >= jiffies_to_msecs(MAX_JIFFY_OFFSET))
		return most;
	return min_t(long, most, msecs_to_jiffies(ms) + 1);
}

/**
 * cb_patience_schedule() - sleep until woken, killed, or at the deadline
 * @p: the patience; the caller has set CB_TASK_PATIENT
 *
 * Context: process context. Suspend may freeze the task here.
 */
void cb_patience_schedule(const struct cb_patience *p)
{
	cb_freezable_schedule(jiffies_left(p, MAX_SCHEDULE_TIMEOUT));
}

/**
 * cb_patience_pause() - the point between two calls of the kernel
 * @p: the patience
 *
 * Lets others run. Does not freeze: the request has claimed units, for which
 * others would wait until resume.
 *
 * Context: process context, without spinlocks.
 *
 * Return: as cb_patience_over().
 */
int cb_patience_pause(const struct cb_patience *p)
{
	cond_resched();
	return cb_patience_over(p);
}

/**
 * cb_patience_rest() - the point between two passes
 * @p: the patience
 *
 * Lets others run, and lets suspend freeze the task of the request.
 *
 * Context: process context, without spinlocks.
 *
 * Return: as cb_patience_over().
 */
int cb_patience_rest(const struct cb_patience *p)
{
	cond_resched();
	while (current == p->task && unlikely(freezing(current)) &&
	       !cb_patience_over(p)) {
		set_current_state(CB_TASK_PATIENT);
		cb_freezable_schedule(HZ / 10);
	}
	return cb_patience_over(p);
}

/**
 * cb_patience_sleep() - sleep for a time
 * @p: the patience
 * @ms: milliseconds; 0 only lets others run, by a real switch: on a kernel with
 *	full preemption cond_resched() is nothing, and RCU-tasks waits for every
 *	task to switch on its own (synchronize_rcu_tasks(), the end of a kprobe)
 *
 * Context: process context, without spinlocks.
 *
 * Return: as cb_patience_over().
 */
int cb_patience_sleep(const struct cb_patience *p, u64 ms)
{
	unsigned long end = jiffies + msecs_to_jiffies(min_t(u64, ms, INT_MAX));
	long left;

	if (!ms)
		schedule();
	while ((left = (long)(end - jiffies)) > 0 && !cb_patience_over(p)) {
		set_current_state(CB_TASK_PATIENT);
		cb_freezable_schedule(jiffies_left(p, left));
	}
	return cb_patience_rest(p);
}
