/* SPDX-License-Identifier: GPL-2.0-only */
/* The two halves of mode mirror. */
#ifndef CMA_BULK_PINNER_MIRROR_H
#define CMA_BULK_PINNER_MIRROR_H

#include <linux/mmu_notifier.h>
#include <linux/prandom.h>
#include <linux/spinlock.h>

/* Pages that are faulted in one go. */
#define MIRROR_WINDOW	64UL

/**
 * struct mirror - a device's page table, and the device
 * @notifier: tells when part of it is no longer true
 * @lock: protects @table, and with it the pages that it names: an invalidation
 *	cannot complete while it is held. Never sleeps, so invalidations that
 *	may not sleep need no other path
 * @table: an hmm pfn a page, 0 if the device must fault
 * @seen: pages that were once in @table, a bit each; under @lock
 * @start: user address; constant
 * @nr: number of pages; constant
 * @flags: what the device wants, HMM_PFN_REQ_*; constant
 * @task: the device at work
 * @window: pfns of a fault in progress. Used by MAP, then by @task
 * @rnd: as @window
 * @checksum: of what the device read; there so that it does read. As @window
 * @error: last errno of a fault, or 0
 * @invalidations: times the kernel took part of it back
 * @refaults: pages faulted, but for their first time
 * @touches: pages read through @table
 * @retries: faults that collided
 * @escalations: faults repeated under the mmap write lock
 * @starved: faults given up even so
 */
struct mirror {
	struct mmu_interval_notifier notifier;
	spinlock_t lock; /* protects table and seen */
	unsigned long *table;
	unsigned long *seen;
	unsigned long start;
	unsigned long nr;
	unsigned long flags;
	struct task_struct *task;
	unsigned long window[MIRROR_WINDOW];
	struct rnd_state rnd;
	u64 checksum;
	int error;
	atomic64_t invalidations;
	atomic64_t refaults;
	atomic64_t touches;
	atomic64_t retries;
	atomic64_t escalations;
	atomic64_t starved;
};

int mirror_fault(struct mirror *mirror, unsigned long first, unsigned long nr);

#endif
