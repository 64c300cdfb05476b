// SPDX-License-Identifier: GPL-2.0-only
/* The ledger: batches of chunks that debugfs holds for its users. */
#include <linux/mm.h>
#include <linux/slab.h>

#include "internal.h"

static struct cb_batch *batch_new(const struct cb_request *req)
{
	struct cb_batch *batch = kzalloc(sizeof(*batch), GFP_KERNEL);

	if (!batch)
		return NULL;
	batch->requested = req->value[CB_K_COUNT];
	batch->order = req->value[CB_K_ORDER];
	batch->pages = kvmalloc_array(batch->requested, sizeof(*batch->pages),
				      GFP_KERNEL);
	if (!batch->pages) {
		kfree(batch);
		return NULL;
	}
	return batch;
}

static void batch_destroy(struct cb_batch *batch)
{
	kvfree(batch->pages);
	kfree(batch);
}

/* Returns its number: once it is in the list, anybody may free it. */
static unsigned int batch_add(struct cma_bulk_region *region,
			      struct cb_batch *batch)
{
	unsigned int nr;

	batch->created = ktime_get();
	batch->pid = task_tgid_vnr(current);
	get_task_comm(batch->comm, current);
	mutex_lock(&region->batch_lock);
	nr = region->next_batch++;
	batch->nr = nr;
	list_add_tail(&batch->list, &region->batches);
	mutex_unlock(&region->batch_lock);
	return nr;
}

/**
 * cb_batch_alloc() - serve a request, and hold what it obtains as a batch
 * @region: the region
 * @req: the request
 *
 * Context: sleeps, without locks.
 *
 * Return: as cb_request_check() and cb_request_run().
 */
int cb_batch_alloc(struct cma_bulk_region *region,
		   const struct cb_request *req)
{
	struct cb_result res;
	struct cb_batch *batch;
	int ret;

	ret = cb_request_check(region, req);
	/* A malformed one is none, and changes nothing. */
	if (ret == -EINVAL)
		return ret;
	if (ret)
		return cb_stats_refuse(region, req, ret);
	batch = batch_new(req);
	if (!batch)
		return cb_stats_refuse(region, req, -ENOMEM);

	ret = cb_request_run(region, req, batch->pages, &batch->chunks, &res);
	if (batch->chunks)
		res.batch = batch_add(region, batch);
	else
		batch_destroy(batch);
	cb_stats_add(region, &res);
	return ret;
}

static void batch_free(struct cma_bulk_region *region, struct cb_batch *batch)
{
	cb_release(region, batch->order, batch->pages, batch->chunks);
	batch_destroy(batch);
}

static struct cb_batch *batch_find(struct list_head *batches, u64 nr)
{
	struct cb_batch *batch;

	list_for_each_entry(batch, batches, list)
		if (batch->nr == nr)
			return batch;
	return NULL;
}

static void free_list(struct cma_bulk_region *region, struct list_head *list)
{
	struct cb_batch *batch, *next;

	list_for_each_entry_safe(batch, next, list, list)
		batch_free(region, batch);
}

/**
 * cb_batches_free() - give batches back, all of them or none
 * @region: the region
 * @nr: their numbers
 * @n: how many
 *
 * Context: sleeps, without locks.
 *
 * Return: 0, or -ENOENT if one of them does not exist or is named twice; then
 * none is given back.
 */
int cb_batches_free(struct cma_bulk_region *region, const u64 *nr, size_t n)
{
	struct cb_batch *batch;
	LIST_HEAD(doomed);
	size_t i;

	mutex_lock(&region->batch_lock);
	for (i = 0; i < n; i++) {
		batch = batch_find(&region->batches, nr[i]);
		if (!batch)
			break;
		list_move_tail(&batch->list, &doomed);
	}
	if (i < n) {
		struct cb_batch *next;

		/* Put them back where they were: ascending numbers. */
		list_for_each_entry_safe(batch, next, &doomed, list) {
			struct cb_batch *pos;

			list_for_each_entry(pos, &region->batches, list)
				if (pos->nr > batch->nr)
					break;
			list_move_tail(&batch->list, &pos->list);
		}
	}
	mutex_unlock(&region->batch_lock);
	if (i < n)
		return -ENOENT;
	free_list(region, &doomed);
	return 0;
}

/**
 * cb_batches_free_all() - give all batches back
 * @region: the region
 *
 * Context: sleeps, without locks.
 */
void cb_batches_free_all(struct cma_bulk_region *region)
{
	LIST_HEAD(doomed);

	mutex_lock(&region->batch_lock);
	list_splice_init(&region->batches, &doomed);
	mutex_unlock(&region->batch_lock);
	free_list(region, &doomed);
}
