/* SPDX-License-Identifier: GPL-2.0-only */
/* The control surface. It parses and prints; nothing here touches a page. */
#ifndef CMA_BULK_DEBUGFS_H
#define CMA_BULK_DEBUGFS_H

#include <linux/fs.h>
#include <linux/seq_file.h>

#include "../module/compat/seq.h"

struct cb_holder;
struct cb_request;
struct cma_bulk_region;
struct dentry;

/* A file of a region, and what stands behind it. */
struct cb_file {
	const char *name;
	unsigned short mode;
	const struct file_operations *fops;
};

extern const struct file_operations cb_alloc_fops;
extern const struct file_operations cb_free_fops;
extern const struct file_operations cb_reset_stats_fops;
extern const struct file_operations cb_batches_fops;
extern const struct file_operations cb_chunks_fops;
extern const struct file_operations cb_last_fops;
extern const struct file_operations cb_stats_fops;
extern const struct file_operations cb_blocks_fops;
extern const struct file_operations cb_blockers_fops;
extern const struct file_operations cb_holders_fops;
extern const struct file_operations cb_stacks_fops;
extern const struct file_operations cb_track_fops;

void cb_show_holder(struct seq_file *m, const struct cb_holder *h);

static inline struct cma_bulk_region *cb_region_of_file(struct seq_file *m)
{
	return file_inode(m->file)->i_private;
}

/* Addresses are for those who may know them, like in /proc/PID/pagemap. */
static inline unsigned long cb_shown_pfn(struct seq_file *m, unsigned long pfn)
{
	return cb_seq_shows_addresses(m) ? pfn : 0;
}

/* Of a file that holds nothing while it is read. */
static inline void cb_no_stop(struct seq_file *m, void *v)
{
}

/* DEFINE_SHOW_ATTRIBUTE() for operations that another file lists. */
#define CB_SHOW_ATTRIBUTE(_name)					\
static int _name##_open(struct inode *inode, struct file *file)	\
{									\
	return single_open(file, _name##_show, inode->i_private);	\
}									\
const struct file_operations _name##_fops = {				\
	.owner = THIS_MODULE,						\
	.open = _name##_open,						\
	.read = seq_read,						\
	.llseek = seq_lseek,						\
	.release = single_release,					\
}

#if IS_ENABLED(CONFIG_DEBUG_FS)
int cb_debugfs_init(void);
void cb_debugfs_exit(void);
struct dentry *cb_create_dir(const char *name, struct dentry *parent);
int cb_knobs_init(struct cma_bulk_region *region);
void cb_knobs_create(struct cma_bulk_region *region, struct dentry *dir);
void cb_knobs_exit(struct cma_bulk_region *region);
void cb_knobs_get(struct cma_bulk_region *region, struct cb_request *req);
#else
static inline int cb_debugfs_init(void) { return 0; }
static inline void cb_debugfs_exit(void) { }
#endif

#endif
