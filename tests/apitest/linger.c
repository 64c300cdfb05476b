// SPDX-License-Identifier: GPL-2.0-only
/*
 * File "linger": a driver that gives chunks back while its device still reads
 * one page of each.
 *
 * w: number of chunks of one page to take, refer to and give back; 0 drops the
 *    references
 * r: number of pages referred to
 */
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/mutex.h>

#include <cma_bulk/cma_bulk.h>

#include "apitest.h"

#define MOST	512

static DEFINE_MUTEX(lock);		/* all that follows */
static struct page *pages[MOST];
static size_t nr;

static void drop(void)
{
	while (nr)
		put_page(pages[--nr]);
}

static int linger_set(void *unused, u64 count)
{
	size_t i;
	int ret = 0;

	if (count > MOST)
		return -E2BIG;
	mutex_lock(&lock);
	drop();
	if (count) {
		ret = alloc_chunks(pages, count, 0, &nr);
		for (i = 0; i < nr; i++)
			get_page(pages[i]);
		cma_bulk_free(test_region, 0, pages, nr);
	}
	mutex_unlock(&lock);
	return ret;
}

static int linger_get(void *unused, u64 *value)
{
	*value = READ_ONCE(nr);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(linger_fops, linger_get, linger_set, "%llu\n");

void linger_init(struct dentry *dir)
{
	debugfs_create_file_unsafe("linger", 0600, dir, NULL, &linger_fops);
}

/* The file is gone. */
void linger_exit(void)
{
	drop();
}
