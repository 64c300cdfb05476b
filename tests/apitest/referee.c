// SPDX-License-Identifier: GPL-2.0-only
/*
 * File "referee": the kernel's own verdict on a page. Nothing of cma_bulk judges
 * here.
 *
 * w: "PFN PAGES": takes these pages with alloc_contig_range() and gives them back
 *    at once; the write fails with the error of that call. "PFN PAGES beside"
 *    does so without keeping requests off, like a user of the area that does not
 *    know of cma_bulk.
 *
 * File "movable": which pages belong to a driver that can migrate them.
 *
 * r: their numbers
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/page-flags.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include <cma_bulk/cma_bulk.h>

#include "apitest.h"
#include "cma_bulk_apitest_probed.h"

/* Until 6.17 the mapping tells a driver's page that can be migrated. */
#ifdef PAGE_MAPPING_MOVABLE
static bool has_movable_ops(struct page *page)
{
	unsigned long mapping = (unsigned long)READ_ONCE(page->mapping);

	return (mapping & PAGE_MAPPING_FLAGS) == PAGE_MAPPING_MOVABLE;
}
#else
#define has_movable_ops(page)	page_has_movable_ops(page)
#endif

#ifdef CMA_BULK_HAVE_CONTIG_ACR_FLAGS
#define CONTIG_CMA	ACR_FLAGS_CMA
#else
#define CONTIG_CMA	MIGRATE_CMA
#endif

static ssize_t referee_write(struct file *f, const char __user *text,
			     size_t size, loff_t *pos)
{
	unsigned long pfn, nr;
	char line[64];
	bool beside;
	int ret;

	ret = read_line(line, sizeof(line), text, size);
	if (ret)
		return ret;
	if (sscanf(line, "%lu %lu", &pfn, &nr) != 2 || !in_region(pfn, nr))
		return -EINVAL;
	beside = strstr(line, "beside");
	if (!beside)
		cma_bulk_exclude_begin();
	ret = alloc_contig_range(pfn, pfn + nr, CONTIG_CMA,
				 GFP_KERNEL | __GFP_NOWARN);
	if (!ret)
		free_contig_range(pfn, nr);
	if (!beside)
		cma_bulk_exclude_end();
	return ret ? ret : size;
}

static int movable_show(struct seq_file *m, void *unused)
{
	unsigned long pfn = PHYS_PFN(cma_bulk_region_base(test_region));
	unsigned long nr = cma_bulk_region_size(test_region) >> PAGE_SHIFT;

	for (; nr; pfn++, nr--) {
		if (has_movable_ops(pfn_to_page(pfn)))
			seq_printf(m, "%lu\n", pfn);
		cond_resched();
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(movable);

static const struct file_operations referee_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = referee_write,
};

void referee_init(struct dentry *dir)
{
	debugfs_create_file("referee", 0200, dir, NULL, &referee_fops);
	debugfs_create_file("movable", 0400, dir, NULL, &movable_fops);
}
