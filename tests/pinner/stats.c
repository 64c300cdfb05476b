// SPDX-License-Identifier: GPL-2.0-only
/* Sums since load, and the rate of transient references. */
#include <linux/atomic.h>
#include <linux/debugfs.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "pinner.h"

static const char *const names[PINNER_NR_STATS] = {
	[PINNER_PINS] = "pins",
	[PINNER_PINS_FAILED] = "pins_failed",
	[PINNER_UNPINS] = "unpins",
	[PINNER_PLACED] = "pages_placed",
	[PINNER_PLACE_BUSY] = "place_busy",
	[PINNER_MAPS] = "maps",
	[PINNER_MAPS_FAILED] = "maps_failed",
	[PINNER_UNMAPS] = "unmaps",
	[PINNER_LONGTERM_PAGES] = "longterm_pages",
	[PINNER_LONGTERM_MOVED] = "longterm_moved",
	[PINNER_LONGTERM_IN_CMA] = "longterm_in_cma",
	[PINNER_MIGRATE_RETRIES] = "migrate_retries",
	[PINNER_ISOLATE_RETRIES] = "isolate_retries",
	[PINNER_FAIL_PASSING] = "failures_passing",
	[PINNER_FAIL_PERMANENT] = "failures_permanent",
	[PINNER_TRANSIENT_REFS] = "transient_refs",
	[PINNER_TRANSIENT_MISSES] = "transient_misses",
	[PINNER_TRANSIENT_REFILLS] = "transient_refills",
	[PINNER_MIRROR_INVALIDATIONS] = "mirror_invalidations",
	[PINNER_MIRROR_REFAULTS] = "mirror_refaults",
	[PINNER_MIRROR_TOUCHES] = "mirror_touches",
	[PINNER_MIRROR_RETRIES] = "mirror_retries",
	[PINNER_MIRROR_ESCALATIONS] = "mirror_escalations",
	[PINNER_MIRROR_STARVED] = "mirror_starved",
};

static atomic64_t stats[PINNER_NR_STATS];

/* The second that is being counted, and the result of the last full one. */
static unsigned long window_start;
static atomic64_t window_refs;
static unsigned long last_rate;

/**
 * pinner_count() - add to a sum
 * @stat: which
 * @n: how much
 *
 * Context: any.
 */
void pinner_count(enum pinner_stat stat, u64 n)
{
	atomic64_add(n, &stats[stat]);
}

/* Whoever finds the second over closes it; a lost race costs nothing. */
static void close_window(void)
{
	unsigned long start = READ_ONCE(window_start);
	unsigned long now = jiffies;
	u64 refs;

	if (time_before(now, start + HZ))
		return;
	if (cmpxchg(&window_start, start, now) != start)
		return;
	refs = atomic64_xchg(&window_refs, 0);
	WRITE_ONCE(last_rate, div64_u64(refs * HZ, now - start));
}

/**
 * pinner_count_refs() - count transient references
 * @n: how many were taken
 *
 * Context: any.
 */
void pinner_count_refs(u64 n)
{
	pinner_count(PINNER_TRANSIENT_REFS, n);
	atomic64_add(n, &window_refs);
	close_window();
}

static int stats_show(struct seq_file *m, void *v)
{
	unsigned int i;

	for (i = 0; i < PINNER_NR_STATS; i++)
		seq_printf(m, "%s: %lld\n", names[i], atomic64_read(&stats[i]));
	close_window();
	seq_printf(m, "transient_refs_per_s: %lu\n", READ_ONCE(last_rate));
	return 0;
}

static int stats_open(struct inode *inode, struct file *file)
{
	return single_open(file, stats_show, NULL);
}

const struct file_operations pinner_stats_fops = {
	.owner = THIS_MODULE,
	.open = stats_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};
