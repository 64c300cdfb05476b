// SPDX-License-Identifier: GPL-2.0-only
/* The files that are read: batches, chunks, last, stats. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "../module/batch.h"
#include "../module/compat/seq.h"
#include "../module/core/parse.h"
#include "../module/region.h"
#include "../module/stats.h"
#include "../module/track.h"
#include "debugfs.h"

static void unlock_stop(struct seq_file *m, void *v)
{
	cb_batches_unlock(cb_region_of_file(m));
}

/* batches: position 0 is the header, n is the first batch with that number. */
static void *batches_start(struct seq_file *m, loff_t *pos)
{
	cb_batches_lock(cb_region_of_file(m));
	return *pos ? (void *)cb_batch_from(cb_region_of_file(m), *pos) :
		      SEQ_START_TOKEN;
}

static void *batches_next(struct seq_file *m, void *v, loff_t *pos)
{
	const struct cb_batch *batch = v;

	*pos = v == SEQ_START_TOKEN ? 1 : batch->nr + 1LL;
	batch = cb_batch_from(cb_region_of_file(m), *pos);
	if (batch)
		*pos = batch->nr;
	return (void *)batch;
}

static int batches_show(struct seq_file *m, void *v)
{
	const struct cb_batch *batch = v;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "# batch order chunks requested age_ms pid comm\n");
		return 0;
	}
	seq_printf(m, "%u %u %zu %zu %lld %d ", batch->nr, batch->order,
		   batch->chunks, batch->requested,
		   ktime_ms_delta(ktime_get(), batch->created), batch->pid);
	/* A task may call itself anything; a line has seven words. */
	cb_seq_escape(m, batch->comm, " \t\n\\");
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations batches_sops = {
	.start = batches_start,
	.next = batches_next,
	.stop = unlock_stop,
	.show = batches_show,
};

static int batches_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &batches_sops);
}

const struct file_operations cb_batches_fops = {
	.owner = THIS_MODULE,
	.open = batches_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release,
};

/*
 * chunks: position 0 is the header, then a batch in the upper half of a position
 * and one of its chunks, counted from 1, in the lower one. So a list of any length
 * is read in pieces.
 */
#define CHUNK_BITS	32

static void *chunk_at(struct seq_file *m, loff_t *pos)
{
	const struct cb_batch *batch = cb_batch_from(cb_region_of_file(m),
						     *pos >> CHUNK_BITS);

	/* Behind the last chunk of this one: the next. */
	if (batch && batch->nr == *pos >> CHUNK_BITS &&
	    (u32)*pos > batch->chunks)
		batch = cb_batch_from(cb_region_of_file(m), batch->nr + 1UL);
	if (!batch)
		return NULL;
	if (batch->nr != *pos >> CHUNK_BITS || !(u32)*pos)
		*pos = (loff_t)batch->nr << CHUNK_BITS | 1;
	*(loff_t *)m->private = *pos;
	return (void *)batch;
}

static void *chunks_start(struct seq_file *m, loff_t *pos)
{
	cb_batches_lock(cb_region_of_file(m));
	return *pos ? chunk_at(m, pos) : SEQ_START_TOKEN;
}

static void *chunks_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return chunk_at(m, pos);
}

static int chunks_show(struct seq_file *m, void *v)
{
	const struct cb_batch *batch = v;
	unsigned long pfn = 0;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "# batch pfn order\n");
		return 0;
	}
	/* Of who opened the file, like /proc/PID/pagemap. */
	if (cb_seq_shows_addresses(m))
		pfn = page_to_pfn(batch->pages[(u32)*(loff_t *)m->private - 1]);
	seq_printf(m, "%u %lu %u\n", batch->nr, pfn, batch->order);
	return 0;
}

static const struct seq_operations chunks_sops = {
	.start = chunks_start,
	.next = chunks_next,
	.stop = unlock_stop,
	.show = chunks_show,
};

static int chunks_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &chunks_sops, sizeof(loff_t));
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

	cb_stats_last(region, &r);
	show_u64(m, "requested", r.requested);
	show_u64(m, "allocated", r.allocated);
	show_u64(m, "order", r.order);
	show_u64(m, "fast", r.fast);
	seq_printf(m, "engine: %s\n", cb_engine_name(r.engine));
	seq_printf(m, "ret: %d\n", r.ret);
	show_u64(m, "elapsed_us", r.elapsed_us);
	show_u64(m, "scan_us", r.counts.scan_us);
	show_u64(m, "wait_us", r.counts.wait_us);
	show_u64(m, "rounds", r.counts.rounds);
	show_u64(m, "contig_calls", r.counts.contig_calls);
	show_u64(m, "contig_busy", r.counts.contig_busy);
	show_u64(m, "blocks_total", r.blocks_total);
	show_u64(m, "blocks_skipped", r.counts.blocks_skipped);
	show_u64(m, "blocks_taken", r.counts.blocks_taken);
	show_u64(m, "chunks_salvaged", r.counts.chunks_salvaged);
	show_u64(m, "pages_free", r.counts.pages_free);
	show_u64(m, "pages_migrated", r.counts.pages_migrated);
	show_u64(m, "batch", r.batch);
	show_u64(m, "no_target", r.counts.no_target);
	show_u64(m, "pool_chunks", r.counts.pool_chunks);
	show_u64(m, "pages_scanned", r.counts.pages_scanned);
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
	cb_stats_read(region, s);
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
	show_u64(m, "chunks_salvaged", s->counts.chunks_salvaged);
	show_u64(m, "pages_free", s->counts.pages_free);
	show_u64(m, "pages_migrated", s->counts.pages_migrated);
	show_u64(m, "contig_calls", s->counts.contig_calls);
	show_u64(m, "contig_busy", s->counts.contig_busy);
	show_u64(m, "rounds", s->counts.rounds);
	show_u64(m, "elapsed_us", s->elapsed_us);
	show_u64(m, "scan_us", s->counts.scan_us);
	show_u64(m, "wait_us", s->counts.wait_us);
	show_u64(m, "still_referenced", s->still_referenced);
	show_u64(m, "bad_frees", s->bad_frees);
	show_latency(m, s);
	show_u64(m, "no_target", s->counts.no_target);
	show_u64(m, "pages_scanned", s->counts.pages_scanned);
	show_u64(m, "pool_hits", s->counts.pool_chunks);
	show_u64(m, "pool_misses", s->counts.pool_misses);
	show_u64(m, "track_dropped", cb_track_dropped(region));
	show_u64(m, "pool_clear", s->counts.pool_clear);
	kfree(s);
	return 0;
}
CB_SHOW_ATTRIBUTE(cb_stats);
