// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "bits.h"
#include "contig.h"
#include "floor.h"
#include "job.h"
#include "pages.h"
#include "region.h"

#include <trace/events/cma_bulk.h>

/**
 * cb_job_init() - begin to work on a request
 * @job: filled in
 * @region: where
 * @req: what; checked
 * @pages: room for as many chunks as are wanted
 *
 * Context: the task that makes the request; may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_job_exit(), also after an error.
 */
int cb_job_init(struct cb_job *job, struct cma_bulk_region *region,
		const struct cb_request *req, struct page **pages)
{
	unsigned long blocks = cb_region_blocks(region);

	*job = (struct cb_job){
		.region = region,
		.wanted = req->value[CB_K_COUNT],
		.fast = req->value[CB_K_FAST],
		.waits = !req->value[CB_K_FAST] && req->value[CB_K_RETRIES],
		.partial = req->value[CB_K_PARTIAL],
		.salvage = req->value[CB_K_SALVAGE],
		.workers = req->value[CB_K_WORKERS],
		.floor = cb_floor_pages(req->value[CB_K_FLOOR_MB]),
		.pages = pages,
	};
	spin_lock_init(&job->lock);
	cb_patience_init(&job->patience, req->value[CB_K_TIMEOUT_MS],
			 !job->fast);
	cb_watch_init(&job->watch, region);
	/* A geometry without slots is a verdict, too: no room. */
	cb_geometry_init(&job->geo, region->base_pfn, region->nr_pages,
			 pageblock_nr_pages, req->value[CB_K_ORDER],
			 req->value[CB_K_ALIGN]);
	job->busy_blocks = cb_bits_alloc(blocks);
	job->taken_blocks = cb_bits_alloc(blocks);
	if (cb_claims_init(&job->claims, region) || !job->busy_blocks ||
	    !job->taken_blocks)
		return -ENOMEM;
	return 0;
}

/**
 * cb_job_exit() - end the work on a request
 * @job: the request; the pages that it has got are the caller's
 *
 * Context: as cb_job_init().
 */
void cb_job_exit(struct cb_job *job)
{
	cb_watch_exit(&job->watch);
	cb_claims_exit(&job->claims);
	kvfree(job->taken_blocks);
	kvfree(job->busy_blocks);
}

/**
 * cb_job_no_target() - a range is given up for lack of memory to migrate to
 * @job: the request
 *
 * Context: any but interrupts.
 */
void cb_job_no_target(struct cb_job *job)
{
	spin_lock(&job->lock);
	job->counts.no_target++;
	job->no_target = true;
	spin_unlock(&job->lock);
}

/**
 * cb_job_met_claim() - another request or an outside caller was in the way
 * @job: the request
 *
 * Context: any but interrupts.
 */
void cb_job_met_claim(struct cb_job *job)
{
	spin_lock(&job->lock);
	job->met_claim = true;
	spin_unlock(&job->lock);
}

/**
 * cb_job_waited() - the request has waited for others, or for pins to go
 * @job: the request
 * @start: since when
 *
 * Context: the thread of the request, between its calls.
 */
void cb_job_waited(struct cb_job *job, ktime_t start)
{
	job->counts.wait_us += ktime_us_delta(ktime_get(), start);
}

/* The kernel refused the range that begins at @pfn. */
static void note_refused(struct cb_job *job, unsigned long pfn, unsigned long nr,
			 int ret)
{
	spin_lock(&job->lock);
	job->refused = pfn;
	spin_unlock(&job->lock);
	trace_range_busy(pfn, nr, ret);
}

/**
 * cb_job_called() - count a call of the kernel's allocator
 * @job: the request
 * @ret: how it ended
 *
 * Context: any but interrupts.
 */
void cb_job_called(struct cb_job *job, int ret)
{
	spin_lock(&job->lock);
	job->counts.contig_calls++;
	job->counts.contig_busy += ret == -EBUSY;
	spin_unlock(&job->lock);
}

/* Account for a call that may not have been made; its result for the caller. */
static int call_ended(struct cb_job *job, unsigned long pfn, unsigned long nr,
		      int ret)
{
	/* Not a call: something outside is in the way, and it may not wait. */
	if (ret == -EAGAIN)
		cb_job_met_claim(job);
	if (ret == -EAGAIN || ret == -ETIMEDOUT)
		return ret;
	cb_job_called(job, ret);
	if (ret)
		note_refused(job, pfn, nr, ret);
	return ret;
}

/**
 * cb_job_call() - take a range of pages out of the kernel
 * @job: the request, which has claimed the range
 * @pfn: first page
 * @nr: number of pages
 * @in_use: how many of them have to be migrated
 *
 * Context: sleeps.
 *
 * Return: as cb_contig_take(), -ENOMEM also if there is too little memory to
 * migrate to; after 0 the pages are not yet accounted for.
 */
int cb_job_call(struct cb_job *job, unsigned long pfn, unsigned long nr,
		unsigned long in_use)
{
	int ret;

	if (!cb_floor_begin(job->floor, in_use, job->patience.may_wait))
		return -ENOMEM;
	ret = cb_contig_take(job->region, pfn, nr, !in_use, &job->patience);
	cb_floor_end(in_use);
	return call_ended(job, pfn, nr, ret);
}

/**
 * cb_job_empty() - move elsewhere what is in a range, which is not taken
 * @job: the request, which has claimed the range
 * @pfn: first page
 * @nr: number of pages
 * @in_use: how many of them have to be migrated
 *
 * Context: sleeps.
 *
 * Return: as cb_job_call().
 */
int cb_job_empty(struct cb_job *job, unsigned long pfn, unsigned long nr,
		 unsigned long in_use)
{
	int ret;

	if (!cb_floor_begin(job->floor, in_use, job->patience.may_wait))
		return -ENOMEM;
	ret = cb_contig_empty(job->region, pfn, nr, &job->patience);
	cb_floor_end(in_use);
	ret = call_ended(job, pfn, nr, ret);
	if (ret)
		return ret;
	spin_lock(&job->lock);
	job->counts.pages_migrated += in_use;
	spin_unlock(&job->lock);
	return 0;
}

/* Add a chunk that was taken to what the request has got. */
static void keep(struct cb_job *job, unsigned long pfn)
{
	unsigned long pos = pfn - job->region->base_pfn;
	struct page *page = pfn_to_page(pfn);
	unsigned long i;

	/* As cma_alloc() does: pageblocks may differ in their KASAN tags. */
	if (IS_ENABLED(CONFIG_KASAN))
		for (i = 0; i < job->geo.size; i++)
			page_kasan_tag_reset(page + i);
	if (test_bit(pos / pageblock_nr_pages, job->busy_blocks))
		job->counts.chunks_salvaged++;
	job->pages[job->got++] = page;
}

/**
 * cb_job_took() - account for chunks that were taken
 * @job: the request, which wants at least as many more
 * @pfn: first page of the first chunk
 * @nr: number of pages, of chunks side by side
 * @in_use: how many of them were in use before
 * @from_cma: they came from cma_alloc()
 *
 * Context: any but interrupts.
 */
void cb_job_took(struct cb_job *job, unsigned long pfn, unsigned long nr,
		 unsigned long in_use, bool from_cma)
{
	unsigned long pos = pfn - job->region->base_pfn, end = pfn + nr;
	unsigned long block = pos / pageblock_nr_pages;
	unsigned long last = (pos + nr - 1) / pageblock_nr_pages;

	trace_range_taken(pfn, nr, in_use);
	cb_pages_taken(job->region, pfn, nr, from_cma);
	spin_lock(&job->lock);
	job->counts.pages_migrated += in_use;
	job->counts.pages_free += nr - in_use;
	bitmap_set(job->taken_blocks, block, last - block + 1);
	for (; pfn < end; pfn += job->geo.size)
		keep(job, pfn);
	spin_unlock(&job->lock);
}
