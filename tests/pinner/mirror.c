// SPDX-License-Identifier: GPL-2.0-only
/*
 * mirror: a device with a page table of its own and no pins. Pages stay
 * movable; the kernel tells when it takes one back, the device faults again.
 */
#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/hmm.h>
#include <linux/kthread.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "pinner.h"
#include "compat/pinner_compat.h"
#include "mirror.h"

#ifdef CMA_BULK_HAVE_MIRROR

/* Windows between two rests of a device that finds all it wants. */
#define MIRROR_BURST	16
/* Rest after a round with failed faults: that memory may stay unmapped. */
#define MIRROR_ERROR_MS	10

static struct mirror *to_mirror(struct mmu_interval_notifier *notifier)
{
	return container_of(notifier, struct mirror, notifier);
}

static bool mirror_invalidate(struct mmu_interval_notifier *notifier,
			      const struct mmu_notifier_range *range,
			      unsigned long seq)
{
	struct mirror *mirror = to_mirror(notifier);
	unsigned long end = mirror->start + (mirror->nr << PAGE_SHIFT);
	unsigned long from = max(range->start, mirror->start);
	unsigned long to = min(range->end, end);

	spin_lock(&mirror->lock);
	mmu_interval_set_seq(notifier, seq);
	if (from < to)
		memset(mirror->table + ((from - mirror->start) >> PAGE_SHIFT),
		       0, ((to - from) >> PAGE_SHIFT) * sizeof(*mirror->table));
	spin_unlock(&mirror->lock);
	atomic64_inc(&mirror->invalidations);
	pinner_count(PINNER_MIRROR_INVALIDATIONS, 1);
	return true;
}

static const struct mmu_interval_notifier_ops mirror_ops = {
	.invalidate = mirror_invalidate,
};

/* Read a word: the device does its work. The lock keeps the page in place. */
static void touch(struct mirror *mirror, unsigned long i)
{
	u32 word = prandom_u32_state(&mirror->rnd) % (PAGE_SIZE / sizeof(u64));
	u64 *words = cbp_kmap(hmm_pfn_to_page(mirror->table[i]));

	mirror->checksum += READ_ONCE(words[word]);
	cbp_kunmap(words);
}

/* Use what is there; returns the first page that must be faulted, or @end. */
static unsigned long touch_window(struct mirror *mirror, unsigned long first,
				  unsigned long end)
{
	unsigned long i, missing = end, touched = 0;

	spin_lock(&mirror->lock);
	for (i = first; i < end; i++) {
		if (mirror->table[i]) {
			touch(mirror, i);
			touched++;
		} else if (missing == end) {
			missing = i;
		}
	}
	spin_unlock(&mirror->lock);
	atomic64_add(touched, &mirror->touches);
	pinner_count(PINNER_MIRROR_TOUCHES, touched);
	return missing;
}

/* One page that is not mapped shall not keep its neighbours away. */
static int fault_window(struct mirror *mirror, unsigned long first,
			unsigned long nr)
{
	int ret = mirror_fault(mirror, first, nr), err = ret;
	unsigned long i;

	if (!ret || ret == -EBUSY)
		return 0;
	for (i = 0; i < nr && nr > 1; i++) {
		ret = mirror_fault(mirror, first + i, 1);
		if (ret && ret != -EBUSY)
			err = ret;
	}
	return err;
}

static int fault_with_mm(struct mirror *mirror, unsigned long first,
			 unsigned long nr)
{
	struct mm_struct *mm = mirror->notifier.mm;
	int ret;

	if (!mmget_not_zero(mm))
		return -ESRCH;
	ret = fault_window(mirror, first, nr);
	mmput(mm);
	return ret;
}

/* Use a window; fault what is missing. Tells whether something was. */
static bool use_window(struct mirror *mirror, unsigned long first,
		       bool *failed)
{
	unsigned long end = min(first + MIRROR_WINDOW, mirror->nr);
	int ret;

	first = touch_window(mirror, first, end);
	if (first == end)
		return false;
	ret = fault_with_mm(mirror, first, end - first);
	if (ret) {
		WRITE_ONCE(mirror->error, -ret);
		*failed = true;
	}
	return true;
}

/* The device: goes over its memory again and again. */
static int mirror_work(void *data)
{
	struct mirror *mirror = data;
	unsigned long first = 0;
	unsigned int idle = 0;
	bool failed = false;

	while (!kthread_should_stop()) {
		idle = use_window(mirror, first, &failed) ? 0 : idle + 1;
		if (idle && !(idle % MIRROR_BURST))
			usleep_range(100, 200);
		cond_resched();
		first += MIRROR_WINDOW;
		if (first < mirror->nr)
			continue;
		first = 0;
		if (failed)
			msleep(MIRROR_ERROR_MS);
		failed = false;
	}
	return 0;
}

static void mirror_free(struct mirror *mirror)
{
	kvfree(mirror->seen);
	kvfree(mirror->table);
	kfree(mirror);
}

static struct mirror *mirror_new(struct pinner_map *map, u64 seed)
{
	struct mirror *mirror = kzalloc(sizeof(*mirror), GFP_KERNEL);

	if (!mirror)
		return NULL;
	spin_lock_init(&mirror->lock);
	mirror->start = map->vaddr;
	mirror->nr = map->nr;
	mirror->flags = HMM_PFN_REQ_FAULT;
	if (!(map->flags & CMA_BULK_PINNER_MAP_READONLY))
		mirror->flags |= HMM_PFN_REQ_WRITE;
	prandom_seed_state(&mirror->rnd, seed);
	mirror->seen = kvcalloc(BITS_TO_LONGS(map->nr), sizeof(*mirror->seen),
				GFP_KERNEL);
	mirror->table = kvcalloc(map->nr, sizeof(*mirror->table), GFP_KERNEL);
	if (mirror->seen && mirror->table)
		return mirror;
	mirror_free(mirror);
	return NULL;
}

/* All of it once, so that MAP fails for what cannot be mirrored. */
static int mirror_populate(struct mirror *mirror,
			   struct cma_bulk_pinner_map *arg)
{
	unsigned long first;
	int ret;

	for (first = 0; first < mirror->nr; first += MIRROR_WINDOW) {
		ret = fatal_signal_pending(current) ? -EINTR :
		      mirror_fault(mirror, first,
				   min(MIRROR_WINDOW, mirror->nr - first));
		/* The device will fault again what was taken back at once. */
		if (ret && ret != -EBUSY) {
			arg->failed_vaddr = mirror->start +
					    (first << PAGE_SHIFT);
			arg->failure = ret == -EINTR || ret == -ENOMEM ?
				       CMA_BULK_PINNER_FAIL_PASSING :
				       CMA_BULK_PINNER_FAIL_PERMANENT;
			return ret;
		}
		cond_resched();
	}
	return 0;
}

static int mirror_start(struct mirror *mirror, struct cma_bulk_pinner_map *arg)
{
	struct task_struct *task;
	int ret;

	ret = mirror_populate(mirror, arg);
	if (ret)
		return ret;
	task = kthread_run(mirror_work, mirror, "cma_bulk_mirror");
	if (IS_ERR(task))
		return PTR_ERR(task);
	mirror->task = task;
	return 0;
}

static int mirror_map(struct pinner_map *map, struct cma_bulk_pinner_map *arg)
{
	struct mirror *mirror = mirror_new(map, arg->seed);
	int ret;

	if (!mirror)
		return -ENOMEM;
	/* Keeps the mm_struct, not the memory: that may go before us. */
	ret = mmu_interval_notifier_insert(&mirror->notifier, current->mm,
					   map->vaddr, map->nr << PAGE_SHIFT,
					   &mirror_ops);
	if (ret)
		goto free_mirror;
	ret = mirror_start(mirror, arg);
	if (ret)
		goto remove_notifier;
	map->data = mirror;
	return 0;

remove_notifier:
	mmu_interval_notifier_remove(&mirror->notifier);
free_mirror:
	mirror_free(mirror);
	return ret;
}

static void mirror_unmap(struct pinner_map *map)
{
	struct mirror *mirror = map->data;

	kthread_stop(mirror->task);
	/* Waits for an invalidation that still uses the table. */
	mmu_interval_notifier_remove(&mirror->notifier);
	mirror_free(mirror);
}

static unsigned long mirror_pfn(struct pinner_map *map, unsigned long i)
{
	struct mirror *mirror = map->data;
	unsigned long entry, pfn = 0;

	spin_lock(&mirror->lock);
	entry = mirror->table[i];
	if (entry)
		pfn = page_to_pfn(hmm_pfn_to_page(entry));
	spin_unlock(&mirror->lock);
	return pfn;
}

static void mirror_query(struct pinner_map *map,
			 struct cma_bulk_pinner_query *q)
{
	struct mirror *mirror = map->data;

	q->invalidations = atomic64_read(&mirror->invalidations);
	q->refaults = atomic64_read(&mirror->refaults);
	q->touches = atomic64_read(&mirror->touches);
	q->retries = atomic64_read(&mirror->retries);
	q->escalations = atomic64_read(&mirror->escalations);
	q->starved = atomic64_read(&mirror->starved);
	q->error = READ_ONCE(mirror->error);
}

#endif /* CMA_BULK_HAVE_MIRROR */

/* Without HMM in the kernel there is nothing to call: EOPNOTSUPP. */
const struct pinner_mode pinner_mirror = {
	.name = "mirror",
	.id = CMA_BULK_PINNER_MIRROR,
#ifdef CMA_BULK_HAVE_MIRROR
	.map = mirror_map,
	.unmap = mirror_unmap,
	.pfn = mirror_pfn,
	.query = mirror_query,
#endif
};
