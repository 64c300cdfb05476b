/* SPDX-License-Identifier: GPL-2.0-only */
/* What a region remembers of its requests: sums, and the last one. */
#ifndef CMA_BULK_STATS_H
#define CMA_BULK_STATS_H

#include <linux/types.h>

#include "core/parse.h"

struct cma_bulk_region;

#define CB_HIST_BUCKETS	32

/**
 * struct cb_counts - what a request did, counted while it is at work
 * @scan_us: microseconds spent on looking at pages
 * @wait_us: microseconds asleep between rounds and on others
 * @rounds: rounds, the first included
 * @contig_calls: calls of the kernel's allocator
 * @contig_busy: of these, refused
 * @blocks_skipped: pageblocks with something that blocks, none of it taken
 * @blocks_taken: pageblocks of which something was taken
 * @chunks_salvaged: chunks out of pageblocks with something that blocks
 * @pages_free: pages that were free when they were taken
 * @pages_migrated: pages that were in use when they were taken
 * @no_target: ranges given up because there was no memory to migrate to
 * @pages_scanned: pages looked at, as often as they were
 * @pool_chunks: chunks that came from the pool
 * @pool_clear: those of them that are clear
 * @pool_misses: chunks that the pool would have served and did not have
 *
 * No request steers by them. The heap, which gets the chunks, need not clear them if
 * all are @pool_clear.
 */
struct cb_counts {
	u64 scan_us;
	u64 wait_us;
	u64 rounds;
	u64 contig_calls;
	u64 contig_busy;
	u64 blocks_skipped;
	u64 blocks_taken;
	u64 chunks_salvaged;
	u64 pages_free;
	u64 pages_migrated;
	u64 no_target;
	u64 pages_scanned;
	u64 pool_chunks;
	u64 pool_clear;
	u64 pool_misses;
};

/* A finished request, as the file "last" shows it. */
struct cb_result {
	u64 requested;
	u64 allocated;
	unsigned int order;
	bool fast;
	enum cb_engine engine;
	int ret;
	u64 elapsed_us;
	u64 blocks_total;
	u64 batch;
	struct cb_counts counts;
};

enum cb_outcome { CB_SUCCESS, CB_PARTIAL, CB_FAILURE, CB_NR_OUTCOMES };

/* Errnos that a request can end with, in the order in which stats show them. */
enum cb_error {
	CB_E_BUSY,
	CB_E_NOMEM,
	CB_E_TIMEDOUT,
	CB_E_INTR,
	CB_E_INVAL,
	CB_E_2BIG,
	CB_E_OPNOTSUPP,
	CB_E_OTHER,
	CB_NR_ERRORS
};

/* Sums since load or since the last reset. */
struct cb_stats {
	u64 requests;
	u64 outcome[CB_NR_OUTCOMES];
	u64 error[CB_NR_ERRORS];
	u64 chunks_requested;
	u64 chunks_allocated;
	u64 chunks_freed;
	u64 elapsed_us;
	u64 still_referenced;
	u64 bad_frees;
	u64 latency[CB_NR_OUTCOMES][CB_HIST_BUCKETS];
	struct cb_counts counts;
};

int cb_stats_init(struct cma_bulk_region *region);
void cb_stats_exit(struct cma_bulk_region *region);
void cb_stats_add(struct cma_bulk_region *region, const struct cb_result *res);
void cb_stats_freed(struct cma_bulk_region *region, u64 freed, u64 bad,
		    u64 referenced);
void cb_stats_reset(struct cma_bulk_region *region);
void cb_stats_read(struct cma_bulk_region *region, struct cb_stats *sums);
void cb_stats_last(struct cma_bulk_region *region, struct cb_result *last);
const char *cb_error_name(enum cb_error error);

#endif
