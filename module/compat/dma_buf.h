/* SPDX-License-Identifier: GPL-2.0-only */
/* How the operations of a dma-buf differ between kernels. */
#ifndef CMA_BULK_COMPAT_DMA_BUF_H
#define CMA_BULK_COMPAT_DMA_BUF_H

#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/module.h>

#include <cma_bulk_probed.h>

/* A namespace that a kernel does not have may be imported, too. */
#ifdef CMA_BULK_HAVE_NAMESPACE_WORD
#define CB_IMPORT_NS(ns)	MODULE_IMPORT_NS(ns)
#else
#define CB_IMPORT_NS(ns)	MODULE_IMPORT_NS(#ns)
#endif

/*
 * CB_VMAP_OP() and CB_VUNMAP_OP() are the heads of the operations vmap and
 * vunmap. The first ends with cb_vmap_result() of an address, or ERR_PTR().
 */
#ifdef CMA_BULK_HAVE_DMA_BUF_VMAP_ADDRESS

#define CB_VMAP_OP(op)		void *(op)(struct dma_buf *dmabuf)
#define CB_VUNMAP_OP(op)	void (op)(struct dma_buf *dmabuf, void *map)
#define cb_vmap_result(addr)	cb_address_or_null(addr)

/* The caller takes NULL for an error, and warns of an ERR_PTR(). */
static inline void *cb_address_or_null(void *addr)
{
	return IS_ERR(addr) ? NULL : addr;
}

#else

#ifdef CMA_BULK_HAVE_DMA_BUF_VMAP_IOSYS
#define cb_map		iosys_map
#define cb_map_set	iosys_map_set_vaddr
#else
#define cb_map		dma_buf_map
#define cb_map_set	dma_buf_map_set_vaddr
#endif

#define CB_VMAP_OP(op)		int (op)(struct dma_buf *dmabuf, struct cb_map *map)
#define CB_VUNMAP_OP(op)	void (op)(struct dma_buf *dmabuf, struct cb_map *map)
#define cb_vmap_result(addr)	cb_map_result(map, addr)

static inline int cb_map_result(struct cb_map *map, void *addr)
{
	if (IS_ERR(addr))
		return PTR_ERR(addr);
	cb_map_set(map, addr);
	return 0;
}

#endif

/*
 * Sets the operations for access to a part, where there are such, to
 * heap_begin_partial() and heap_end_partial().
 */
#ifdef CMA_BULK_HAVE_DMA_BUF_ACCESS_PARTIAL
#define CB_PARTIAL_OPS						\
	.begin_cpu_access_partial = heap_begin_partial,		\
	.end_cpu_access_partial = heap_end_partial,
#else
#define CB_PARTIAL_OPS
#endif

#endif
