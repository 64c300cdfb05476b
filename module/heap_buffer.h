/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of a dma-buf: chunks that one request has obtained. */
#ifndef CMA_BULK_HEAP_BUFFER_H
#define CMA_BULK_HEAP_BUFFER_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct cma_bulk_region;
struct page;

/**
 * struct cb_heap_buffer - a buffer; does not change but for what has a lock
 * @region: where its chunks are from
 * @order: a chunk is 2^order pages
 * @chunks: how many it has
 * @pages: first page of each chunk, in ascending order
 * @lock: protects all that follows; nothing of this module is locked inside
 * @devices: what is attached: heap_dmabuf.c
 * @vmaps: how often it is mapped into the kernel
 * @vaddr: where, if @vmaps is not 0
 */
struct cb_heap_buffer {
	struct cma_bulk_region *region;
	unsigned int order;
	size_t chunks;
	struct page **pages;

	struct mutex lock;		/* all that follows */
	struct list_head devices;
	unsigned int vmaps;
	void *vaddr;
};

struct cb_heap_buffer *cb_heap_buffer_alloc(struct cma_bulk_region *region,
					    u64 len);
void cb_heap_buffer_free(struct cb_heap_buffer *buffer);
size_t cb_heap_buffer_pages(const struct cb_heap_buffer *buffer);
size_t cb_heap_buffer_run(const struct cb_heap_buffer *buffer, size_t i,
			  size_t most);

#endif
