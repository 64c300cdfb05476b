// SPDX-License-Identifier: GPL-2.0-only
/* The files that show the region's memory: blocks and blockers. */
#include <linux/bitmap.h>
#include <linux/fs.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "../module/blocked.h"
#include "../module/blockers.h"
#include "../module/compat/seq.h"
#include "../module/core/blocks.h"
#include "../module/drain.h"
#include "../module/holders.h"
#include "../module/region.h"
#include "../module/scan.h"
#include "debugfs.h"

/* blocks: position 0 is the header, n is pageblock n - 1. */
static void *blocks_start(struct seq_file *m, loff_t *pos)
{
	if (!*pos) {
		/* A page in an LRU batch looks busy, but is not. */
		cb_drain_now(cb_region_of_file(m));
		return SEQ_START_TOKEN;
	}
	return *pos <= cb_region_blocks(cb_region_of_file(m)) ? pos : NULL;
}

static void *blocks_next(struct seq_file *m, void *v, loff_t *pos)
{
	/* seq_read() fills a buffer, which grows with the file, without. */
	cond_resched();
	++*pos;
	return *pos <= cb_region_blocks(cb_region_of_file(m)) ? pos : NULL;
}

static void add_run(void *arg, unsigned long pfn, unsigned long nr,
		    enum cb_class class)
{
	cb_block_add(arg, class, nr);
}

static int blocks_show(struct seq_file *m, void *v)
{
	struct cma_bulk_region *region = cb_region_of_file(m);
	struct cb_block b = { 0 };
	unsigned long block, start, nr;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "# block pfn state free movable busy held\n");
		return 0;
	}
	block = *(loff_t *)v - 1;
	start = block * pageblock_nr_pages;
	nr = min(region->nr_pages - start, (unsigned long)pageblock_nr_pages);
	cb_scan(region, region->base_pfn + start, nr, CB_SCAN_DRAINED,
		add_run, &b);
	seq_printf(m, "%lu %lu %s %u %u %u %u\n", block,
		   cb_shown_pfn(m, region->base_pfn + start), cb_block_state(&b),
		   b.free, b.movable, b.busy, b.held);
	return 0;
}

static const struct seq_operations blocks_sops = {
	.start = blocks_start,
	.next = blocks_next,
	.stop = cb_no_stop,
	.show = blocks_show,
};

static int blocks_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &blocks_sops);
}

const struct file_operations cb_blocks_fops = {
	.owner = THIS_MODULE,
	.open = blocks_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release,
};

/**
 * struct listing - an open "blockers"
 * @now: what blocks
 * @shown: some of it was listed
 * @gone: what blocked the last request that ended with -EBUSY, for when nothing
 *	blocks any more
 * @nr_gone: how many pages that are
 */
struct listing {
	struct cb_blockers now;
	bool shown;
	struct cb_blocked_page gone[CB_BLOCKED_MAX];
	unsigned int nr_gone;
};

/*
 * blockers: position 0 is the header, n is page n - 1 of the region; what is after
 * the last page is gone.
 */
static void *blocker_from(struct listing *l, loff_t *pos)
{
	unsigned long nr = l->now.region->nr_pages;

	if (*pos <= nr)
		*pos = find_next_bit(l->now.page, nr, *pos - 1) + 1;
	return *pos <= nr || (!l->shown && *pos - nr <= l->nr_gone) ? pos : NULL;
}

static void *blockers_start(struct seq_file *m, loff_t *pos)
{
	return *pos ? blocker_from(m->private, pos) : SEQ_START_TOKEN;
}

static void *blockers_next(struct seq_file *m, void *v, loff_t *pos)
{
	cond_resched();
	++*pos;
	return blocker_from(m->private, pos);
}

static int gone_show(struct seq_file *m, const struct listing *l,
		     const struct cb_blocked_page *p)
{
	seq_printf(m, "%lu %lu %s %ld %ld gone -", cb_shown_pfn(m, p->pfn),
		   (p->pfn - l->now.region->base_pfn) / pageblock_nr_pages,
		   cb_reason_name(p->reason), p->refs, p->maps);
	cb_show_holder(m, NULL);
	return 0;
}

static int blockers_show(struct seq_file *m, void *v)
{
	struct listing *l = m->private;
	unsigned long pos, pfn;
	struct cb_blocker d;
	struct cb_holder h;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "# pfn block reason refs maps flags owner pid comm age_ms stack\n");
		return 0;
	}
	pos = *(loff_t *)v - 1;
	if (pos >= l->now.region->nr_pages)
		return gone_show(m, l, &l->gone[pos - l->now.region->nr_pages]);
	pfn = l->now.region->base_pfn + pos;
	if (!cb_blocker_describe(&l->now, pfn, &d))
		return SEQ_SKIP;
	l->shown = true;
	seq_printf(m, "%lu %lu %s %ld %ld %s %s", cb_shown_pfn(m, pfn),
		   pos / pageblock_nr_pages, cb_reason_name(d.reason),
		   d.refs, d.maps, d.flags, d.owner);
	cb_show_holder(m, cb_holder_of(l->now.region, pfn, &h) ? &h : NULL);
	return 0;
}

static const struct seq_operations blockers_sops = {
	.start = blockers_start,
	.next = blockers_next,
	.stop = cb_no_stop,
	.show = blockers_show,
};

/* The list is of the moment when the file was opened. */
static int blockers_open(struct inode *inode, struct file *file)
{
	ktime_t start = ktime_get();
	struct listing *l;
	int ret;

	l = __seq_open_private(file, &blockers_sops, sizeof(*l));
	if (!l)
		return -ENOMEM;
	ret = cb_blockers_find(&l->now, inode->i_private);
	if (ret) {
		cb_blockers_free(&l->now);
		seq_release_private(inode, file);
		return ret;
	}
	l->nr_gone = cb_blocked_read(inode->i_private, l->gone, start);
	return 0;
}

static int blockers_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct listing *l = m->private;

	cb_blockers_free(&l->now);
	return seq_release_private(inode, file);
}

const struct file_operations cb_blockers_fops = {
	.owner = THIS_MODULE,
	.open = blockers_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = blockers_release,
};
