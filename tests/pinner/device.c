// SPDX-License-Identifier: GPL-2.0-only
/* /dev/cma_bulk_pinner: copies arguments in and out, and checks their form. */
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "pinner.h"

static int pinner_open(struct inode *inode, struct file *filp)
{
	struct pinner_file *file = kzalloc(sizeof(*file), GFP_KERNEL);

	if (!file)
		return -ENOMEM;
	mutex_init(&file->lock);
	INIT_LIST_HEAD(&file->maps);
	filp->private_data = file;
	return 0;
}

/* Also when the owner was killed: an ioctl in flight ends before this. */
static int pinner_release(struct inode *inode, struct file *filp)
{
	struct pinner_file *file = filp->private_data;

	pinner_file_release(file);
	mutex_destroy(&file->lock);
	kfree(file);
	return 0;
}

static bool whole_pages(u64 addr, u64 size)
{
	return size && PAGE_ALIGNED(addr) && PAGE_ALIGNED(size) &&
	       addr + size > addr;
}

static bool map_form_ok(const struct cma_bulk_pinner_map *arg)
{
	/* On 32 bit: what does not fit must not be cut off. */
	if (arg->vaddr + arg->size != (unsigned long)(arg->vaddr + arg->size))
		return false;
	if (arg->flags & ~CMA_BULK_PINNER_MAP_FLAGS)
		return false;
	if (arg->flags & CMA_BULK_PINNER_MAP_DMA &&
	    arg->mode != CMA_BULK_PINNER_LEGACY)
		return false;
	if (arg->hold_ms > PINNER_HOLD_MS_MAX ||
	    arg->jitter_ms > PINNER_HOLD_MS_MAX)
		return false;
	return !arg->reserved32 &&
	       !memchr_inv(arg->reserved, 0, sizeof(arg->reserved));
}

static void map_clear_results(struct cma_bulk_pinner_map *arg)
{
	arg->pages = 0;
	arg->in_cma = 0;
	arg->migrate_retries = 0;
	arg->isolate_retries = 0;
	arg->failed_vaddr = 0;
	arg->failure = CMA_BULK_PINNER_FAIL_NONE;
}

static int ioctl_map(struct pinner_file *file, void __user *uarg)
{
	struct cma_bulk_pinner_map arg;
	int ret;

	if (copy_from_user(&arg, uarg, sizeof(arg)))
		return -EFAULT;
	if (!whole_pages(arg.vaddr, arg.size) ||
	    !whole_pages(arg.iova, arg.size))
		return -EINVAL;
	/* Before map_form_ok(): on 32 bit no such size fits the address space. */
	if (arg.size > CMA_BULK_PINNER_MAX_SIZE)
		return -E2BIG;
	if (!map_form_ok(&arg))
		return -EINVAL;
	map_clear_results(&arg);
	ret = pinner_file_map(file, &arg);
	pinner_count(ret ? PINNER_MAPS_FAILED : PINNER_MAPS, 1);
	/* A user who cannot read the result still has the mapping. */
	if (copy_to_user(uarg, &arg, sizeof(arg)) && !ret)
		ret = -EFAULT;
	return ret;
}

static int ioctl_unmap(struct pinner_file *file, void __user *uarg)
{
	struct cma_bulk_pinner_unmap arg;
	int ret;

	if (copy_from_user(&arg, uarg, sizeof(arg)))
		return -EFAULT;
	if (!whole_pages(arg.iova, arg.size) ||
	    memchr_inv(arg.reserved, 0, sizeof(arg.reserved)))
		return -EINVAL;
	ret = pinner_file_unmap(file, &arg);
	if (!ret && copy_to_user(uarg, &arg, sizeof(arg)))
		ret = -EFAULT;
	return ret;
}

static int ioctl_query(struct pinner_file *file, void __user *uarg)
{
	struct cma_bulk_pinner_query arg;
	int ret;

	if (copy_from_user(&arg, uarg, sizeof(arg)))
		return -EFAULT;
	if (arg.reserved32 ||
	    memchr_inv(arg.reserved, 0, sizeof(arg.reserved)))
		return -EINVAL;
	ret = pinner_file_query(file, &arg);
	if (!ret && copy_to_user(uarg, &arg, sizeof(arg)))
		ret = -EFAULT;
	return ret;
}

static long pinner_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct pinner_file *file = filp->private_data;
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case CMA_BULK_PINNER_MAP:
		return ioctl_map(file, uarg);
	case CMA_BULK_PINNER_UNMAP:
		return ioctl_unmap(file, uarg);
	case CMA_BULK_PINNER_QUERY:
		return ioctl_query(file, uarg);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations pinner_fops = {
	.owner = THIS_MODULE,
	.open = pinner_open,
	.release = pinner_release,
	.unlocked_ioctl = pinner_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = noop_llseek,
};

static struct miscdevice pinner_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "cma_bulk_pinner",
	.fops = &pinner_fops,
	.mode = 0600,
};

/**
 * pinner_device_init() - make the device
 *
 * Context: module init.
 * Return: 0 or a negative errno.
 */
int __init pinner_device_init(void)
{
	return misc_register(&pinner_misc);
}

/**
 * pinner_device_exit() - remove the device
 *
 * Context: module exit: no file is open.
 */
void pinner_device_exit(void)
{
	misc_deregister(&pinner_misc);
}
