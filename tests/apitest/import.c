// SPDX-License-Identifier: GPL-2.0-only
/*
 * File "import": a device without an IOMMU that a buffer of a heap is shared with.
 *
 * w: "FD" or "FD BYTES": attach to the dma-buf with that descriptor of the writer,
 *    map it, look at all of it and let go. BYTES is the largest segment that the
 *    device's driver says it takes; without it, it says nothing.
 * r: of the last write, as "key: value": segments, the smallest and the largest
 *    in bytes, their sum; and a checksum of the content, by the segments and by a
 *    mapping into the kernel
 *
 * The operations of the dma-buf are called directly: what stands between differs
 * between kernels, and is not what is tested.
 */
#include <linux/debugfs.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/scatterlist.h>
#include <linux/seq_file.h>

#include <cma_bulk_apitest_probed.h>

#include "apitest.h"

#ifdef CMA_BULK_HAVE_NAMESPACE_WORD
MODULE_IMPORT_NS(DMA_BUF);
#else
MODULE_IMPORT_NS("DMA_BUF");
#endif

static DEFINE_MUTEX(lock);		/* last */
static struct platform_device *importer;
static struct seen {
	unsigned int segments;
	unsigned int smallest;
	unsigned int largest;
	unsigned long bytes;
	u32 sum;
	u32 vmap_sum;
} last;

static u32 sum_more(u32 sum, const void *data, size_t len)
{
	const u32 *word = data;

	for (len /= sizeof(*word); len; len--)
		sum = sum * 31 + *word++;
	return sum;
}

static void look_at_segments(struct seen *seen, struct sg_table *table)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_sg(table, sg, i) {
		if (!seen->segments++)
			seen->smallest = sg->length;
		seen->smallest = min(seen->smallest, sg->length);
		seen->largest = max(seen->largest, sg->length);
		seen->bytes += sg->length;
	}
}

/* By mappings of single pages: the kernel has no address of highmem. */
static void look_at_content(struct seen *seen, struct sg_table *table)
{
	struct sg_mapping_iter iter;

	sg_miter_start(&iter, table->sgl, table->orig_nents, SG_MITER_FROM_SG);
	while (sg_miter_next(&iter)) {
		seen->sum = sum_more(seen->sum, iter.addr, iter.length);
		cond_resched();
	}
	sg_miter_stop(&iter);
}

#ifdef CMA_BULK_HAVE_DMA_BUF_VMAP_ADDRESS
static int look_at_vmap(struct seen *seen, struct dma_buf *buf)
{
	void *addr = buf->ops->vmap(buf);

	if (!addr)
		return -ENOMEM;
	seen->vmap_sum = sum_more(0, addr, buf->size);
	buf->ops->vunmap(buf, addr);
	return 0;
}
#else
#ifdef CMA_BULK_HAVE_DMA_BUF_VMAP_IOSYS
#define map_struct iosys_map
#else
#define map_struct dma_buf_map
#endif
static int look_at_vmap(struct seen *seen, struct dma_buf *buf)
{
	struct map_struct map, again;
	int ret = buf->ops->vmap(buf, &map);

	if (ret)
		return ret;
	/* Twice is one mapping. */
	ret = buf->ops->vmap(buf, &again);
	if (!ret) {
		if (map.vaddr != again.vaddr)
			ret = -EIO;
		buf->ops->vunmap(buf, &again);
	}
	if (!ret)
		seen->vmap_sum = sum_more(0, map.vaddr, buf->size);
	buf->ops->vunmap(buf, &map);
	return ret;
}
#endif

static int look_at(struct seen *seen, struct dma_buf_attachment *at)
{
	const struct dma_buf_ops *ops = at->dmabuf->ops;
	struct sg_table *table = ops->map_dma_buf(at, DMA_BIDIRECTIONAL);
	int ret;

	if (IS_ERR(table))
		return PTR_ERR(table);
	look_at_segments(seen, table);
	ret = ops->begin_cpu_access(at->dmabuf, DMA_FROM_DEVICE);
	look_at_content(seen, table);
	ret = ret ?: look_at_vmap(seen, at->dmabuf);
	ret = ret ?: ops->end_cpu_access(at->dmabuf, DMA_TO_DEVICE);
	ops->unmap_dma_buf(at, table, DMA_BIDIRECTIONAL);
	return ret;
}

static int import(struct seen *seen, int fd)
{
	struct dma_buf *buf = dma_buf_get(fd);
	struct dma_buf_attachment *at;
	int ret;

	if (IS_ERR(buf))
		return PTR_ERR(buf);
	at = dma_buf_attach(buf, &importer->dev);
	ret = PTR_ERR_OR_ZERO(at);
	if (!ret) {
		ret = look_at(seen, at);
		dma_buf_detach(buf, at);
	}
	dma_buf_put(buf);
	return ret;
}

static ssize_t import_write(struct file *file, const char __user *buf,
			    size_t len, loff_t *pos)
{
	char text[32];
	struct seen seen = { 0 };
	unsigned int most = 0;
	int fd, ret;

	ret = read_line(text, sizeof(text), buf, len);
	if (ret)
		return ret;
	if (sscanf(text, "%d %u", &fd, &most) < 1)
		return -EINVAL;
	mutex_lock(&lock);
	importer->dev.dma_parms->max_segment_size = most;
	ret = import(&seen, fd);
	last = seen;
	mutex_unlock(&lock);
	return ret ?: len;
}

static int import_show(struct seq_file *m, void *unused)
{
	mutex_lock(&lock);
	seq_printf(m, "segments: %u\nsmallest: %u\nlargest: %u\nbytes: %lu\n",
		   last.segments, last.smallest, last.largest, last.bytes);
	seq_printf(m, "sum: %u\nvmap_sum: %u\n", last.sum, last.vmap_sum);
	mutex_unlock(&lock);
	return 0;
}

static int import_open(struct inode *inode, struct file *file)
{
	return single_open(file, import_show, NULL);
}

static const struct file_operations import_fops = {
	.owner = THIS_MODULE,
	.open = import_open,
	.read = seq_read,
	.write = import_write,
	.llseek = seq_lseek,
	.release = single_release,
};

int import_init(struct dentry *dir)
{
	int ret;

	importer = platform_device_register_simple("cma_bulk_import", -1, NULL,
						   0);
	if (IS_ERR(importer))
		return PTR_ERR(importer);
	ret = dma_set_mask_and_coherent(&importer->dev, DMA_BIT_MASK(64));
	if (ret) {
		platform_device_unregister(importer);
		return ret;
	}
	debugfs_create_file("import", 0600, dir, NULL, &import_fops);
	return 0;
}

/* The file is gone. */
void import_exit(void)
{
	platform_device_unregister(importer);
}
