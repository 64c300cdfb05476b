// SPDX-License-Identifier: GPL-2.0-only
/* Map a buffer into a process, or into the kernel. */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "heap_buffer.h"
#include "heap_map.h"

/* What is mapped before others may run again. */
#define MAP_STEP	(SZ_16M >> PAGE_SHIFT)

/*
 * Map up to @left pages from page @at on, all of which lie side by side. Return:
 * how many, or a negative errno.
 */
static long map_run(struct cb_heap_buffer *buffer, struct vm_area_struct *vma,
		    unsigned long addr, unsigned long at, unsigned long left)
{
	size_t i = at >> buffer->order;
	unsigned long first = at - (i << buffer->order);
	size_t most = (MAP_STEP >> buffer->order) + 1;
	unsigned long nr;
	int ret;

	nr = cb_heap_buffer_run(buffer, i, most) << buffer->order;
	nr = min3(nr - first, left, (unsigned long)MAP_STEP);
	ret = remap_pfn_range(vma, addr, page_to_pfn(buffer->pages[i]) + first,
			      nr << PAGE_SHIFT, vma->vm_page_prot);
	return ret ?: nr;
}

/**
 * cb_heap_mmap() - map a buffer into a process
 * @buffer: the buffer
 * @vma: where, and from which page on
 *
 * All of it is there at once: no access ever faults. A private mapping is
 * refused, because what is written to it would not be in the buffer.
 *
 * Context: as the operation mmap of a file.
 *
 * Return: 0, -EINVAL for what is outside of the buffer or private, -ENOMEM.
 */
int cb_heap_mmap(struct cb_heap_buffer *buffer, struct vm_area_struct *vma)
{
	unsigned long total = cb_heap_buffer_pages(buffer);
	unsigned long at = vma->vm_pgoff, left = vma_pages(vma);
	unsigned long addr = vma->vm_start;
	long done;

	/* VM_SHARED is not set where nothing can be written. */
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (at > total || left > total - at)
		return -EINVAL;
	while (left) {
		done = map_run(buffer, vma, addr, at, left);
		if (done < 0)
			return done;
		addr += (unsigned long)done << PAGE_SHIFT;
		at += done;
		left -= done;
		cond_resched();
	}
	return 0;
}

static void *map_all(const struct cb_heap_buffer *buffer)
{
	size_t nr = cb_heap_buffer_pages(buffer), i;
	size_t mask = (1UL << buffer->order) - 1;
	struct page **pages;
	void *addr;

	pages = kvmalloc_array(nr, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return NULL;
	for (i = 0; i < nr; i++)
		pages[i] = buffer->pages[i >> buffer->order] + (i & mask);
	addr = vmap(pages, nr, VM_MAP, PAGE_KERNEL);
	kvfree(pages);
	return addr;
}

/**
 * cb_heap_vmap() - map a buffer into the kernel
 * @buffer: the buffer
 *
 * Context: sleeps. Each call that succeeds is undone by cb_heap_vunmap().
 *
 * Return: the address, or ERR_PTR(-ENOMEM).
 */
void *cb_heap_vmap(struct cb_heap_buffer *buffer)
{
	void *addr;

	mutex_lock(&buffer->lock);
	if (!buffer->vmaps)
		buffer->vaddr = map_all(buffer);
	addr = buffer->vaddr;
	if (addr)
		buffer->vmaps++;
	mutex_unlock(&buffer->lock);
	return addr ?: ERR_PTR(-ENOMEM);
}

/**
 * cb_heap_vunmap() - undo a cb_heap_vmap()
 * @buffer: the buffer
 *
 * Context: sleeps.
 */
void cb_heap_vunmap(struct cb_heap_buffer *buffer)
{
	mutex_lock(&buffer->lock);
	if (!--buffer->vmaps) {
		vunmap(buffer->vaddr);
		buffer->vaddr = NULL;
	}
	mutex_unlock(&buffer->lock);
}
