// SPDX-License-Identifier: GPL-2.0-only
/*
 * File "shrink": a driver that keeps chunks ready for its device, and gives them
 * back by cma_bulk_free() when memory is short, from its shrinker.
 *
 * w: number of chunks that it shall have; takes what is missing and can be had at
 *    once, frees what is too much
 * r: has, scans, shrunk: chunks that it has, calls of its shrinker that freed
 *    something, and chunks freed by them
 */
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <cma_bulk/cma_bulk.h>

#include "apitest.h"
#include "shrinker.h"

#define ORDER	2
#define MOST	4096

/* Chunks that go back in one piece. */
#define PIECE	16

static DEFINE_SPINLOCK(lock);		/* all that follows */
static struct page *pages[MOST];
static size_t has;
static u64 scans;
static u64 shrunk;

static DEFINE_MUTEX(filling);		/* new_pages */
static struct page *new_pages[MOST];

/* Up to @nr chunks, but none of the last @keep. Return: how many went back. */
static size_t give_back(size_t nr, size_t keep)
{
	struct page *piece[PIECE];
	size_t done = 0, n;

	do {
		spin_lock(&lock);
		n = has > keep ? min3(nr - done, has - keep, (size_t)PIECE) : 0;
		has -= n;
		memcpy(piece, pages + has, n * sizeof(*piece));
		spin_unlock(&lock);
		cma_bulk_free(test_region, ORDER, piece, n);
		done += n;
	} while (n);
	return done;
}

static unsigned long shrink_count(struct shrinker *s, struct shrink_control *sc)
{
	return READ_ONCE(has) ?: SHRINK_EMPTY;
}

static unsigned long shrink_scan(struct shrinker *s, struct shrink_control *sc)
{
	size_t n = give_back(sc->nr_to_scan, 0);

	if (!n)
		return SHRINK_STOP;
	spin_lock(&lock);
	scans++;
	shrunk += n;
	spin_unlock(&lock);
	return n;
}

static int fill(size_t wanted)
{
	size_t missing, nr = 0;
	int ret = 0;

	mutex_lock(&filling);
	spin_lock(&lock);
	missing = has < wanted ? wanted - has : 0;
	spin_unlock(&lock);
	if (missing)
		ret = alloc_chunks(new_pages, missing, ORDER, &nr);
	spin_lock(&lock);
	/* Nobody else adds any. */
	memcpy(pages + has, new_pages, nr * sizeof(*pages));
	has += nr;
	spin_unlock(&lock);
	mutex_unlock(&filling);
	return ret;
}

static ssize_t shrink_write(struct file *file, const char __user *from,
			    size_t size, loff_t *pos)
{
	unsigned int wanted;
	int ret = kstrtouint_from_user(from, size, 0, &wanted);

	if (!ret && wanted > MOST)
		ret = -E2BIG;
	if (ret)
		return ret;
	give_back(MOST, wanted);
	ret = fill(wanted);
	return ret ?: size;
}

static int shrink_show(struct seq_file *m, void *unused)
{
	spin_lock(&lock);
	seq_printf(m, "has: %zu\nscans: %llu\nshrunk: %llu\n", has, scans,
		   shrunk);
	spin_unlock(&lock);
	return 0;
}

static int shrink_open(struct inode *inode, struct file *file)
{
	return single_open(file, shrink_show, NULL);
}

static const struct file_operations shrink_fops = {
	.owner = THIS_MODULE,
	.open = shrink_open,
	.read = seq_read,
	.write = shrink_write,
	.llseek = seq_lseek,
	.release = single_release,
};

int shrink_init(struct dentry *dir)
{
	int ret = shrinker_begin(shrink_count, shrink_scan);

	if (!ret)
		debugfs_create_file("shrink", 0600, dir, NULL, &shrink_fops);
	return ret;
}

/* The file is gone. */
void shrink_exit(void)
{
	shrinker_end();
	give_back(MOST, 0);
}
