// SPDX-License-Identifier: GPL-2.0-only
/*
 * File "hold": an outside caller that works for a long time. A thread of the
 * kernel, so that no signal and no suspend ends it.
 *
 * w: milliseconds to hold for; the write returns when all calls are kept off. 0
 *    ends it, and the write returns when it has ended.
 * r: 1 while it holds, else 0
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched.h>

#include <cma_bulk/cma_bulk.h>

#include "apitest.h"

static DEFINE_MUTEX(lock);		/* thread */
static struct task_struct *thread;
static DECLARE_COMPLETION(begun);
static unsigned long hold_ms;
static bool holds;

static int hold(void *unused)
{
	unsigned long end;

	cma_bulk_exclude_begin();
	end = jiffies + msecs_to_jiffies(hold_ms);
	WRITE_ONCE(holds, true);
	complete(&begun);
	while (!kthread_should_stop() && time_before(jiffies, end))
		schedule_timeout_interruptible(end - jiffies);
	WRITE_ONCE(holds, false);
	cma_bulk_exclude_end();
	/* kthread_stop() wants a thread that is there. */
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static void stop(void)
{
	if (thread)
		kthread_stop(thread);
	thread = NULL;
}

static int hold_set(void *unused, u64 ms)
{
	struct task_struct *t;
	int ret = 0;

	if (ms > INT_MAX)
		return -EINVAL;
	mutex_lock(&lock);
	stop();
	if (!ms)
		goto out;
	hold_ms = ms;
	reinit_completion(&begun);
	t = kthread_run(hold, NULL, "cma_bulk_hold");
	if (IS_ERR(t)) {
		ret = PTR_ERR(t);
		goto out;
	}
	thread = t;
	wait_for_completion(&begun);
out:
	mutex_unlock(&lock);
	return ret;
}

static int hold_get(void *unused, u64 *value)
{
	*value = READ_ONCE(holds);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(hold_fops, hold_get, hold_set, "%llu\n");

void hold_init(struct dentry *dir)
{
	debugfs_create_file_unsafe("hold", 0600, dir, NULL, &hold_fops);
}

/* The file is gone. */
void hold_exit(void)
{
	stop();
}
