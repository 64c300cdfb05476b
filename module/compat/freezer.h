/* SPDX-License-Identifier: GPL-2.0-only */
/* Sleeping so that neither SIGKILL nor suspend has to wait for it. */
#ifndef CMA_BULK_COMPAT_FREEZER_H
#define CMA_BULK_COMPAT_FREEZER_H

#include <linux/freezer.h>
#include <linux/sched.h>

/*
 * Since 6.1 a task says by its state that it may be frozen where it sleeps
 * (f5d39b020809 "freezer,sched: Rewrite core freezer logic"); before, it asked
 * the freezer not to count it. "Unsafe" is what lockdep calls it with a lock
 * held: a write to debugfs holds that file system's freeze protection, which
 * nothing waits for during suspend.
 */
#ifdef TASK_FREEZABLE_UNSAFE
#define CB_TASK_PATIENT	(TASK_KILLABLE | TASK_FREEZABLE_UNSAFE)

static inline long cb_freezable_schedule(long timeout)
{
	return schedule_timeout(timeout);
}
#else
#define CB_TASK_PATIENT	TASK_KILLABLE

static inline long cb_freezable_schedule(long timeout)
{
	freezer_do_not_count();
	timeout = schedule_timeout(timeout);
	freezer_count_unsafe();
	return timeout;
}
#endif

#endif
