// SPDX-License-Identifier: GPL-2.0-only
/* The files that are read: batches, chunks, last, stats. */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "../module/internal.h"
#include "debugfs.h"

static int cb_batches_show(struct seq_file *m, void *unused)
{
	struct cma_bulk_region *region = m->private;
	struct cb_batch *batch;
	ktime_t now = ktime_get();

	seq_puts(m, "# batch order chunks requested age_ms pid comm\n");
	mutex_lock(&region->batch_lock);
	list_for_each_entry(batch, &region->batches, list) {
		seq_printf(m, "%u %u %zu %zu %lld %d ", batch->nr,
			   batch->order, batch->chunks, batch->requested,
			   ktime_ms_delta(now, batch->created), batch->pid);
		/* A task may call itself anything; a line has seven words. */
		seq_escape(m, batch->comm, " \t\n\\");
		seq_putc(m, '\n');
	}
	mutex_unlock(&region->batch_lock);
	return 0;
}
CB_SHOW_ATTRIBUTE(cb_batches);

/*
 * Position 0 is the header, then one position a chunk over all batches, so
 * that a list of any length is read in pieces.
 */
struct chunk_pos {
	struct cb_batch *batch;
	size_t index;
};

static void *chunk_at(struct cma_bulk_region *region, struct chunk_pos *at,
		      loff_t pos)
{
	if (!pos)
		return SEQ_START_TOKEN;
	pos--;
	list_for_each_entry(at->batch, &region->batches, list) {
		if (pos < at->batch->chunks) {
			at->index = pos;
			return at;
		}
		pos -= at->batch->chunks;
	}
	return NULL;
}

static void *chunks_start(struct seq_file *m, loff_t *pos)
{
	struct cma_bulk_region *region = file_inode(m->file)->i_private;

	mutex_lock(&region->batch_lock);
	return chunk_at(region, m->private, *pos);
}

static void *chunks_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct cma_bulk_region *region = file_inode(m->file)->i_private;
	struct chunk_pos *at = m->private;

	++*pos;
	if (v != SEQ_START_TOKEN && ++at->index < at->batch->chunks)
		return at;
	return chunk_at(region, at, *pos);
}

static void chunks_stop(struct seq_file *m, void *v)
{
	struct cma_bulk_region *region = file_inode(m->file)->i_private;

	mutex_unlock(&region->batch_lock);
}

static int chunks_show(struct seq_file *m, void *v)
{
	struct chunk_pos *at = v;
	unsigned long pfn = 0;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "# batch pfn order\n");
		return 0;
	}
	/* Of who opened the file, like /proc/PID/pagemap. */
	if (file_ns_capable(m->file, &init_user_ns, CAP_SYS_ADMIN))
		pfn = page_to_pfn(at->batch->pages[at->index]);
	seq_printf(m, "%u %lu %u\n", at->batch->nr, pfn, at->batch->order);
	return 0;
}

static const struct seq_operations chunks_sops = {
	.start = chunks_start,
	.next = chunks_next,
	.stop = chunks_stop,
	.show = chunks_show,
};

static int chunks_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &chunks_sops, sizeof(struct chunk_pos));
}

const struct file_operations cb_chunks_fops = {
	.owner = THIS_MODULE,
	.open = chunks_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

static void show_u64(struct seq_file *m, const char *key, u64 value)
{
	seq_printf(m, "%s: %llu\n", key, value);
}

static int cb_last_show(struct seq_file *m, void *unused)
{
	struct cma_bulk_region *region = m->private;
	struct cb_result r;

	spin_lock(&region->stats_lock);
	r = region->last;
	spin_unlock(&region->stats_lock);
	show_u64(m, "requested", r.requested);
	show_u64(m, "allocated", r.allocated);
	show_u64(m, "order", r.order);
	show_u64(m, "fast", r.fast);
	seq_printf(m, "engine: %s\n", cb_engine_name(r.engine));
	seq_printf(m, "ret: %d\n", r.ret);
	show_u64(m, "elapsed_us", r.elapsed_us);
	show_u64(m, "scan_us", r.scan_us);
	show_u64(m, "wait_us", r.wait_us);
	show_u64(m, "rounds", r.rounds);
	show_u64(m, "contig_calls", r.contig_calls);
	show_u64(m, "contig_busy", r.contig_busy);
	show_u64(m, "blocks_total", r.blocks_total);
	show_u64(m, "blocks_skipped", r.blocks_skipped);
	show_u64(m, "blocks_taken", r.blocks_taken);
	show_u64(m, "chunks_salvaged", r.chunks_salvaged);
	show_u64(m, "pages_free", r.pages_free);
	show_u64(m, "pages_migrated", r.pages_migrated);
	show_u64(m, "batch", r.batch);
	return 0;
}
CB_SHOW_ATTRIBUTE(cb_last);

static void show_histogram(struct seq_file *m, const char *prefix,
			   const u64 *count)
{
	unsigned int i;

	for (i = 0; i < CB_HIST_BUCKETS; i++)
		seq_printf(m, "%s_us_lt_%lu: %llu\n", prefix, 1UL << i,
			   count[i]);
}

static void show_latency(struct seq_file *m, const struct cb_stats *s)
{
	u64 all[CB_HIST_BUCKETS];
	unsigned int i, out;

	for (i = 0; i < CB_HIST_BUCKETS; i++) {
		all[i] = 0;
		for (out = 0; out < CB_NR_OUTCOMES; out++)
			all[i] += s->latency[out][i];
	}
	show_histogram(m, "latency", all);
	show_histogram(m, "latency_success", s->latency[CB_SUCCESS]);
	show_histogram(m, "latency_partial", s->latency[CB_PARTIAL]);
	show_histogram(m, "latency_failure", s->latency[CB_FAILURE]);
}

static int cb_stats_show(struct seq_file *m, void *unused)
{
	struct cma_bulk_region *region = m->private;
	struct cb_stats *s = kmalloc(sizeof(*s), GFP_KERNEL);
	int i;

	if (!s)
		return -ENOMEM;
	spin_lock(&region->stats_lock);
	*s = region->stats;
	spin_unlock(&region->stats_lock);
	show_u64(m, "requests", s->requests);
	show_u64(m, "success", s->outcome[CB_SUCCESS]);
	show_u64(m, "partial", s->outcome[CB_PARTIAL]);
	show_u64(m, "failure", s->outcome[CB_FAILURE]);
	for (i = 0; i < CB_NR_ERRORS; i++)
		seq_printf(m, "error_%s: %llu\n", cb_error_name(i),
			   s->error[i]);
	show_u64(m, "chunks_requested", s->chunks_requested);
	show_u64(m, "chunks_allocated", s->chunks_allocated);
	show_u64(m, "chunks_freed", s->chunks_freed);
	show_u64(m, "chunks_salvaged", s->chunks_salvaged);
	show_u64(m, "pages_free", s->pages_free);
	show_u64(m, "pages_migrated", s->pages_migrated);
	show_u64(m, "contig_calls", s->contig_calls);
	show_u64(m, "contig_busy", s->contig_busy);
	show_u64(m, "rounds", s->rounds);
	show_u64(m, "elapsed_us", s->elapsed_us);
	show_u64(m, "scan_us", s->scan_us);
	show_u64(m, "wait_us", s->wait_us);
	show_u64(m, "still_referenced", s->still_referenced);
	show_u64(m, "bad_frees", s->bad_frees);
	show_latency(m, s);
	kfree(s);
	return 0;
}
CB_SHOW_ATTRIBUTE(cb_stats);
