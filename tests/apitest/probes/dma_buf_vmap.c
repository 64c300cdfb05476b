// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: vmap of struct dma_buf_ops
 *
 * Fills in a struct since 5.11 (6619ccf1bb1d "dma-buf: Use struct dma_buf_map in
 * dma_buf_vmap() interfaces"), which 5.18 renamed (7938f4218168 "dma-buf-map:
 * Rename to iosys-map"). Before, it returns the address.
 */
#include "apitest_probe.h"

#ifdef FORM_DMA_BUF_VMAP_IOSYS
PROBE_TYPE(((struct dma_buf_ops *)0)->vmap,
	   int (*)(struct dma_buf *, struct iosys_map *));
#endif

#ifdef FORM_DMA_BUF_VMAP_MAP
PROBE_TYPE(((struct dma_buf_ops *)0)->vmap,
	   int (*)(struct dma_buf *, struct dma_buf_map *));
#endif

#ifdef FORM_DMA_BUF_VMAP_ADDRESS
PROBE_TYPE(((struct dma_buf_ops *)0)->vmap, void *(*)(struct dma_buf *));
#endif
