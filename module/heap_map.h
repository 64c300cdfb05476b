/* SPDX-License-Identifier: GPL-2.0-only */
/* Map a buffer into a process, or into the kernel. */
#ifndef CMA_BULK_HEAP_MAP_H
#define CMA_BULK_HEAP_MAP_H

struct cb_heap_buffer;
struct vm_area_struct;

int cb_heap_mmap(struct cb_heap_buffer *buffer, struct vm_area_struct *vma);
void *cb_heap_vmap(struct cb_heap_buffer *buffer);
void cb_heap_vunmap(struct cb_heap_buffer *buffer);

#endif
