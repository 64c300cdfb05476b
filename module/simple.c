// SPDX-License-Identifier: GPL-2.0-only
/*
 *	linear		whole pageblocks in address order, skip on -EBUSY: the
 *			walk of the patch "mm: introduce cma_alloc_bulk API"
 *	single		one alloc_contig_range() for all of it
 *	cma_alloc	one cma_alloc() a chunk
 *	cma_alloc_block	one cma_alloc() a pageblock
 *
 * They make one round, and have the region for themselves meanwhile.
 */
#include <linux/bitmap.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "bits.h"
#include "compat/symbols.h"
#include "contig.h"
#include "job.h"
#include "pages.h"
#include "region.h"
#include "sample.h"
#include "scan.h"
#include "simple.h"

/**
 * struct simple - what these engines know of the region
 * @in_use: one bit for each page, as it was before the round
 * @owned: one bit for each page, in the hands of this or of another user of the
 *	area
 */
struct simple {
	unsigned long *in_use;
	unsigned long *owned;
};

static int prepare_bitmaps(struct cb_job *job)
{
	struct simple *s = kzalloc(sizeof(*s), GFP_KERNEL);

	job->engine = s;
	if (!s)
		return -ENOMEM;
	s->in_use = cb_bits_alloc(job->region->nr_pages);
	s->owned = cb_bits_alloc(job->region->nr_pages);
	return s->in_use && s->owned ? 0 : -ENOMEM;
}

static void free_bitmaps(struct cb_job *job)
{
	struct simple *s = job->engine;

	if (!s)
		return;
	kvfree(s->owned);
	kvfree(s->in_use);
	kfree(s);
}

/* Pages that have an owner, among such as cannot be moved. */
static void note_owned(struct cb_job *job, unsigned long pfn, unsigned long end)
{
	struct cma_bulk_region *region = job->region;
	struct simple *s = job->engine;
	enum cb_reason reason;
	struct cb_sample sample;
	unsigned long nr;

	for (; pfn < end; pfn += nr) {
		nr = min(cb_page_sample(pfn, &sample), end - pfn);
		cb_classify(&sample, true, &reason);
		if (reason == CB_R_CMA_USER ||
		    cb_page_state(region, pfn) != CB_PAGE_NOT_OURS)
			bitmap_set(s->owned, pfn - region->base_pfn, nr);
	}
}

static void note_run(void *arg, unsigned long pfn, unsigned long nr,
		     enum cb_class class)
{
	struct cb_job *job = arg;
	unsigned long base = job->region->base_pfn;
	struct simple *s = job->engine;

	if (class == CB_FREE)
		return;
	bitmap_set(s->in_use, pfn - base, nr);
	if (class == CB_BUSY)
		note_owned(job, pfn, pfn + nr);
	if (class == CB_HELD || class == CB_CLAIMED)
		bitmap_set(s->owned, pfn - base, nr);
}

/*
 * Note what is in use before a round. What another user of the area owns is in
 * the kernel's bitmap of it, which cma_alloc() and the patch skip without
 * trying; here it is told by its looks. The rest is for the statistics, so the
 * clock of the request stands still.
 */
static void simple_prepare(struct cb_job *job)
{
	struct cma_bulk_region *region = job->region;
	struct simple *s = job->engine;
	ktime_t start = ktime_get();

	bitmap_zero(s->in_use, region->nr_pages);
	bitmap_zero(s->owned, region->nr_pages);
	cb_scan(region, region->base_pfn, region->nr_pages,
		CB_SCAN_DRAINED | CB_SCAN_OWN_CLAIM, note_run, job);
	job->unclocked = ktime_add(job->unclocked,
				   ktime_sub(ktime_get(), start));
}

/* The first page of a range that has an owner; its end if there is none. */
static unsigned long first_owned(const struct cb_job *job, unsigned long pfn,
				 unsigned long nr)
{
	unsigned long base = job->region->base_pfn, pos = pfn - base;
	const struct simple *s = job->engine;

	return base + find_next_bit(s->owned, pos + nr, pos);
}

static unsigned long pages_in_use(const struct cb_job *job, unsigned long pfn,
				  unsigned long nr)
{
	unsigned long pos = pfn - job->region->base_pfn, end = pos + nr, n = 0;
	const struct simple *s = job->engine;

	for_each_set_bit_from(pos, s->in_use, end)
		n++;
	return n;
}

/* Keep the chunks of a range that was taken: it holds no more than missing. */
static void keep_chunks(struct cb_job *job, unsigned long pfn, unsigned long nr,
			bool from_cma)
{
	cb_job_took(job, pfn, nr, pages_in_use(job, pfn, nr), from_cma);
}

static unsigned long region_end(const struct cb_job *job)
{
	return job->region->base_pfn + job->region->nr_pages;
}

/* Pages of one step: a pageblock, or a chunk if that is larger. */
static unsigned long step_pages(const struct cb_job *job)
{
	return max3(job->geo.size, job->geo.block, job->geo.stride);
}

/* Chunks in a step: all that fit side by side, or one if they are spread. */
static unsigned long step_chunks(const struct cb_job *job)
{
	unsigned long n = 1;

	if (job->geo.stride == job->geo.size)
		n = step_pages(job) / job->geo.size;
	return min_t(size_t, n, job->wanted - job->got);
}

/* A call for a range, if there is memory to migrate what is in use there to. */
static int call(struct cb_job *job, unsigned long pfn, unsigned long nr)
{
	int ret = cb_job_call(job, pfn, nr, pages_in_use(job, pfn, nr));

	if (ret == -ENOMEM)
		cb_job_no_target(job);
	return ret;
}

/* Does this result of a call end the request? */
static bool ends(int ret)
{
	return ret == -EINTR || ret == -ETIMEDOUT || ret == -EAGAIN;
}

static int linear(struct cb_job *job)
{
	unsigned long step = step_pages(job);
	unsigned long pfn = ALIGN(job->region->base_pfn, step), nr;
	int ret = 0;

	for (; job->got < job->wanted && !ret; pfn += step) {
		nr = step_chunks(job) * job->geo.size;
		if (pfn + nr > region_end(job))
			break;
		if (first_owned(job, pfn, nr) < pfn + nr)
			continue;
		ret = call(job, pfn, nr);
		if (!ret)
			keep_chunks(job, pfn, nr, false);
		else if (!ends(ret))
			job->counts.blocks_skipped++;
		if (!ends(ret))
			ret = cb_patience_rest(&job->patience);
	}
	return ret;
}

/* First fit among what nobody owns; one try. */
static int single(struct cb_job *job)
{
	unsigned long nr = job->wanted * job->geo.size;
	unsigned long pfn = job->geo.first, owner;
	int ret;

	if (job->wanted > 1 && job->geo.stride != job->geo.size)
		return -EOPNOTSUPP;
	while (pfn + nr <= region_end(job)) {
		owner = first_owned(job, pfn, nr);
		if (owner == pfn + nr)
			break;
		pfn = ALIGN(owner + 1, job->geo.stride);
		cond_resched();
	}
	if (pfn + nr > region_end(job))
		return 0;
	ret = call(job, pfn, nr);
	if (!ret)
		keep_chunks(job, pfn, nr, false);
	return ends(ret) ? ret : 0;
}

/* cma_alloc() until it fails, with @nr pages a call or what is missing. */
static int cma_calls(struct cb_job *job, unsigned long nr)
{
	unsigned int align = ilog2(job->geo.stride);
	struct page *page;
	int ret = 0;

	while (job->got < job->wanted && !ret) {
		nr = min(nr, (job->wanted - job->got) * job->geo.size);
		ret = cb_contig_take_from_cma(job->region, nr, align,
					      &job->patience, &page);
		if (ret)
			return ret;
		cb_job_called(job, page ? 0 : -EBUSY);
		if (!page)
			return fatal_signal_pending(current) ? -EINTR : 0;
		keep_chunks(job, page_to_pfn(page), nr, true);
		ret = cb_patience_rest(&job->patience);
	}
	return ret;
}

static int cma_alloc_chunks(struct cb_job *job)
{
	return cma_calls(job, job->geo.size);
}

static int cma_alloc_blocks(struct cb_job *job)
{
	if (job->geo.stride != job->geo.size)
		return cma_calls(job, job->geo.size);
	return cma_calls(job, step_pages(job));
}

static int simple_round(struct cb_job *job, int (*take)(struct cb_job *job))
{
	ktime_t start = ktime_get();
	int ret = cb_claim_all(&job->claims, &job->patience);

	cb_job_waited(job, start);
	if (ret)
		return ret;
	simple_prepare(job);
	ret = take(job);
	cb_unclaim(&job->claims);
	return ret;
}

static bool have_cma_alloc(const struct cma_bulk_region *region)
{
	return cb_symbols_have_cma_alloc() && (!region || region->cma);
}

static bool have_contig(const struct cma_bulk_region *region)
{
	return cb_symbols_have_contig();
}

#define SIMPLE_ENGINE(name, take, needs, missing)			\
static int take##_round(struct cb_job *job)				\
{									\
	return simple_round(job, take);					\
}									\
									\
const struct cb_engine_ops name = {					\
	.works = needs,							\
	.lacks = "no (" missing "() not found)",				\
	.open = prepare_bitmaps,						\
	.round = take##_round,						\
	.close = free_bitmaps,						\
}

SIMPLE_ENGINE(cb_linear_engine, linear, have_contig, "alloc_contig_range");
SIMPLE_ENGINE(cb_single_engine, single, have_contig, "alloc_contig_range");
SIMPLE_ENGINE(cb_cma_alloc_engine, cma_alloc_chunks, have_cma_alloc,
	      "cma_alloc");
SIMPLE_ENGINE(cb_cma_alloc_block_engine, cma_alloc_blocks, have_cma_alloc,
	      "cma_alloc");
