// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files "dma" and "own": a driver that has memory, in the two ways in which drivers
 * come by it.
 *
 * dma, w: "NUMBER PAGES": as many buffers of so many pages each, with
 *    dma_alloc_coherent(), which takes them with cma_alloc(); "0 0" frees them
 * dma, r: a line "PFN PAGES" for each
 * own, w: number of chunks of 16 pages to take with cma_bulk_alloc(); 0 gives them
 *    back
 */
#include <linux/debugfs.h>
#include <linux/dma-direct.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/seq_file.h>

#include <cma_bulk/cma_bulk.h>

#include "apitest.h"

#define MOST	256
#define ORDER	4

struct buffer {
	void *addr;
	dma_addr_t handle;
	size_t size;
};

static DEFINE_MUTEX(lock);		/* all that follows */
static struct platform_device *device;
static struct buffer buffers[MOST];
static unsigned int nr_buffers;
static struct page *chunks[MOST];
static size_t nr_chunks;

static void dma_drop(void)
{
	struct buffer *b;

	while (nr_buffers) {
		b = &buffers[--nr_buffers];
		dma_free_coherent(&device->dev, b->size, b->addr, b->handle);
	}
}

/* Its name is what the test looks for in a stack. */
static noinline int apitest_dma_take(unsigned int nr, unsigned int pages)
{
	struct buffer *b;

	while (nr_buffers < nr) {
		b = &buffers[nr_buffers];
		b->size = pages * PAGE_SIZE;
		b->addr = dma_alloc_coherent(&device->dev, b->size, &b->handle,
					     GFP_KERNEL);
		if (!b->addr)
			return -ENOMEM;
		nr_buffers++;
	}
	return 0;
}

static ssize_t dma_write(struct file *f, const char __user *text, size_t size,
			 loff_t *pos)
{
	unsigned int nr, pages;
	char line[32];
	int ret = read_line(line, sizeof(line), text, size);

	if (ret)
		return ret;
	if (sscanf(line, "%u %u", &nr, &pages) != 2 || nr > MOST || !nr != !pages)
		return -EINVAL;
	mutex_lock(&lock);
	dma_drop();
	ret = apitest_dma_take(nr, pages);
	mutex_unlock(&lock);
	return ret ?: size;
}

static int dma_show(struct seq_file *m, void *unused)
{
	const struct buffer *b;
	phys_addr_t addr;

	mutex_lock(&lock);
	for (b = buffers; b < buffers + nr_buffers; b++) {
		addr = dma_to_phys(&device->dev, b->handle);
		seq_printf(m, "%lu %zu\n", (unsigned long)PHYS_PFN(addr),
			   b->size >> PAGE_SHIFT);
	}
	mutex_unlock(&lock);
	return 0;
}

static int dma_open(struct inode *inode, struct file *f)
{
	return single_open(f, dma_show, NULL);
}

static const struct file_operations dma_fops = {
	.owner = THIS_MODULE,
	.open = dma_open,
	.read = seq_read,
	.write = dma_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static noinline int apitest_own_take(size_t nr)
{
	int ret = alloc_chunks(chunks, nr, ORDER, &nr_chunks);

	/* A call at the very end may become a jump, which no stack shows. */
	barrier();
	return ret;
}

static int own_set(void *unused, u64 nr)
{
	int ret = 0;

	if (nr > MOST)
		return -E2BIG;
	mutex_lock(&lock);
	cma_bulk_free(test_region, ORDER, chunks, nr_chunks);
	nr_chunks = 0;
	if (nr)
		ret = apitest_own_take(nr);
	mutex_unlock(&lock);
	return ret;
}
DEFINE_DEBUGFS_ATTRIBUTE(own_fops, NULL, own_set, "%llu\n");

int users_init(struct dentry *dir)
{
	device = platform_device_register_simple("cma_bulk_users", -1, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	/* The area may lie anywhere. */
	dma_coerce_mask_and_coherent(&device->dev, DMA_BIT_MASK(64));
	debugfs_create_file("dma", 0600, dir, NULL, &dma_fops);
	debugfs_create_file_unsafe("own", 0200, dir, NULL, &own_fops);
	return 0;
}

/* The files are gone. */
void users_exit(void)
{
	dma_drop();
	cma_bulk_free(test_region, ORDER, chunks, nr_chunks);
	platform_device_unregister(device);
}
