/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of module/ and debugfs/ share. The layers, from below:
 *
 *	compat/		what differs between kernels
 *	core/		policy, no kernel calls
 *	scan		struct page -> core's samples and slots
 *	claim		who is at work where
 *	take		calls of alloc_contig_range(), what is held
 *	bulk, simple	the engines
 *	request		one request: rounds, deadline, verdict
 *	ledger, api	who holds what: debugfs' batches, drivers' pages
 *	debugfs/	parses and prints
 */
#ifndef CMA_BULK_INTERNAL_H
#define CMA_BULK_INTERNAL_H

#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "core/blocks.h"
#include "core/classify.h"
#include "core/parse.h"
#include "core/plan.h"
#include "core/slots.h"

#ifdef pr_fmt
#undef pr_fmt
#endif
#define pr_fmt(fmt) "cma_bulk: " fmt

#define CB_NAME_MAX	64
#define CB_HIST_BUCKETS	32

/*
 * The most that one call takes. A pageblock is isolated, and so lost to
 * everybody else, for as long as the call lasts; above this size the cost of a
 * call no longer shows. Two make the classic 300 MiB, one for each of two
 * threads.
 */
#define CB_CALL_PAGES	((160UL * SZ_1M) >> PAGE_SHIFT)

/* The last finished request, as the file "last" shows it. */
struct cb_result {
	u64 requested;
	u64 allocated;
	unsigned int order;
	bool fast;
	enum cb_engine engine;
	int ret;
	u64 elapsed_us;
	u64 scan_us;
	u64 wait_us;
	u64 rounds;
	u64 contig_calls;
	u64 contig_busy;
	u64 blocks_total;
	u64 blocks_skipped;
	u64 blocks_taken;
	u64 chunks_salvaged;
	u64 pages_free;
	u64 pages_migrated;
	u64 batch;
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

/* Sums since load or since reset_stats. */
struct cb_stats {
	u64 requests;
	u64 outcome[CB_NR_OUTCOMES];
	u64 error[CB_NR_ERRORS];
	u64 chunks_requested;
	u64 chunks_allocated;
	u64 chunks_freed;
	u64 chunks_salvaged;
	u64 pages_free;
	u64 pages_migrated;
	u64 contig_calls;
	u64 contig_busy;
	u64 rounds;
	u64 elapsed_us;
	u64 scan_us;
	u64 wait_us;
	u64 still_referenced;
	u64 bad_frees;
	u64 latency[CB_NR_OUTCOMES][CB_HIST_BUCKETS];
};

/* What a file of knobs/ stands for. */
struct cb_knob {
	struct cma_bulk_region *region;
	enum cb_key key;
};

/**
 * struct cma_bulk_region - a reserved CMA area
 * @list: in cb_regions; never changes between load and unload
 * @name: unique, as in debugfs
 * @source: where it was found: "dt", "cma" or "param"
 * @base_pfn: its first page
 * @nr_pages: its length
 * @cma: the kernel's handle, NULL if it could not be had
 * @plan_lock: one request at a time scans, plans and claims
 * @bits_lock: protects all bitmaps and @claim_seq
 * @held: a bit a page: handed out by us, and not yet free again
 * @freeing: a bit a page of @held: on its way back to the kernel
 * @from_cma: a bit a page: came from cma_alloc(), must go to cma_release()
 * @claimed: a bit a unit (CB_UNIT_PAGES): a request is at work on it
 * @claim_seq: counts claims given back
 * @claim_wait: woken by each of them
 * @edges: a bit a unit: somebody takes or frees a part of it
 * @edge_wait: woken when he is done
 * @batch_lock: protects @batches and @next_batch
 * @batches: struct cb_batch, oldest first
 * @next_batch: number of the next one
 * @linger_lock: protects @lingering
 * @lingering: struct cb_linger, pages given back with references left
 * @linger_work: looks whether those are gone
 * @stats_lock: protects @stats, @last and @knobs
 * @stats: sums
 * @last: the last finished request
 * @knobs: defaults of a request
 * @knob: a file of debugfs for each of them
 */
struct cma_bulk_region {
	struct list_head list;
	char name[CB_NAME_MAX];
	const char *source;
	unsigned long base_pfn;
	unsigned long nr_pages;
	struct cma *cma;

	struct mutex plan_lock;		/* scan, plan, claim */
	spinlock_t bits_lock;		/* of all bitmaps, and claim_seq */
	unsigned long *held;
	unsigned long *freeing;
	unsigned long *from_cma;
	unsigned long *claimed;
	unsigned int claim_seq;
	wait_queue_head_t claim_wait;
	unsigned long *edges;
	wait_queue_head_t edge_wait;

	struct mutex batch_lock;	/* batches, next_batch */
	struct list_head batches;
	unsigned int next_batch;

	spinlock_t linger_lock;		/* lingering */
	struct list_head lingering;
	struct delayed_work linger_work;

	spinlock_t stats_lock;		/* stats, last, knobs */
	struct cb_stats stats;
	struct cb_result last;
	struct cb_request knobs;
	struct cb_knob knob[CB_NR_KEYS];
};

/**
 * struct cb_batch - chunks that one debugfs request obtained
 * @list: in the region's list
 * @nr: its number
 * @order: of the chunks
 * @chunks: how many it has
 * @requested: how many were asked for
 * @created: when the request was done
 * @pid: who asked
 * @comm: and that task's name
 * @pages: first page of each chunk
 */
struct cb_batch {
	struct list_head list;
	unsigned int nr;
	unsigned int order;
	size_t chunks;
	size_t requested;
	ktime_t created;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	struct page **pages;
};

/**
 * struct cb_ctx - a request at work; belongs to the task that made it
 * @region: where
 * @req: what
 * @geo: slots of the region for that order and alignment
 * @task: who made it
 * @lock: protects @pages, @got, @failed, @taken_blocks and @res while several
 *	threads work on the request
 * @pages: what was obtained, room for as many as wanted
 * @wanted: chunks
 * @got: chunks
 * @deadline: KTIME_MAX for none
 * @started: for elapsed_us
 * @drained: LRU batches were drained in this round
 * @slot: a byte a slot: bulk engine
 * @claims: a bit a unit: those that this request has claimed
 * @failed: a bit a slot: refused by the kernel in this round: bulk engine
 * @in_use: a bit a page, as it was before the request: simple engines
 * @foreign: a bit a page, owned by another user of the area: simple engines
 * @busy_blocks: a bit a pageblock: had something that blocks
 * @taken_blocks: a bit a pageblock: we took pages of it
 * @res: counters
 */
struct cb_ctx {
	struct cma_bulk_region *region;
	const struct cb_request *req;
	struct cb_geometry geo;
	struct task_struct *task;
	spinlock_t lock;		/* see above */
	struct page **pages;
	size_t wanted;
	size_t got;
	ktime_t deadline;
	ktime_t started;
	bool drained;
	unsigned char *slot;
	unsigned long *claims;
	unsigned long *failed;
	unsigned long *in_use;
	unsigned long *foreign;
	unsigned long *busy_blocks;
	unsigned long *taken_blocks;
	struct cb_result res;
};

/* A bitmap of any length, all zero; kvfree() frees it. NULL without memory. */
static inline unsigned long *cb_bits_alloc(unsigned long nr)
{
	return kvcalloc(BITS_TO_LONGS(nr), sizeof(long), GFP_KERNEL);
}

/* sources.c: where regions come from */
int cb_sources_init(void);
const char *cb_source_state(unsigned int source, const char **name);

/* region.c: the list of them */
extern struct list_head cb_regions;
int cb_region_add(const char *name, const char *source, phys_addr_t base,
		  phys_addr_t size, struct cma *cma);
struct cma_bulk_region *cb_region_find(const char *name);
void cb_regions_free(void);
unsigned long cb_region_blocks(const struct cma_bulk_region *region);

/* scan.c: struct page, read without locks */
enum { CB_SCAN_DRAINED = 1, CB_SCAN_OWN_CLAIM = 2 };

typedef void (*cb_run_fn)(void *arg, unsigned long pfn, unsigned long nr,
			  enum cb_class class);

void cb_scan(struct cma_bulk_region *region, unsigned long pfn,
	     unsigned long nr, unsigned int flags, cb_run_fn run, void *arg);

/* claim.c: who is at work where */
unsigned long cb_unit(const struct cma_bulk_region *region, unsigned long pfn);
int cb_claim_all(struct cb_ctx *ctx);
unsigned long cb_nr_units(const struct cma_bulk_region *region);
void cb_claim(struct cb_ctx *ctx, unsigned long pfn, unsigned long nr);
void cb_unclaim(struct cb_ctx *ctx);
unsigned int cb_claim_seq(struct cma_bulk_region *region);
int cb_claim_wait(struct cb_ctx *ctx, unsigned int seq);
void cb_edges_enter(struct cma_bulk_region *region, unsigned long pfn,
		    unsigned long nr);
void cb_edges_leave(struct cma_bulk_region *region, unsigned long pfn,
		    unsigned long nr);

/* take.c: calls */
int cb_take(struct cb_ctx *ctx, unsigned long pfn, unsigned long nr);
struct page *cb_take_from_cma(struct cb_ctx *ctx, unsigned long nr,
			      unsigned int align);
void cb_took(struct cb_ctx *ctx, unsigned long pfn, unsigned long nr,
	     unsigned long in_use, bool from_cma);
void cb_keep(struct cb_ctx *ctx, unsigned long pfn);
bool cb_range_held(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr);
void cb_drain(struct cma_bulk_region *region);
const char *cb_drain_name(void);

/* team.c: several threads for one plan */
int cb_team_init(void);
void cb_team_exit(void);
int cb_team_run(struct cb_ctx *ctx, struct cb_range *range, unsigned long nr);

/* runs.c: taking a run of slots */
unsigned long cb_slot_pfn(const struct cb_ctx *ctx, unsigned long slot);
unsigned long cb_slots_to_unit_end(const struct cb_ctx *ctx,
				   unsigned long slot);
unsigned int cb_call_slots(const struct cb_ctx *ctx, unsigned long pages);
void cb_look_at_region(struct cb_ctx *ctx);
int cb_take_range(struct cb_ctx *ctx, const struct cb_range *range);

/* bulk.c, simple.c: the engines. One round; 0, or why it ended early. */
int cb_bulk_round(struct cb_ctx *ctx);
int cb_simple_round(struct cb_ctx *ctx);
bool cb_engine_works(const struct cma_bulk_region *region,
		     enum cb_engine engine);

/* request.c */
int cb_request_run(struct cma_bulk_region *region,
		   const struct cb_request *req, struct page **pages,
		   size_t *nr, struct cb_result *res);
int cb_request_check(struct cma_bulk_region *region,
		     const struct cb_request *req);
int cb_interrupted(const struct cb_ctx *ctx);

/* release.c: pages on their way back */
size_t cb_release(struct cma_bulk_region *region, unsigned int order,
		  struct page **pages, size_t nr);
void cb_linger_work(struct work_struct *work);
void cb_linger_stop(struct cma_bulk_region *region);

/* ledger.c: what debugfs holds */
int cb_batch_alloc(struct cma_bulk_region *region,
		   const struct cb_request *req);
int cb_batches_free(struct cma_bulk_region *region, const u64 *nr, size_t n);
void cb_batches_free_all(struct cma_bulk_region *region);

/* blockers.c: who is in the way */

/**
 * struct cb_blockers - the pages that block in a region, at one moment
 * @region: the region
 * @page: a bit a page: it blocks
 * @suspect: a bit a page: it did so at a first look
 */
struct cb_blockers {
	struct cma_bulk_region *region;
	unsigned long *page;
	unsigned long *suspect;
};

/* One of them; flags and owner are words. */
struct cb_blocker {
	enum cb_reason reason;
	long refs;
	long maps;
	char flags[160];
	char owner[64];
};

int cb_blockers_find(struct cb_blockers *b, struct cma_bulk_region *region);
void cb_blockers_free(struct cb_blockers *b);
bool cb_blocker_describe(unsigned long pfn, struct cb_blocker *d);

/* stats.c */
void cb_stats_add(struct cma_bulk_region *region, const struct cb_result *res);
int cb_stats_refuse(struct cma_bulk_region *region,
		    const struct cb_request *req, int ret);
void cb_stats_reset(struct cma_bulk_region *region);
const char *cb_error_name(enum cb_error error);

#endif
