// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: CPU access of struct dma_buf_ops
 *
 * The kernels of Android can also announce an access to a part of a buffer
 * ("ANDROID: dma-buf: Add support for partial cache maintenance").
 */
#include "probe.h"

#ifdef FORM_DMA_BUF_ACCESS_PARTIAL
PROBE_TYPE(((struct dma_buf_ops *)0)->begin_cpu_access_partial,
	   int (*)(struct dma_buf *, enum dma_data_direction, unsigned int,
		   unsigned int));
PROBE_TYPE(((struct dma_buf_ops *)0)->begin_cpu_access,
	   int (*)(struct dma_buf *, enum dma_data_direction));
#endif

#ifdef FORM_DMA_BUF_ACCESS_WHOLE
PROBE_TYPE(((struct dma_buf_ops *)0)->begin_cpu_access,
	   int (*)(struct dma_buf *, enum dma_data_direction));
#endif
