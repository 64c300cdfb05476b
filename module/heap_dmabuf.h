/* SPDX-License-Identifier: GPL-2.0-only */
/* A buffer as a dma-buf. */
#ifndef CMA_BULK_HEAP_DMABUF_H
#define CMA_BULK_HEAP_DMABUF_H

struct cb_heap_buffer;
struct dma_buf;

struct dma_buf *cb_heap_export(struct cb_heap_buffer *buffer, const char *name,
			       int flags);

#endif
