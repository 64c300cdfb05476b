// SPDX-License-Identifier: GPL-2.0-only
/* Sums over the requests of a region. */
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "core/parse.h"
#include "region.h"
#include "stats.h"

/**
 * struct cb_stats_book - what a region remembers of its requests
 * @lock: protects the rest; innermost
 * @sums: since load or since the last reset
 * @last: the last finished request
 */
struct cb_stats_book {
	spinlock_t lock;		/* all that follows */
	struct cb_stats sums;
	struct cb_result last;
};

static const struct {
	int error;
	const char *name;
} errors[CB_NR_ERRORS] = {
	[CB_E_BUSY]		= { EBUSY, "EBUSY" },
	[CB_E_NOMEM]		= { ENOMEM, "ENOMEM" },
	[CB_E_TIMEDOUT]		= { ETIMEDOUT, "ETIMEDOUT" },
	[CB_E_INTR]		= { EINTR, "EINTR" },
	[CB_E_INVAL]		= { EINVAL, "EINVAL" },
	[CB_E_2BIG]		= { E2BIG, "E2BIG" },
	[CB_E_OPNOTSUPP]	= { EOPNOTSUPP, "EOPNOTSUPP" },
	[CB_E_OTHER]		= { 0, "other" },
};

/* Add what one request did to the sums. */
static void counts_add(struct cb_counts *sum, const struct cb_counts *c)
{
	sum->scan_us += c->scan_us;
	sum->wait_us += c->wait_us;
	sum->rounds += c->rounds;
	sum->contig_calls += c->contig_calls;
	sum->contig_busy += c->contig_busy;
	sum->chunks_salvaged += c->chunks_salvaged;
	sum->pages_free += c->pages_free;
	sum->pages_migrated += c->pages_migrated;
	sum->no_target += c->no_target;
	sum->pages_scanned += c->pages_scanned;
	sum->pool_chunks += c->pool_chunks;
	sum->pool_clear += c->pool_clear;
	sum->pool_misses += c->pool_misses;
}

/**
 * cb_error_name() - the word for an errno in stats
 * @error: which
 *
 * Return: a constant string.
 */
const char *cb_error_name(enum cb_error error)
{
	return errors[error].name;
}

static enum cb_error error_index(int ret)
{
	unsigned int i;

	for (i = 0; i < CB_E_OTHER; i++)
		if (errors[i].error == -ret)
			break;
	return i;
}

static enum cb_outcome outcome(const struct cb_result *res)
{
	if (!res->ret)
		return CB_SUCCESS;
	return res->allocated ? CB_PARTIAL : CB_FAILURE;
}

/* Bucket n counts latencies below 2^n microseconds, and not below 2^(n-1). */
static unsigned int bucket(u64 us)
{
	return min_t(unsigned int, us ? ilog2(us) + 1 : 0, CB_HIST_BUCKETS - 1);
}

/**
 * cb_stats_init() - at load: no request yet
 * @region: the region
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_stats_exit().
 */
int cb_stats_init(struct cma_bulk_region *region)
{
	region->stats = kvzalloc(sizeof(*region->stats), GFP_KERNEL);
	if (!region->stats)
		return -ENOMEM;
	spin_lock_init(&region->stats->lock);
	return 0;
}

/**
 * cb_stats_exit() - at unload
 * @region: the region
 */
void cb_stats_exit(struct cma_bulk_region *region)
{
	kvfree(region->stats);
	region->stats = NULL;
}

/**
 * cb_stats_add() - count a request, and remember it as the last one
 * @region: the region
 * @res: its result
 *
 * Context: any but interrupts.
 */
void cb_stats_add(struct cma_bulk_region *region, const struct cb_result *res)
{
	struct cb_stats *s = &region->stats->sums;
	enum cb_outcome out = outcome(res);

	spin_lock(&region->stats->lock);
	region->stats->last = *res;
	s->requests++;
	s->outcome[out]++;
	if (res->ret)
		s->error[error_index(res->ret)]++;
	s->chunks_requested += res->requested;
	s->chunks_allocated += res->allocated;
	s->elapsed_us += res->elapsed_us;
	s->latency[out][bucket(res->elapsed_us)]++;
	counts_add(&s->counts, &res->counts);
	spin_unlock(&region->stats->lock);
}

/**
 * cb_stats_freed() - count chunks that were given back
 * @region: the region
 * @freed: chunks
 * @bad: chunks that were not held
 * @referenced: pages of the former that are still referenced
 *
 * Context: any but interrupts.
 */
void cb_stats_freed(struct cma_bulk_region *region, u64 freed, u64 bad,
		    u64 referenced)
{
	spin_lock(&region->stats->lock);
	region->stats->sums.chunks_freed += freed;
	region->stats->sums.bad_frees += bad;
	region->stats->sums.still_referenced += referenced;
	spin_unlock(&region->stats->lock);
}

/**
 * cb_stats_reset() - begin all sums anew
 * @region: the region
 *
 * Context: any but interrupts.
 */
void cb_stats_reset(struct cma_bulk_region *region)
{
	spin_lock(&region->stats->lock);
	memset(&region->stats->sums, 0, sizeof(region->stats->sums));
	spin_unlock(&region->stats->lock);
}

/**
 * cb_stats_read() - copy the sums
 * @region: the region
 * @sums: filled in
 *
 * Context: any but interrupts.
 */
void cb_stats_read(struct cma_bulk_region *region, struct cb_stats *sums)
{
	spin_lock(&region->stats->lock);
	*sums = region->stats->sums;
	spin_unlock(&region->stats->lock);
}

/**
 * cb_stats_last() - copy the last finished request
 * @region: the region
 * @last: filled in; all zero if there was none
 *
 * Context: any but interrupts.
 */
void cb_stats_last(struct cma_bulk_region *region, struct cb_result *last)
{
	spin_lock(&region->stats->lock);
	*last = region->stats->last;
	spin_unlock(&region->stats->lock);
}
