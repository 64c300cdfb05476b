/* SPDX-License-Identifier: GPL-2.0-only */
/* Batches: the chunks that debugfs holds for its writers. */
#ifndef CMA_BULK_BATCH_H
#define CMA_BULK_BATCH_H

#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "core/parse.h"

struct cma_bulk_region;
struct page;

/**
 * struct cb_batch - chunks that one request obtained
 * @doomed: in the list of those that are about to be given back
 * @nr: its number
 * @order: of the chunks
 * @chunks: how many it has
 * @requested: how many were asked for
 * @created: when the request was done
 * @pid: process that asked, in the initial namespace
 * @comm: and the name of the task
 * @pages: first page of each chunk
 */
struct cb_batch {
	struct list_head doomed;
	u32 nr;
	unsigned int order;
	size_t chunks;
	size_t requested;
	ktime_t created;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	struct page **pages;
};

int cb_batches_init(struct cma_bulk_region *region);
void cb_batches_exit(struct cma_bulk_region *region);
int cb_batch_alloc(struct cma_bulk_region *region,
		   const struct cb_request *req);
int cb_batches_free(struct cma_bulk_region *region, const u64 *nr, size_t n);
void cb_batches_free_all(struct cma_bulk_region *region);

void cb_batches_lock(struct cma_bulk_region *region);
void cb_batches_unlock(struct cma_bulk_region *region);
const struct cb_batch *cb_batch_from(struct cma_bulk_region *region,
				     unsigned long nr);

#endif
