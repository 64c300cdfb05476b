/* SPDX-License-Identifier: GPL-2.0-only */
/* /dev/dma_heap/cma_bulk-REGION: buffers for userspace. */
#ifndef CMA_BULK_HEAP_H
#define CMA_BULK_HEAP_H

struct cma_bulk_region;

#ifdef CONFIG_DMA_SHARED_BUFFER
int cb_heap_init(struct cma_bulk_region *region);
void cb_heap_exit(struct cma_bulk_region *region);
void cb_heaps_add(void);
void cb_heaps_remove(void);
const char *cb_heap_state(void);
#else
static inline int cb_heap_init(struct cma_bulk_region *region) { return 0; }
static inline void cb_heap_exit(struct cma_bulk_region *region) { }
static inline void cb_heaps_add(void) { }
static inline void cb_heaps_remove(void) { }

static inline const char *cb_heap_state(void)
{
	return "no (this kernel is built without CONFIG_DMA_SHARED_BUFFER)";
}
#endif

#endif
