// SPDX-License-Identifier: GPL-2.0-only
/* The memory of a dma-buf: chunks that one request has obtained. */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "compat/auto_init.h"
#include "core/parse.h"
#include "heap_buffer.h"
#include "heap_knobs.h"
#include "heap_zero.h"
#include "pool.h"
#include "region.h"
#include "release.h"
#include "request.h"
#include "stats.h"

/**
 * struct heap_request - a request of the heap
 * @receiver: gets the chunks
 * @buffer: which they are for
 * @clear: chunks that came clear from the pool
 */
struct heap_request {
	struct cb_receiver receiver;
	struct cb_heap_buffer *buffer;
	u64 clear;
};

static struct page **heap_open(struct cb_receiver *r, size_t wanted)
{
	struct cb_heap_buffer *buffer =
		container_of(r, struct heap_request, receiver)->buffer;

	buffer->pages = kvmalloc_array(wanted, sizeof(*buffer->pages),
				       GFP_KERNEL);
	return buffer->pages;
}

static void heap_done(struct cb_receiver *r, size_t got, struct cb_result *res)
{
	struct heap_request *hr = container_of(r, struct heap_request, receiver);

	hr->buffer->chunks = got;
	hr->clear = res->counts.pool_clear;
}

/* Chunks for @len bytes, rounded up. */
static long long chunks_for(u64 len, unsigned int order)
{
	unsigned int shift = order + PAGE_SHIFT;

	return (len >> shift) + !!(len & ((1ULL << shift) - 1));
}

static int by_pfn(const void *a, const void *b)
{
	unsigned long pfn_a = page_to_pfn(*(struct page * const *)a);
	unsigned long pfn_b = page_to_pfn(*(struct page * const *)b);

	return pfn_a < pfn_b ? -1 : pfn_a > pfn_b;
}

/*
 * In a free region they are in order already. sort() would take as long for that
 * as for any other order: a ninth of the time that a large buffer takes.
 */
static bool in_order(const struct cb_heap_buffer *buffer)
{
	size_t i;

	for (i = 1; i < buffer->chunks; i++)
		if (page_to_pfn(buffer->pages[i - 1]) >
		    page_to_pfn(buffer->pages[i]))
			return false;
	return true;
}

static int obtain(struct cb_heap_buffer *buffer, u64 len)
{
	struct heap_request hr = {
		.receiver = { .open = heap_open, .done = heap_done },
		.buffer = buffer,
	};
	struct cb_request req;
	int ret;

	cb_heap_knobs_request(buffer->region, &req);
	buffer->order = req.value[CB_K_ORDER];
	req.value[CB_K_COUNT] = chunks_for(len, buffer->order);
	ret = cb_request_serve(buffer->region, &req, &hr.receiver);
	if (ret)
		return ret;
	/* Chunks that are neighbours can become one segment. */
	if (!in_order(buffer))
		sort(buffer->pages, buffer->chunks, sizeof(*buffer->pages),
		     by_pfn, NULL);
	if (cb_ranges_come_clear() || hr.clear == buffer->chunks)
		return 0;
	cb_pool_clear_ahead(buffer->region, buffer->order);
	return cb_heap_zero(buffer->pages, buffer->chunks, buffer->order);
}

/**
 * cb_heap_buffer_alloc() - chunks for a buffer, cleared
 * @region: where
 * @len: bytes, at least 1; rounded up to whole chunks
 *
 * The order of the chunks, and how hard to try, are the settings of the region's
 * heap: heap_knobs.c.
 *
 * Context: sleeps, without locks; may wait for as long as the settings say.
 *
 * Return: the buffer, or ERR_PTR() as cb_request_serve() with all or nothing;
 * -EINTR also for a fatal signal while it is being cleared.
 */
struct cb_heap_buffer *cb_heap_buffer_alloc(struct cma_bulk_region *region,
					    u64 len)
{
	struct cb_heap_buffer *buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	int ret;

	if (!buffer)
		return ERR_PTR(-ENOMEM);
	buffer->region = region;
	mutex_init(&buffer->lock);
	INIT_LIST_HEAD(&buffer->devices);
	ret = obtain(buffer, len);
	if (ret) {
		cb_heap_buffer_free(buffer);
		return ERR_PTR(ret);
	}
	return buffer;
}

/**
 * cb_heap_buffer_free() - give the chunks of a buffer back
 * @buffer: the buffer, which is mapped nowhere any more
 *
 * Context: process context; may be scheduled away.
 */
void cb_heap_buffer_free(struct cb_heap_buffer *buffer)
{
	if (buffer->chunks)
		cb_release(buffer->region, buffer->order, buffer->pages,
			   buffer->chunks, CB_PAGE_HELD);
	mutex_destroy(&buffer->lock);
	kvfree(buffer->pages);
	kfree(buffer);
}

/**
 * cb_heap_buffer_pages() - the size of a buffer
 * @buffer: the buffer
 *
 * Return: its number of pages.
 */
size_t cb_heap_buffer_pages(const struct cb_heap_buffer *buffer)
{
	return buffer->chunks << buffer->order;
}

/**
 * cb_heap_buffer_run() - how many chunks lie side by side?
 * @buffer: the buffer
 * @i: the first of them
 * @most: how many to look for, at least 1
 *
 * Return: the number of chunks from @i on without a gap, from 1 to @most.
 */
size_t cb_heap_buffer_run(const struct cb_heap_buffer *buffer, size_t i,
			  size_t most)
{
	unsigned long pfn = page_to_pfn(buffer->pages[i]);
	size_t nr = 1;

	most = min(most, buffer->chunks - i);
	while (nr < most &&
	       page_to_pfn(buffer->pages[i + nr]) == pfn + (nr << buffer->order))
		nr++;
	return nr;
}
