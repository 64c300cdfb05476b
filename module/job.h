/* SPDX-License-Identifier: GPL-2.0-only */
/* A request at work: what was asked for, and what it has got so far. */
#ifndef CMA_BULK_JOB_H
#define CMA_BULK_JOB_H

#include <linux/ktime.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "claims.h"
#include "core/parse.h"
#include "core/slots.h"
#include "patience.h"
#include "stats.h"
#include "watch.h"

struct cma_bulk_region;
struct page;

/**
 * struct cb_job - a request at work; belongs to the task that made it
 * @region: where
 * @geo: slots of the region for the order and alignment that were asked for
 * @wanted: chunks
 * @fast: one pass over what nothing blocks, without sleeping on others
 * @waits: there is a next round if this one does not get all
 * @partial: keep what was obtained, even if that is not all
 * @for_pool: it fills the pool
 * @pool: it takes chunks of the pool
 * @salvage: also take clean chunks out of pageblocks with something that blocks
 * @workers: CPUs to work on; 0: automatic, 1: caller only
 * @floor: pages that must stay free outside of CMA
 * @patience: limits of its waits
 * @claims: units that it has claimed; only its own task changes them
 * @watch: what it looks at between rounds; likewise
 * @engine: private to the engine
 * @lock: protects all that follows while several threads work on the request;
 *	no other lock is held together with it
 * @pages: what was obtained, room for as many as wanted
 * @got: chunks
 * @drained: LRU batches were drained in this round
 * @no_target: some of it was given up because there was no memory to migrate to
 * @met_claim: it was in the way that another request, or a caller outside of this
 *	module, was at work
 * @refused: first page of the last range that the kernel refused, 0 for none
 * @busy_blocks: one bit for each pageblock of the region: had something that
 *	blocks when it was last looked at
 * @taken_blocks: one bit for each pageblock: pages of it were taken
 * @unclocked: time that does not count
 * @counts: what was done; nothing steers by it
 */
struct cb_job {
	struct cma_bulk_region *region;
	struct cb_geometry geo;
	size_t wanted;
	bool fast;
	bool waits;
	bool partial;
	bool for_pool;
	bool pool;
	bool salvage;
	unsigned int workers;
	unsigned long floor;
	struct cb_patience patience;
	struct cb_claims claims;
	struct cb_watch watch;
	void *engine;

	spinlock_t lock;		/* all that follows */
	struct page **pages;
	size_t got;
	bool drained;
	bool no_target;
	bool met_claim;
	unsigned long refused;
	unsigned long *busy_blocks;
	unsigned long *taken_blocks;
	ktime_t unclocked;
	struct cb_counts counts;
};

int cb_job_init(struct cb_job *job, struct cma_bulk_region *region,
		const struct cb_request *req, struct page **pages);
void cb_job_exit(struct cb_job *job);
void cb_job_no_target(struct cb_job *job);
void cb_job_met_claim(struct cb_job *job);
void cb_job_waited(struct cb_job *job, ktime_t start);
int cb_job_call(struct cb_job *job, unsigned long pfn, unsigned long nr,
		unsigned long in_use);
int cb_job_empty(struct cb_job *job, unsigned long pfn, unsigned long nr,
		 unsigned long in_use);
void cb_job_called(struct cb_job *job, int ret);
void cb_job_took(struct cb_job *job, unsigned long pfn, unsigned long nr,
		 unsigned long in_use, bool from_cma);

#endif
