// SPDX-License-Identifier: GPL-2.0-only
/*
 * File "values": the same words that debugfs takes, as a request of a driver.
 *
 * w: words KEY=NUMBER; a chunk of 16 pages without them. The write ends as
 *    cma_bulk_alloc() does, and what was obtained goes back.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <cma_bulk/cma_bulk.h>

#include "apitest.h"

/* The most chunks that there is room for. */
#define MOST	1024

/* -ERANGE for what the type of a member cannot hold, so that no driver says it. */
static int set(struct cma_bulk_request *req, const char *key, const char *value)
{
	if (!strcmp(key, "count"))
		return kstrtoul(value, 10, (unsigned long *)&req->count);
	if (!strcmp(key, "order"))
		return kstrtouint(value, 10, &req->order);
	if (!strcmp(key, "align"))
		return kstrtouint(value, 10, &req->align);
	if (!strcmp(key, "retries"))
		return kstrtoint(value, 10, &req->retries);
	if (!strcmp(key, "retry_delay_ms"))
		return kstrtouint(value, 10, &req->retry_delay_ms);
	if (!strcmp(key, "timeout_ms"))
		return kstrtouint(value, 10, &req->timeout_ms);
	if (!strcmp(key, "workers"))
		return kstrtouint(value, 10, &req->workers);
	return -ENOENT;
}

static int parse(struct cma_bulk_request *req, char *text)
{
	char *word, *value;
	int ret = 0;

	while (!ret && (word = strsep(&text, "\n "))) {
		if (!*word)
			continue;
		value = strchr(word, '=');
		if (!value)
			return -ENOENT;
		*value++ = '\0';
		ret = set(req, word, value);
	}
	return ret;
}

static int try(const struct cma_bulk_request *req)
{
	struct page **pages = kcalloc(MOST, sizeof(*pages), GFP_KERNEL);
	size_t nr = 0;
	int ret;

	if (!pages)
		return -ENOMEM;
	ret = cma_bulk_alloc(test_region, req, pages, &nr);
	cma_bulk_free(test_region, req->order, pages, nr);
	kfree(pages);
	return ret;
}

static ssize_t values_write(struct file *f, const char __user *text,
			    size_t size, loff_t *pos)
{
	struct cma_bulk_request req = { .order = 4, .count = 1 };
	char line[128];
	int ret;

	if (size >= sizeof(line))
		return -EFBIG;
	if (copy_from_user(line, text, size))
		return -EFAULT;
	line[size] = '\0';
	ret = parse(&req, line);
	/* More than there is room for must be more than the region holds. */
	if (!ret && req.count > MOST && req.order < 31 &&
	    req.count <= cma_bulk_region_size(test_region) >> PAGE_SHIFT >> req.order)
		ret = -EFBIG;
	ret = ret ?: try(&req);
	return ret ?: size;
}

static const struct file_operations values_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = values_write,
};

void values_init(struct dentry *dir)
{
	debugfs_create_file("values", 0200, dir, NULL, &values_fops);
}
