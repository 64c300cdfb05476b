// SPDX-License-Identifier: GPL-2.0-only
/*
 * File "memset": what it costs a kernel to clear chunks, without obtaining them;
 * for the benchmark of the heap.
 *
 * w: "ORDER COUNT": obtain so many chunks, clear them with memset() and give them
 *    back
 * r: nanoseconds that the calls of memset() took in the last write, all together
 */
#include <linux/debugfs.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <cma_bulk/cma_bulk.h>

#include "apitest.h"

/* Of kvmalloc(), an array of pointers. */
#define MOST	(INT_MAX / sizeof(struct page *))

static DEFINE_MUTEX(lock);		/* last_ns */
static u64 last_ns;

static u64 clear(struct page **pages, size_t nr, unsigned int order)
{
	u64 ns = 0, start;
	size_t i;

	for (i = 0; i < nr; i++) {
		start = ktime_get_ns();
		memset(page_address(pages[i]), 0, PAGE_SIZE << order);
		ns += ktime_get_ns() - start;
		cond_resched();
	}
	return ns;
}

static int obtain_and_clear(unsigned int order, size_t count)
{
	struct cma_bulk_request req = { .order = order, .count = count };
	struct page **pages;
	size_t nr = 0;
	int ret;

	if (!count || count > MOST)
		return -EINVAL;
	pages = kvmalloc_array(count, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;
	ret = cma_bulk_alloc(test_region, &req, pages, &nr);
	if (ret)
		goto out;
	/* Without an address in the kernel there is nothing to compare with. */
	if (PageHighMem(pages[0]))
		ret = -EOPNOTSUPP;
	else
		last_ns = clear(pages, nr, order);
	cma_bulk_free(test_region, order, pages, nr);
out:
	kvfree(pages);
	return ret;
}

static ssize_t memset_write(struct file *f, const char __user *text,
			    size_t size, loff_t *pos)
{
	unsigned int order;
	unsigned long count;
	char line[32];
	int ret;

	ret = read_line(line, sizeof(line), text, size);
	if (ret)
		return ret;
	if (sscanf(line, "%u %lu", &order, &count) != 2)
		return -EINVAL;
	mutex_lock(&lock);
	ret = obtain_and_clear(order, count);
	mutex_unlock(&lock);
	return ret ?: size;
}

static ssize_t memset_read(struct file *f, char __user *text, size_t size,
			   loff_t *pos)
{
	char line[32];
	int len;

	mutex_lock(&lock);
	len = scnprintf(line, sizeof(line), "%llu\n", last_ns);
	mutex_unlock(&lock);
	return simple_read_from_buffer(text, size, pos, line, len);
}

static const struct file_operations memset_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = memset_read,
	.write = memset_write,
};

void memset_init(struct dentry *dir)
{
	debugfs_create_file("memset", 0600, dir, NULL, &memset_fops);
}
