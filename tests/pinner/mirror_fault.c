// SPDX-License-Identifier: GPL-2.0-only
/*
 * mirror: fault pages into the device's page table. What was looked up may be
 * taken back before it is written down; then it is looked up again, a bounded
 * number of times, then once more with the process's memory map held still.
 */
#include <linux/delay.h>
#include <linux/hmm.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>

#include "pinner.h"
#include "compat/pinner_compat.h"
#include "mirror.h"

#ifdef CMA_BULK_HAVE_MIRROR

/* Collisions before the write lock is taken; back-off doubles from 50 us. */
#define MIRROR_TRIES		8
#define MIRROR_BACKOFF_US	50U
/*
 * Under the write lock no system call and hardly a fault of the process can
 * collide, migration can: it needs no mmap lock. But it takes a page away once
 * and waits for others in between, so a page alone gets through.
 */
#define MIRROR_LOCKED_TRIES	64

/* Write down what was found, unless it has changed since. */
static bool install(struct mirror *mirror, const struct hmm_range *range)
{
	unsigned long first = (range->start - mirror->start) >> PAGE_SHIFT;
	unsigned long nr = (range->end - range->start) >> PAGE_SHIFT;
	unsigned long i, refaults = 0;

	spin_lock(&mirror->lock);
	if (mmu_interval_read_retry(&mirror->notifier, range->notifier_seq)) {
		spin_unlock(&mirror->lock);
		return false;
	}
	for (i = 0; i < nr; i++) {
		if (!mirror->table[first + i])
			refaults += test_bit(first + i, mirror->seen);
		mirror->table[first + i] = range->hmm_pfns[i];
		__set_bit(first + i, mirror->seen);
	}
	spin_unlock(&mirror->lock);
	atomic64_add(refaults, &mirror->refaults);
	pinner_count(PINNER_MIRROR_REFAULTS, refaults);
	return true;
}

static void range_init(struct mirror *mirror, struct hmm_range *range,
		       unsigned long first, unsigned long nr)
{
	*range = (struct hmm_range){
		.notifier = &mirror->notifier,
		.start = mirror->start + (first << PAGE_SHIFT),
		.end = mirror->start + ((first + nr) << PAGE_SHIFT),
		.hmm_pfns = mirror->window,
		.default_flags = mirror->flags,
	};
}

/* Memory that may not be written is to a user what is not mapped at all. */
static int lookup(struct hmm_range *range)
{
	int ret = hmm_range_fault(range);

	return ret == -EPERM ? -EFAULT : ret;
}

/* Look up and write down, once: 0, -EBUSY for a collision, or an error. */
static int try_locked(struct mirror *mirror, struct hmm_range *range)
{
	int ret = lookup(range);

	if (ret)
		return ret;
	return install(mirror, range) ? 0 : -EBUSY;
}

static int try_once(struct mirror *mirror, struct hmm_range *range)
{
	struct mm_struct *mm = mirror->notifier.mm;
	int ret;

	/* Waits for an invalidation under way, so before the lock. */
	range->notifier_seq = mmu_interval_read_begin(&mirror->notifier);
	mmap_read_lock(mm);
	ret = lookup(range);
	mmap_read_unlock(mm);
	if (ret)
		return ret;
	return install(mirror, range) ? 0 : -EBUSY;
}

static void count_retry(struct mirror *mirror)
{
	atomic64_inc(&mirror->retries);
	pinner_count(PINNER_MIRROR_RETRIES, 1);
}

static int try_often(struct mirror *mirror, struct hmm_range *range)
{
	unsigned int try, us = MIRROR_BACKOFF_US;
	int ret;

	for (try = 0; try < MIRROR_TRIES; try++) {
		ret = try_once(mirror, range);
		if (ret != -EBUSY)
			return ret;
		count_retry(mirror);
		/* Only a caller of MAP has signals. */
		if (fatal_signal_pending(current))
			return -EINTR;
		/* Let the other side finish, and more so each time. */
		usleep_range(us, 2 * us);
		us *= 2;
	}
	return -EBUSY;
}

/* One page; the smaller, the less can collide with it. */
static int try_page(struct mirror *mirror, unsigned long i)
{
	struct hmm_range range;
	unsigned int try;
	int ret = -EBUSY;

	for (try = 0; try < MIRROR_LOCKED_TRIES && ret == -EBUSY; try++) {
		range_init(mirror, &range, i, 1);
		range.notifier_seq =
			mmu_interval_read_begin(&mirror->notifier);
		ret = try_locked(mirror, &range);
		if (ret == -EBUSY)
			count_retry(mirror);
	}
	return ret;
}

/*
 * The write lock is safe to hold while waiting for an invalidation: whoever
 * makes one either holds the mmap lock, then we do not, or does not want it.
 */
static int escalate(struct mirror *mirror, unsigned long first,
		    unsigned long nr)
{
	struct mm_struct *mm = mirror->notifier.mm;
	unsigned long i;
	int ret = 0;

	atomic64_inc(&mirror->escalations);
	pinner_count(PINNER_MIRROR_ESCALATIONS, 1);
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	for (i = 0; i < nr && !ret; i++)
		ret = try_page(mirror, first + i);
	mmap_write_unlock(mm);
	return ret;
}

/**
 * mirror_fault() - fault pages into the device's page table
 * @mirror: the mirror; the caller holds a user reference to its mm
 * @first: first page
 * @nr: how many, at most MIRROR_WINDOW
 *
 * Context: sleeps. One caller at a time.
 * Return: 0; -EBUSY if it collided too often, some pages may be there; -EINTR;
 * or -EFAULT and others of hmm_range_fault().
 */
int mirror_fault(struct mirror *mirror, unsigned long first, unsigned long nr)
{
	struct hmm_range range;
	int ret;

	range_init(mirror, &range, first, nr);
	ret = try_often(mirror, &range);
	if (ret != -EBUSY)
		return ret;
	ret = escalate(mirror, first, nr);
	if (ret == -EBUSY) {
		atomic64_inc(&mirror->starved);
		pinner_count(PINNER_MIRROR_STARVED, 1);
	}
	return ret;
}

#endif /* CMA_BULK_HAVE_MIRROR */
