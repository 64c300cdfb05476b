// SPDX-License-Identifier: GPL-2.0-only
/*
 * File "isolate": a user of the area that does not know of cma_bulk, in the
 * middle of a call: its pageblocks are isolated until it ends.
 *
 * w: number of a page; isolates what alloc_contig_range() would isolate around
 *    it. 0 ends that; the write fails with -EBUSY if another one is isolated
 *    already, and with -EOPNOTSUPP where the kernel's functions are not found
 * r: the first page that is isolated, 0 if none is
 */
#include <linux/debugfs.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/mutex.h>
#include <linux/page-isolation.h>

#include <cma_bulk/cma_bulk.h>

#include "apitest.h"
#include "cma_bulk_apitest_probed.h"

static typeof(&start_isolate_page_range) isolate_range;
static typeof(&undo_isolate_page_range) undo_range;

static DEFINE_MUTEX(lock);		/* isolated */
static u64 isolated;

/* Before 6.0 a call isolates the largest buddy, where that is more. */
static unsigned long unit_pages(void)
{
	return max_t(unsigned long, pageblock_nr_pages, MAX_ORDER_NR_PAGES);
}

static int isolate(unsigned long pfn)
{
	unsigned long end = pfn + unit_pages();

#ifdef CMA_BULK_HAVE_ISOLATE_MODE
	return isolate_range(pfn, end, PB_ISOLATE_MODE_CMA_ALLOC);
#elif defined(CMA_BULK_HAVE_ISOLATE_GFP)
	return isolate_range(pfn, end, MIGRATE_CMA, 0, GFP_KERNEL);
#else
	return isolate_range(pfn, end, MIGRATE_CMA, 0);
#endif
}

static void undo(void)
{
	unsigned long pfn = isolated, end = pfn + unit_pages();

	if (!pfn)
		return;
#ifdef CMA_BULK_HAVE_ISOLATE_MODE
	undo_range(pfn, end);
#else
	undo_range(pfn, end, MIGRATE_CMA);
#endif
	isolated = 0;
}

static int isolate_set(void *unused, u64 wanted)
{
	unsigned long pfn = ALIGN_DOWN((unsigned long)wanted, unit_pages());
	int ret = 0;

	if (!isolate_range || !undo_range)
		return -EOPNOTSUPP;
	if (wanted > ULONG_MAX || (wanted && !in_region(pfn, unit_pages())))
		return -EINVAL;
	mutex_lock(&lock);
	if (!wanted) {
		undo();
	} else if (isolated) {
		ret = -EBUSY;
	} else {
		ret = isolate(pfn);
		if (!ret)
			isolated = pfn;
	}
	mutex_unlock(&lock);
	return ret;
}

static int isolate_get(void *unused, u64 *value)
{
	mutex_lock(&lock);
	*value = isolated;
	mutex_unlock(&lock);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(isolate_fops, isolate_get, isolate_set, "%llu\n");

void isolate_init(struct dentry *dir)
{
	isolate_range = find_function("start_isolate_page_range");
	undo_range = find_function("undo_isolate_page_range");
	debugfs_create_file_unsafe("isolate", 0600, dir, NULL, &isolate_fops);
}

/* The file is gone. */
void isolate_exit(void)
{
	undo();
}
