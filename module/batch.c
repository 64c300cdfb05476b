// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "batch.h"
#include "region.h"
#include "release.h"
#include "request.h"
#include "stats.h"

/**
 * struct cb_batches - the batches of a region
 * @xa: struct cb_batch by number; its lock protects what readers show of them,
 *	and is innermost
 * @next: number of the next one
 *
 * A number is reserved when a request begins, so that at its end nothing can
 * fail any more. Such an entry has no batch yet, and is found by nobody.
 */
struct cb_batches {
	struct xarray xa;
	u32 next;
};

/* A request of a debugfs writer. */
struct batch_request {
	struct cb_receiver receiver;
	struct cma_bulk_region *region;
	unsigned int order;
	struct cb_batch *batch;
};

static struct xarray *batches_of(const struct cma_bulk_region *region)
{
	return &region->batches->xa;
}

/**
 * cb_batches_init() - at load: no batch
 * @region: the region
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_batches_exit().
 */
int cb_batches_init(struct cma_bulk_region *region)
{
	region->batches = kzalloc(sizeof(*region->batches), GFP_KERNEL);
	if (!region->batches)
		return -ENOMEM;
	xa_init_flags(batches_of(region), XA_FLAGS_ALLOC1);
	region->batches->next = 1;
	return 0;
}

/**
 * cb_batches_exit() - at unload: give all batches back
 * @region: the region, of which nothing is allocated any more
 *
 * Context: may sleep.
 */
void cb_batches_exit(struct cma_bulk_region *region)
{
	if (!region->batches)
		return;
	cb_batches_free_all(region);
	xa_destroy(batches_of(region));
	kfree(region->batches);
	region->batches = NULL;
}

static void batch_destroy(struct cb_batch *batch)
{
	kvfree(batch->pages);
	kfree(batch);
}

static struct page **batch_open(struct cb_receiver *r, size_t wanted)
{
	struct batch_request *br =
		container_of(r, struct batch_request, receiver);
	struct cb_batch *batch = kzalloc(sizeof(*batch), GFP_KERNEL);

	br->batch = batch;
	if (!batch)
		return NULL;
	INIT_LIST_HEAD(&batch->doomed);
	batch->order = br->order;
	if (xa_alloc_cyclic(batches_of(br->region), &batch->nr, XA_ZERO_ENTRY,
			    XA_LIMIT(1, S32_MAX), &br->region->batches->next,
			    GFP_KERNEL) < 0) {
		batch->nr = 0;
		return NULL;
	}
	batch->requested = wanted;
	batch->pages = kvmalloc_array(wanted, sizeof(*batch->pages),
				      GFP_KERNEL);
	return batch->pages;
}

/* An array for fewer chunks than were asked for, if there is memory for it. */
static void batch_shrink(struct cb_batch *batch)
{
	size_t size = batch->chunks * sizeof(*batch->pages);
	struct page **pages;

	if (batch->chunks >= batch->requested / 2)
		return;
	pages = kvmalloc(size, GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);
	if (!pages)
		return;
	memcpy(pages, batch->pages, size);
	kvfree(batch->pages);
	batch->pages = pages;
}

static void batch_done(struct cb_receiver *r, size_t got, struct cb_result *res)
{
	struct batch_request *br =
		container_of(r, struct batch_request, receiver);
	struct cb_batch *batch = br->batch;

	if (!got) {
		if (batch && batch->nr)
			xa_erase(batches_of(br->region), batch->nr);
		return;
	}
	batch->chunks = got;
	batch_shrink(batch);
	batch->created = ktime_get();
	batch->pid = task_tgid_nr(current);
	get_task_comm(batch->comm, current);
	res->batch = batch->nr;
	/* Once it is stored, others may free it. The entry is reserved. */
	br->batch = NULL;
	xa_store(batches_of(br->region), batch->nr, batch, GFP_KERNEL);
}

/**
 * cb_batch_alloc() - serve a request, and hold what it obtains as a batch
 * @region: the region
 * @req: the request
 *
 * Context: sleeps, without locks.
 *
 * Return: as cb_request_serve(). -EINVAL is not recorded: the request was
 * malformed.
 */
int cb_batch_alloc(struct cma_bulk_region *region,
		   const struct cb_request *req)
{
	struct batch_request br = {
		.receiver = { .open = batch_open, .done = batch_done },
		.region = region,
		.order = req->value[CB_K_ORDER],
	};
	int ret = cb_request_check(region, req);

	if (ret == -EINVAL)
		return ret;
	ret = cb_request_serve(region, req, &br.receiver);
	if (br.batch)
		batch_destroy(br.batch);
	return ret;
}

static void free_list(struct cma_bulk_region *region, struct list_head *list)
{
	struct cb_batch *batch, *next;

	list_for_each_entry_safe(batch, next, list, doomed) {
		cb_release(region, batch->order, batch->pages, batch->chunks,
			   CB_PAGE_HELD);
		batch_destroy(batch);
	}
}

/* Add the batch of that number to @doomed; the caller holds the lock. */
static bool doom(struct xarray *xa, u64 nr, struct list_head *doomed)
{
	struct cb_batch *batch = nr <= U32_MAX ? xa_load(xa, nr) : NULL;

	if (!batch || !list_empty(&batch->doomed))
		return false;
	list_add_tail(&batch->doomed, doomed);
	return true;
}

/**
 * cb_batches_free() - give batches back, all of them or none
 * @region: the region
 * @nr: their numbers
 * @n: how many
 *
 * Context: may sleep, without locks.
 *
 * Return: 0, or -ENOENT if one of them does not exist or is named twice; then
 * none is given back.
 */
int cb_batches_free(struct cma_bulk_region *region, const u64 *nr, size_t n)
{
	struct xarray *xa = batches_of(region);
	struct cb_batch *batch, *next;
	LIST_HEAD(doomed);
	size_t i;

	xa_lock(xa);
	for (i = 0; i < n; i++)
		if (!doom(xa, nr[i], &doomed))
			break;
	list_for_each_entry_safe(batch, next, &doomed, doomed) {
		if (i < n)
			list_del_init(&batch->doomed);
		else
			__xa_erase(xa, batch->nr);
	}
	xa_unlock(xa);
	free_list(region, &doomed);
	return i < n ? -ENOENT : 0;
}

/**
 * cb_batches_free_all() - give all batches back
 * @region: the region
 *
 * Context: may sleep, without locks.
 */
void cb_batches_free_all(struct cma_bulk_region *region)
{
	struct xarray *xa = batches_of(region);
	struct cb_batch *batch;
	unsigned long nr;
	LIST_HEAD(doomed);

	xa_for_each(xa, nr, batch) {
		xa_lock(xa);
		if (doom(xa, nr, &doomed))
			__xa_erase(xa, nr);
		xa_unlock(xa);
	}
	free_list(region, &doomed);
}

/**
 * cb_batches_lock() - keep batches from being freed, to show them
 * @region: the region
 *
 * Context: any but interrupts; a spinlock until cb_batches_unlock().
 */
void cb_batches_lock(struct cma_bulk_region *region)
	__acquires(region)
{
	xa_lock(batches_of(region));
}

/**
 * cb_batches_unlock() - let batches be freed again
 * @region: the region
 */
void cb_batches_unlock(struct cma_bulk_region *region)
	__releases(region)
{
	xa_unlock(batches_of(region));
}

/**
 * cb_batch_from() - the first batch from a number on
 * @region: the region
 * @nr: the number
 *
 * Context: under cb_batches_lock().
 *
 * Return: the batch, or NULL if there is none.
 */
const struct cb_batch *cb_batch_from(struct cma_bulk_region *region,
				     unsigned long nr)
{
	return xa_find(batches_of(region), &nr, ULONG_MAX, XA_PRESENT);
}
