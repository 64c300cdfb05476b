/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Patience: on whose behalf a request works, until when, and whether it may
 * sleep on others. Whatever can block on the way takes one, so that no wait
 * outlives a deadline, a SIGKILL or the wish to suspend.
 */
#ifndef CMA_BULK_PATIENCE_H
#define CMA_BULK_PATIENCE_H

#include <linux/ktime.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "compat/freezer.h"

struct task_struct;

/**
 * struct cb_patience - limits of every wait of one request
 * @task: whose fatal signals end it
 * @deadline: when it ends; KTIME_MAX for never
 * @may_wait: it may sleep on other requests, callers and frees
 * @alone: the caller is in a memory allocation scope (or in reclaim), which a
 *	helper thread would not inherit: no helper threads
 */
struct cb_patience {
	struct task_struct *task;
	ktime_t deadline;
	bool may_wait;
	bool alone;
};

void cb_patience_init(struct cb_patience *p, u64 timeout_ms, bool may_wait);
int cb_patience_over(const struct cb_patience *p);
int cb_patience_pause(const struct cb_patience *p);
int cb_patience_rest(const struct cb_patience *p);
int cb_patience_sleep(const struct cb_patience *p, u64 ms);
int cb_patience_may_sleep(const struct cb_patience *p);
void cb_patience_schedule(const struct cb_patience *p);

/**
 * cb_wait_event() - sleep until a condition holds, as long as patience lasts
 * @p: struct cb_patience of the request
 * @wq: wait queue head that is woken when @condition may have changed
 * @condition: must not sleep
 *
 * A woken task may be frozen before it looks at @condition again.
 *
 * Context: process context, without spinlocks.
 *
 * Return: 0 if @condition holds, -EAGAIN if it does not and the request may not
 * wait, -EINTR, -ETIMEDOUT.
 */
#define cb_wait_event(p, wq, condition)					\
({									\
	const struct cb_patience *__cb_p = (p);				\
	wait_queue_head_t *__cb_wq = &(wq);				\
	DEFINE_WAIT(__cb_wait);						\
	int __cb_ret = 0;						\
									\
	might_sleep();							\
	for (;;) {							\
		prepare_to_wait(__cb_wq, &__cb_wait, CB_TASK_PATIENT);	\
		if (condition)						\
			break;						\
		__cb_ret = cb_patience_may_sleep(__cb_p);		\
		if (__cb_ret)						\
			break;						\
		cb_patience_schedule(__cb_p);				\
	}								\
	finish_wait(__cb_wq, &__cb_wait);				\
	__cb_ret;							\
})

#endif
