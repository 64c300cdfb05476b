// SPDX-License-Identifier: GPL-2.0-only
/* The tree: /sys/kernel/debug/cma_bulk, and the files that tell of all of it. */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <generated/utsrelease.h>

#include "../module/compat/free.h"
#include "../module/compat/seq.h"
#include "../module/compat/symbols.h"
#include "../module/core/parse.h"
#include "../module/drain.h"
#include "../module/engines.h"
#include "../module/heap.h"
#include "../module/region.h"
#include "../module/skipped.h"
#include "../module/sources.h"
#include "../module/track_cma.h"
#include "../module/track_pins.h"
#include "debugfs.h"

static struct dentry *root;

static const struct cb_file region_files[] = {
	{ "alloc", 0200, &cb_alloc_fops },
	{ "free", 0200, &cb_free_fops },
	{ "batches", 0400, &cb_batches_fops },
	{ "chunks", 0400, &cb_chunks_fops },
	{ "last", 0400, &cb_last_fops },
	{ "stats", 0400, &cb_stats_fops },
	{ "reset_stats", 0200, &cb_reset_stats_fops },
	{ "blocks", 0400, &cb_blocks_fops },
	{ "blockers", 0400, &cb_blockers_fops },
	{ "holders", 0400, &cb_holders_fops },
	{ "stacks", 0400, &cb_stacks_fops },
	{ "track", 0600, &cb_track_fops },
};

static int version_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%s\n%s\n", CMA_BULK_VERSION, UTS_RELEASE);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(version);

/* One line, whatever is missing: "none", or functions and what that means. */
static void show_missing(struct seq_file *m)
{
	const char *name, *loss, *before = "";
	unsigned int i = 0;

	seq_puts(m, "missing: ");
	while ((name = cb_symbols_missing(&i, &loss))) {
		seq_printf(m, "%s%s() (%s)", before, name, loss);
		before = ", ";
	}
	seq_printf(m, "%s\n", *before ? "" : "none");
}

static int capabilities_show(struct seq_file *m, void *unused)
{
	const char *name, *state;
	int i;

	for (i = 0; (state = cb_source_state(i, &name)); i++)
		seq_printf(m, "%s: %s\n", name, state);
	for (i = 0; i < CB_NR_ENGINES; i++)
		seq_printf(m, "engine_%s: %s\n", cb_engine_name(i),
			   cb_engine_state(i));
	seq_printf(m, "drain: %s\n", cb_drain_name());
	seq_printf(m, "heap: %s\n", cb_heap_state());
	show_missing(m);
	seq_printf(m, "free_blocks: %s\n", cb_free_state());
	seq_printf(m, "track_cma: %s\n", cb_track_cma_state());
	seq_printf(m, "track_pins: %s\n", cb_track_pins_state());
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(capabilities);

/* Addresses are for readers who may know them, as in "blocks". */
static u64 shown_base(struct seq_file *m, u64 base)
{
	return cb_seq_shows_addresses(m) ? base : 0;
}

/* A name may have anything in it; in a line it is one word. */
static void show_name(struct seq_file *m, const char *name)
{
	cb_seq_escape(m, name, " \t\n\\");
}

static int regions_show(struct seq_file *m, void *unused)
{
	struct cma_bulk_region *region;

	seq_puts(m, "# name base size_bytes pageblocks pageblock_pages source\n");
	list_for_each_entry(region, &cb_regions, list) {
		show_name(m, region->name);
		seq_printf(m, " 0x%llx %llu %lu %lu %s\n",
			   shown_base(m, PFN_PHYS(region->base_pfn)),
			   (u64)region->nr_pages << PAGE_SHIFT,
			   cb_region_blocks(region),
			   (unsigned long)pageblock_nr_pages, region->source);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(regions);

static int skipped_show(struct seq_file *m, void *unused)
{
	char reason[CB_WHY_MAX];
	struct cb_skipped *s;
	u64 base;

	seq_puts(m, "# name base size_bytes reason\n");
	list_for_each_entry(s, &cb_skipped, list) {
		base = shown_base(m, s->base);
		cb_why_format(&s->why, base, reason, sizeof(reason));
		show_name(m, s->name);
		seq_printf(m, " 0x%llx %llu ", base, s->size);
		/* It ends the line, so that it may have blanks. */
		cb_seq_escape(m, reason, "\n\\");
		seq_putc(m, '\n');
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(skipped);

/**
 * cb_create_dir() - create a directory of mode 0700
 * @name: its name
 * @parent: where; NULL for the root of debugfs
 *
 * Whoever mounts debugfs chooses the mode of its root, so ours do not rely on
 * that, and debugfs itself makes directories that everybody may read.
 *
 * Context: module init; may sleep.
 *
 * Return: as debugfs_create_dir().
 */
struct dentry * __init cb_create_dir(const char *name, struct dentry *parent)
{
	struct dentry *dir = debugfs_create_dir(name, parent);

	if (!IS_ERR(dir))
		d_inode(dir)->i_mode = S_IFDIR | 0700;
	return dir;
}

static void __init add_region(struct cma_bulk_region *region)
{
	struct dentry *dir = cb_create_dir(region->name, root);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(region_files); i++)
		debugfs_create_file(region_files[i].name, region_files[i].mode,
				    dir, region, region_files[i].fops);
	cb_knobs_create(region, dir);
}

/**
 * cb_debugfs_init() - create the tree
 *
 * As everywhere in the kernel, a debugfs that fails is not an error.
 *
 * Context: module init, when the regions are known; may sleep.
 *
 * Return: 0, or -ENOMEM if memory of our own ran out; undone by
 * cb_debugfs_exit(), also after an error.
 */
int __init cb_debugfs_init(void)
{
	struct cma_bulk_region *region;
	int ret = 0;

	/* A file may be used as soon as it is there, before the module is. */
	list_for_each_entry(region, &cb_regions, list)
		ret = ret ?: cb_knobs_init(region);
	if (ret)
		return ret;
	root = cb_create_dir("cma_bulk", NULL);
	debugfs_create_file("version", 0400, root, NULL, &version_fops);
	debugfs_create_file("capabilities", 0400, root, NULL,
			    &capabilities_fops);
	debugfs_create_file("regions", 0400, root, NULL, &regions_fops);
	debugfs_create_file("skipped", 0400, root, NULL, &skipped_fops);
	list_for_each_entry(region, &cb_regions, list)
		add_region(region);
	return 0;
}

/**
 * cb_debugfs_exit() - remove the tree
 *
 * Context: module exit; sleeps until no task is inside of a file any more.
 */
void cb_debugfs_exit(void)
{
	struct cma_bulk_region *region;

	debugfs_remove_recursive(root);
	list_for_each_entry(region, &cb_regions, list)
		cb_knobs_exit(region);
}
