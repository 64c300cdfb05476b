// SPDX-License-Identifier: GPL-2.0-only
/*
 * File "back": chunks of any order are taken, and given back in another order and
 * a few at a time, while pages of them are referenced: some from before until
 * after that, as by a driver, and all of them now and then for a moment, by a
 * thread that takes a reference of whatever has one, as compaction does.
 *
 * w: "SEED ROUNDS"
 * r: "chunks", "kept" and "moments" as "key: value": chunks given back, references
 *    kept, and taken by the thread; "wrong": pages that lost a reference which was
 *    kept, or were not whole when they were taken
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include <cma_bulk/cma_bulk.h>

#include "apitest.h"

#define MOST		256U	/* chunks of a round */
#define ORDERS		6U
#define KEPT		32U	/* references kept in a round */
#define TOGETHER	24U	/* chunks that go back in one call */

static DEFINE_MUTEX(lock);	/* all that follows */
static struct rnd_state rnd;
static struct page *pages[MOST];
static struct page *kept[KEPT];
static size_t nr, nr_kept;
static unsigned int order;
static u64 sum_chunks, sum_kept, sum_moments, sum_wrong;

/* What the thread looks at: all pages between those of the round. */
static unsigned long first, last;

static u32 below(u32 n)
{
	return prandom_u32_state(&rnd) % n;
}

static int take_references(void *unused)
{
	unsigned long pfn;

	while (!kthread_should_stop()) {
		for (pfn = first; pfn <= last; pfn++) {
			if (!get_page_unless_zero(pfn_to_page(pfn)))
				continue;
			sum_moments++;
			put_page(pfn_to_page(pfn));
		}
		cond_resched();
	}
	return 0;
}

static void shuffle(void)
{
	size_t i, with;

	for (i = nr; i > 1; i--) {
		with = below(i);
		swap(pages[i - 1], pages[with]);
	}
}

/* Pages come with one reference, and nothing of their last user. */
static void look(void)
{
	unsigned long pfn;
	size_t i, p;

	first = ULONG_MAX;
	last = 0;
	for (i = 0; i < nr; i++) {
		pfn = page_to_pfn(pages[i]);
		first = min(first, pfn);
		last = max(last, pfn + (1UL << order) - 1);
		for (p = 0; p < 1UL << order; p++)
			sum_wrong += page_count(pages[i] + p) != 1 ||
				     page_private(pages[i] + p);
	}
}

/* A driver may use the word, and need not clear it. */
static void use(void)
{
	size_t i;

	for (i = 0; i < nr; i++)
		set_page_private(pages[i] + below(1 << order), 1);
}

static void keep(void)
{
	size_t n = min_t(size_t, below(KEPT + 1), nr);

	for (nr_kept = 0; nr_kept < n; nr_kept++) {
		kept[nr_kept] = pages[nr_kept] + below(1 << order);
		get_page(kept[nr_kept]);
	}
	sum_kept += nr_kept;
}

static void drop_kept(void)
{
	while (nr_kept) {
		/* The module's and ours, at least. */
		sum_wrong += page_count(kept[--nr_kept]) < 2;
		put_page(kept[nr_kept]);
	}
}

static void give_back(void)
{
	size_t n;

	for (; nr; nr -= n) {
		n = min_t(size_t, 1 + below(TOGETHER), nr);
		cma_bulk_free(test_region, order, pages + nr - n, n);
		sum_chunks += n;
	}
}

/* As long as much of the region lingers there may be none of this order. */
static int obtain(size_t count)
{
	unsigned int tries = 100;
	int ret;

	do {
		ret = alloc_chunks(pages, count, order, &nr);
		if (nr)
			return 0;
		msleep(100);
	} while (--tries);
	return ret;
}

static int one_round(void)
{
	struct task_struct *thread = NULL;
	int ret;

	order = below(ORDERS + 1);
	ret = obtain(1 + below(MOST));
	if (ret)
		return ret;
	look();
	use();
	/* Neighbours go back together only if they are in order. */
	if (below(2))
		shuffle();
	keep();
	if (below(4))
		thread = kthread_run(take_references, NULL, "cma_bulk_refs");
	give_back();
	if (!IS_ERR_OR_NULL(thread))
		kthread_stop(thread);
	drop_kept();
	return 0;
}

static ssize_t back_write(struct file *f, const char __user *text, size_t size,
			  loff_t *pos)
{
	unsigned int rounds;
	char line[64];
	u32 seed;
	int ret;

	ret = read_line(line, sizeof(line), text, size);
	if (ret)
		return ret;
	if (sscanf(line, "%u %u", &seed, &rounds) != 2)
		return -EINVAL;
	mutex_lock(&lock);
	prandom_seed_state(&rnd, seed);
	while (rounds-- && !ret) {
		ret = one_round();
		cond_resched();
	}
	mutex_unlock(&lock);
	return ret ? ret : size;
}

static int back_show(struct seq_file *m, void *unused)
{
	mutex_lock(&lock);
	seq_printf(m, "chunks: %llu\nkept: %llu\nmoments: %llu\nwrong: %llu\n",
		   sum_chunks, sum_kept, sum_moments, sum_wrong);
	mutex_unlock(&lock);
	return 0;
}

static int back_open(struct inode *inode, struct file *file)
{
	return single_open(file, back_show, NULL);
}

static const struct file_operations back_fops = {
	.owner = THIS_MODULE,
	.open = back_open,
	.read = seq_read,
	.write = back_write,
	.llseek = seq_lseek,
	.release = single_release,
};

void back_init(struct dentry *dir)
{
	debugfs_create_file("back", 0600, dir, NULL, &back_fops);
}
