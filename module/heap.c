// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/dma_heap/cma_bulk-REGION: buffers for userspace, by the kernel's own
 * interface for heaps (linux/dma-heap.h).
 *
 * The nodes are misc devices of this module, also where the kernel has a
 * dma_heap_add(): what that adds is there for ever, and so would the module be.
 */
#include <linux/compat.h>
#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <uapi/linux/dma-heap.h>

#include "heap.h"
#include "heap_buffer.h"
#include "heap_dmabuf.h"
#include "heap_zero.h"
#include "log.h"
#include "region.h"

#define HEAP_PREFIX	"cma_bulk-"
#define HEAP_FOLDER	"dma_heap/"

/**
 * struct cb_heap - the heap of a region
 * @misc: its device
 * @region: the region
 * @added: the device is registered
 * @name: of the device, and of the exporter of its buffers
 * @node: where it appears, below /dev
 */
struct cb_heap {
	struct miscdevice misc;
	struct cma_bulk_region *region;
	bool added;
	char name[sizeof(HEAP_PREFIX) + CB_NAME_MAX];
	char node[sizeof(HEAP_FOLDER HEAP_PREFIX) + CB_NAME_MAX];
};

/* Why a node is missing; 0 if none is. */
static int heaps_err;

/* What the kernel's own heaps refuse, too. */
static int check(const struct dma_heap_allocation_data *data)
{
	if (data->fd || !data->len ||
	    data->fd_flags & ~DMA_HEAP_VALID_FD_FLAGS ||
	    data->heap_flags & ~DMA_HEAP_VALID_HEAP_FLAGS)
		return -EINVAL;
	return 0;
}

/* Return: a file descriptor, or a negative errno. */
static int alloc_fd(struct cb_heap *heap, u64 len, unsigned int flags)
{
	struct cb_heap_buffer *buffer = cb_heap_buffer_alloc(heap->region, len);
	struct dma_buf *dmabuf;
	int fd;

	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	dmabuf = cb_heap_export(buffer, heap->name, flags);
	if (IS_ERR(dmabuf)) {
		cb_heap_buffer_free(buffer);
		return PTR_ERR(dmabuf);
	}
	fd = dma_buf_fd(dmabuf, flags);
	if (fd < 0)
		dma_buf_put(dmabuf);
	return fd;
}

static long ioctl_alloc(struct cb_heap *heap,
			struct dma_heap_allocation_data *data)
{
	int fd = check(data);

	if (!fd)
		fd = alloc_fd(heap, data->len, data->fd_flags);
	if (fd < 0)
		return fd;
	data->fd = fd;
	return 0;
}

/*
 * The number says what is meant; the size that the caller's headers give the
 * structure may be less or more, as with the kernel's own heaps. What the caller
 * does not have is 0, and what only the caller has is left alone. But a caller
 * that could not learn of its file descriptor would never close it.
 */
static int check_cmd(unsigned int cmd)
{
	if (_IOC_TYPE(cmd) != DMA_HEAP_IOC_MAGIC)
		return -ENOTTY;
	if (_IOC_NR(cmd) != _IOC_NR(DMA_HEAP_IOCTL_ALLOC) ||
	    _IOC_DIR(cmd) != _IOC_DIR(DMA_HEAP_IOCTL_ALLOC) ||
	    _IOC_SIZE(cmd) < offsetofend(struct dma_heap_allocation_data, fd))
		return -EINVAL;
	return 0;
}

static long heap_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct cb_heap *heap = container_of(file->private_data, struct cb_heap,
					    misc);
	struct dma_heap_allocation_data data = { 0 };
	size_t size = min_t(size_t, _IOC_SIZE(cmd), sizeof(data));
	void __user *user = (void __user *)arg;
	long ret = check_cmd(cmd);

	if (ret)
		return ret;
	if (copy_from_user(&data, user, size))
		return -EFAULT;
	ret = ioctl_alloc(heap, &data);
	if (!ret && copy_to_user(user, &data, size))
		return -EFAULT;
	return ret;
}

static const struct file_operations heap_fops = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.unlocked_ioctl = heap_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl = heap_ioctl,
#endif
};

/**
 * cb_heap_init() - at load: a heap, without a node
 * @region: the region
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_heap_exit().
 */
int cb_heap_init(struct cma_bulk_region *region)
{
	struct cb_heap *heap = kzalloc(sizeof(*heap), GFP_KERNEL);

	region->heap = heap;
	if (!heap)
		return -ENOMEM;
	heap->region = region;
	snprintf(heap->name, sizeof(heap->name), HEAP_PREFIX "%s",
		 region->name);
	snprintf(heap->node, sizeof(heap->node), HEAP_FOLDER "%s", heap->name);
	heap->misc = (struct miscdevice){
		.minor = MISC_DYNAMIC_MINOR,
		.name = heap->name,
		.nodename = heap->node,
		.fops = &heap_fops,
	};
	return 0;
}

/**
 * cb_heap_exit() - at unload: free the heap
 * @region: the region, of which there is no buffer any more
 */
void cb_heap_exit(struct cma_bulk_region *region)
{
	kfree(region->heap);
	region->heap = NULL;
}

/**
 * cb_heaps_add() - make the nodes
 *
 * A buffer may be asked for as soon as a node is there, so this comes last. A
 * node that cannot be made is not an error of the module.
 *
 * Context: module init; may sleep. Undone by cb_heaps_remove().
 */
void cb_heaps_add(void)
{
	int no_threads = cb_heap_zero_setup(), ret;
	struct cma_bulk_region *region;

	list_for_each_entry(region, &cb_regions, list) {
		ret = no_threads ?: misc_register(&region->heap->misc);
		region->heap->added = !ret;
		if (!ret)
			continue;
		pr_warn("/dev/%s cannot be made: %d\n", region->heap->node,
			ret);
		heaps_err = ret;
	}
}

/**
 * cb_heaps_remove() - remove the nodes
 *
 * Context: module exit, when no node is open and no buffer is left; also when
 * init has failed, and then there is no node. May sleep.
 */
void cb_heaps_remove(void)
{
	struct cma_bulk_region *region;

	list_for_each_entry(region, &cb_regions, list)
		if (region->heap && region->heap->added)
			misc_deregister(&region->heap->misc);
	cb_heap_zero_teardown();
}

/**
 * cb_heap_state() - do the heaps work?
 *
 * Return: "yes", or "no" with the reason.
 */
const char *cb_heap_state(void)
{
	return heaps_err ? "no (a node cannot be made, see the log)" : "yes";
}
