// SPDX-License-Identifier: GPL-2.0-only
/* Sums over the requests of a region. */
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/string.h>

#include "internal.h"

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
 * cb_stats_add() - count a request, and remember it as the last one
 * @region: the region
 * @res: its result
 *
 * Context: any but interrupts.
 */
void cb_stats_add(struct cma_bulk_region *region, const struct cb_result *res)
{
	struct cb_stats *s = &region->stats;
	enum cb_outcome out = outcome(res);

	spin_lock(&region->stats_lock);
	region->last = *res;
	s->requests++;
	s->outcome[out]++;
	if (res->ret)
		s->error[error_index(res->ret)]++;
	s->chunks_requested += res->requested;
	s->chunks_allocated += res->allocated;
	s->chunks_salvaged += res->chunks_salvaged;
	s->pages_free += res->pages_free;
	s->pages_migrated += res->pages_migrated;
	s->contig_calls += res->contig_calls;
	s->contig_busy += res->contig_busy;
	s->rounds += res->rounds;
	s->elapsed_us += res->elapsed_us;
	s->scan_us += res->scan_us;
	s->wait_us += res->wait_us;
	s->latency[out][bucket(res->elapsed_us)]++;
	spin_unlock(&region->stats_lock);
}

/**
 * cb_stats_refuse() - count a request that ends before it begins
 * @region: the region
 * @req: the request
 * @ret: why
 *
 * Context: any but interrupts.
 *
 * Return: @ret.
 */
int cb_stats_refuse(struct cma_bulk_region *region,
		    const struct cb_request *req, int ret)
{
	struct cb_result res = {
		.requested = req->value[CB_K_COUNT],
		.order = req->value[CB_K_ORDER],
		.fast = req->value[CB_K_FAST],
		.engine = req->value[CB_K_ENGINE],
		.ret = ret,
	};

	cb_stats_add(region, &res);
	return ret;
}

/**
 * cb_stats_reset() - begin all sums anew
 * @region: the region
 *
 * Context: any but interrupts.
 */
void cb_stats_reset(struct cma_bulk_region *region)
{
	spin_lock(&region->stats_lock);
	memset(&region->stats, 0, sizeof(region->stats));
	spin_unlock(&region->stats_lock);
}
