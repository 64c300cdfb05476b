// SPDX-License-Identifier: GPL-2.0-only
/*
 * A buffer as a dma-buf: devices that attach to it, and who may look at it when.
 *
 * The CPU's mappings are cached. So before the CPU looks, and after it has
 * written, the caches are put right for every device that has it mapped
 * (begin_cpu_access, end_cpu_access); mapping and unmapping do that for one.
 */
#include <linux/dma-mapping.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "compat/dma_buf.h"
#include "heap_buffer.h"
#include "heap_dmabuf.h"
#include "heap_map.h"
#include "log.h"
#include "region.h"

CB_IMPORT_NS(DMA_BUF);

/**
 * struct heap_device - a device that is attached to a buffer
 * @list: in the buffer's list, under its lock
 * @dev: the device
 * @table: the buffer as segments for it
 * @mapped: it has the table mapped; under the buffer's lock
 */
struct heap_device {
	struct list_head list;
	struct device *dev;
	struct sg_table table;
	bool mapped;
};

/* ---- segments ----------------------------------------------------------- */

/*
 * The most chunks of one segment for a device, 0 if it cannot take even one. A
 * device whose driver has not said what it takes gets a chunk at least, as of
 * the kernel's own heaps.
 */
static size_t segment_chunks(const struct cb_heap_buffer *buffer,
			     struct device *dev)
{
	/* The length of a segment is an unsigned int. */
	u64 most = min_t(u64, dma_get_max_seg_size(dev), UINT_MAX);
	size_t chunks = most >> (buffer->order + PAGE_SHIFT);
	bool said = dev->dma_parms && dev->dma_parms->max_segment_size;

	if (chunks || said || buffer->order + PAGE_SHIFT > 31)
		return chunks;
	return 1;
}

static int make_table(const struct cb_heap_buffer *buffer,
		      struct sg_table *table, size_t most)
{
	unsigned int shift = buffer->order + PAGE_SHIFT, nr = 0;
	struct scatterlist *sg;
	size_t i, chunks;
	int ret;

	for (i = 0; i < buffer->chunks; i += chunks, nr++)
		chunks = cb_heap_buffer_run(buffer, i, most);
	ret = sg_alloc_table(table, nr, GFP_KERNEL);
	if (ret)
		return ret;
	sg = table->sgl;
	for (i = 0; i < buffer->chunks; i += chunks, sg = sg_next(sg)) {
		chunks = cb_heap_buffer_run(buffer, i, most);
		sg_set_page(sg, buffer->pages[i], chunks << shift, 0);
	}
	return 0;
}

/* ---- devices ------------------------------------------------------------ */

static int heap_attach(struct dma_buf *dmabuf, struct dma_buf_attachment *at)
{
	struct cb_heap_buffer *buffer = dmabuf->priv;
	size_t most = segment_chunks(buffer, at->dev);
	struct heap_device *device;
	int ret;

	if (!most) {
		pr_info_ratelimited("%s: %s takes segments of at most %u bytes, and a chunk has 2^%u\n",
				    buffer->region->name, dev_name(at->dev),
				    dma_get_max_seg_size(at->dev),
				    buffer->order + PAGE_SHIFT);
		return -EINVAL;
	}
	device = kzalloc(sizeof(*device), GFP_KERNEL);
	if (!device)
		return -ENOMEM;
	device->dev = at->dev;
	ret = make_table(buffer, &device->table, most);
	if (ret) {
		kfree(device);
		return ret;
	}
	at->priv = device;
	mutex_lock(&buffer->lock);
	list_add(&device->list, &buffer->devices);
	mutex_unlock(&buffer->lock);
	return 0;
}

static void heap_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *at)
{
	struct cb_heap_buffer *buffer = dmabuf->priv;
	struct heap_device *device = at->priv;

	mutex_lock(&buffer->lock);
	list_del(&device->list);
	mutex_unlock(&buffer->lock);
	sg_free_table(&device->table);
	kfree(device);
}

static struct sg_table *heap_map(struct dma_buf_attachment *at,
				 enum dma_data_direction dir)
{
	struct cb_heap_buffer *buffer = at->dmabuf->priv;
	struct heap_device *device = at->priv;
	int ret;

	mutex_lock(&buffer->lock);
	ret = dma_map_sgtable(device->dev, &device->table, dir, 0);
	device->mapped = !ret;
	mutex_unlock(&buffer->lock);
	return ret ? ERR_PTR(ret) : &device->table;
}

static void heap_unmap(struct dma_buf_attachment *at, struct sg_table *table,
		       enum dma_data_direction dir)
{
	struct cb_heap_buffer *buffer = at->dmabuf->priv;
	struct heap_device *device = at->priv;

	mutex_lock(&buffer->lock);
	device->mapped = false;
	dma_unmap_sgtable(device->dev, table, dir, 0);
	mutex_unlock(&buffer->lock);
}

/* ---- access by the CPU -------------------------------------------------- */

typedef void (*sync_fn)(struct device *dev, struct scatterlist *sg, int nr,
			enum dma_data_direction dir);

static void sync_for_cpu(struct device *dev, struct scatterlist *sg, int nr,
			 enum dma_data_direction dir)
{
	dma_sync_sg_for_cpu(dev, sg, nr, dir);
}

static void sync_for_device(struct device *dev, struct scatterlist *sg, int nr,
			    enum dma_data_direction dir)
{
	dma_sync_sg_for_device(dev, sg, nr, dir);
}

/* Those segments of a device that bytes from @first to before @end touch. */
static void sync_device(const struct heap_device *device,
			enum dma_data_direction dir, u64 first, u64 end,
			sync_fn sync)
{
	struct scatterlist *sg, *from = NULL;
	u64 at = 0, next;
	int i, nr = 0;

	for_each_sg(device->table.sgl, sg, device->table.orig_nents, i) {
		next = at + sg->length;
		if (next > first && at < end) {
			from = from ?: sg;
			nr++;
		}
		at = next;
	}
	if (nr)
		sync(device->dev, from, nr, dir);
}

/* The caller holds the lock. */
static void sync_devices(struct cb_heap_buffer *buffer,
			 enum dma_data_direction dir, u64 offset, u64 len,
			 sync_fn sync)
{
	struct heap_device *device;

	list_for_each_entry(device, &buffer->devices, list)
		if (device->mapped)
			sync_device(device, dir, offset, offset + len, sync);
}

static int begin_access(struct dma_buf *dmabuf, enum dma_data_direction dir,
			u64 offset, u64 len)
{
	struct cb_heap_buffer *buffer = dmabuf->priv;

	mutex_lock(&buffer->lock);
	if (buffer->vaddr)
		invalidate_kernel_vmap_range(buffer->vaddr + offset, len);
	sync_devices(buffer, dir, offset, len, sync_for_cpu);
	mutex_unlock(&buffer->lock);
	return 0;
}

static int end_access(struct dma_buf *dmabuf, enum dma_data_direction dir,
		      u64 offset, u64 len)
{
	struct cb_heap_buffer *buffer = dmabuf->priv;

	mutex_lock(&buffer->lock);
	if (buffer->vaddr)
		flush_kernel_vmap_range(buffer->vaddr + offset, len);
	sync_devices(buffer, dir, offset, len, sync_for_device);
	mutex_unlock(&buffer->lock);
	return 0;
}

static int heap_begin_access(struct dma_buf *dmabuf,
			     enum dma_data_direction dir)
{
	return begin_access(dmabuf, dir, 0, dmabuf->size);
}

static int heap_end_access(struct dma_buf *dmabuf, enum dma_data_direction dir)
{
	return end_access(dmabuf, dir, 0, dmabuf->size);
}

/* Not every kernel has these two. */
static int __maybe_unused heap_begin_partial(struct dma_buf *dmabuf,
					     enum dma_data_direction dir,
					     unsigned int offset,
					     unsigned int len)
{
	return begin_access(dmabuf, dir, offset, len);
}

static int __maybe_unused heap_end_partial(struct dma_buf *dmabuf,
					   enum dma_data_direction dir,
					   unsigned int offset,
					   unsigned int len)
{
	return end_access(dmabuf, dir, offset, len);
}

/* ---- the rest ----------------------------------------------------------- */

static int heap_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	return cb_heap_mmap(dmabuf->priv, vma);
}

static CB_VMAP_OP(heap_vmap)
{
	return cb_vmap_result(cb_heap_vmap(dmabuf->priv));
}

static CB_VUNMAP_OP(heap_vunmap)
{
	cb_heap_vunmap(dmabuf->priv);
}

static void heap_release(struct dma_buf *dmabuf)
{
	cb_heap_buffer_free(dmabuf->priv);
}

static const struct dma_buf_ops heap_ops = {
	.attach = heap_attach,
	.detach = heap_detach,
	.map_dma_buf = heap_map,
	.unmap_dma_buf = heap_unmap,
	.begin_cpu_access = heap_begin_access,
	.end_cpu_access = heap_end_access,
	CB_PARTIAL_OPS
	.mmap = heap_mmap,
	.vmap = heap_vmap,
	.vunmap = heap_vunmap,
	.release = heap_release,
};

/**
 * cb_heap_export() - make a dma-buf of a buffer
 * @buffer: the buffer; belongs to the dma-buf when this succeeds
 * @name: of the exporter; stays valid for as long as the module is loaded, and
 *	so does the module for as long as the dma-buf is there
 * @flags: of the file, such as O_RDWR
 *
 * Context: may sleep.
 *
 * Return: the dma-buf, or ERR_PTR().
 */
struct dma_buf *cb_heap_export(struct cb_heap_buffer *buffer, const char *name,
			       int flags)
{
	struct dma_buf_export_info info = {
		.exp_name = name,
		.owner = THIS_MODULE,
		.ops = &heap_ops,
		.size = cb_heap_buffer_pages(buffer) << PAGE_SHIFT,
		.flags = flags,
		.priv = buffer,
	};

	return dma_buf_export(&info);
}
