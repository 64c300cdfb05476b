// SPDX-License-Identifier: GPL-2.0-only
/* knobs/: the defaults of a request, one value a file. */
#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "../module/core/parse.h"
#include "../module/log.h"
#include "../module/region.h"
#include "../module/request.h"
#include "debugfs.h"

#define VALUE_MAX	64

/* What a file of knobs/ stands for. */
struct cb_knob {
	struct cma_bulk_region *region;
	enum cb_key key;
};

/**
 * struct cb_knobs - defaults of the requests to a region
 * @lock: protects @defaults; innermost
 * @defaults: the values
 * @knob: a file for each of them
 */
struct cb_knobs {
	spinlock_t lock;		/* defaults */
	struct cb_request defaults;
	struct cb_knob knob[CB_NR_KEYS];
};

/**
 * cb_knobs_get() - the request that the knobs describe
 * @region: the region
 * @req: filled in
 *
 * Context: any but interrupts.
 */
void cb_knobs_get(struct cma_bulk_region *region, struct cb_request *req)
{
	spin_lock(&region->knobs->lock);
	*req = region->knobs->defaults;
	spin_unlock(&region->knobs->lock);
}

static int knob_show(struct seq_file *m, void *unused)
{
	struct cb_knob *knob = m->private;
	struct cb_request req;
	long long value;

	cb_knobs_get(knob->region, &req);
	value = req.value[knob->key];
	if (knob->key == CB_K_ENGINE)
		seq_printf(m, "%s\n", cb_engine_name(value));
	else if (knob->key == CB_K_COUNT)
		seq_printf(m, "%llu\n", (unsigned long long)value);
	else
		seq_printf(m, "%lld\n", value);
	return 0;
}

static int check_knob(struct cma_bulk_region *region, enum cb_key key,
		      long long value)
{
	struct cb_request req;

	/* A knob of its own must make sense; how they go together, a request. */
	cb_request_init(region, &req);
	if (key != CB_K_ORDER)
		req.value[CB_K_ORDER] = 0;
	req.value[key] = value;
	return cb_request_check(region, &req);
}

static ssize_t knob_write(struct file *file, const char __user *buf,
			  size_t len, loff_t *pos)
{
	struct cb_knob *knob = file_inode(file)->i_private;
	struct cma_bulk_region *region = knob->region;
	enum cb_key key = knob->key;
	char text[VALUE_MAX + 1], *word;
	long long value;
	bool whole;
	int ret;

	if (len > VALUE_MAX) {
		pr_info_ratelimited("%s: knobs/%s: more than %d bytes\n",
				    region->name, cb_key_name(key), VALUE_MAX);
		return -EINVAL;
	}
	if (copy_from_user(text, buf, len))
		return -EFAULT;
	text[len] = '\0';
	/* A NUL inside ends the string, but not what was written. */
	whole = strlen(text) == len;
	word = strim(text);
	if (!whole || cb_value_parse(key, word, strlen(word), &value)) {
		pr_info_ratelimited("%s: knobs/%s: bad value '%*pE'\n",
				    region->name, cb_key_name(key),
				    (int)strlen(word), word);
		return -EINVAL;
	}
	ret = check_knob(region, key, value);
	if (ret)
		return ret;
	spin_lock(&region->knobs->lock);
	region->knobs->defaults.value[key] = value;
	spin_unlock(&region->knobs->lock);
	return len;
}

static int knob_open(struct inode *inode, struct file *file)
{
	return single_open(file, knob_show, inode->i_private);
}

static const struct file_operations knob_fops = {
	.owner = THIS_MODULE,
	.open = knob_open,
	.read = seq_read,
	.write = knob_write,
	.llseek = seq_lseek,
	.release = single_release,
};

/**
 * cb_knobs_init() - set the knobs of a region to their defaults
 * @region: the region, of which there is no file yet: requests read the knobs
 *
 * Context: module init; may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_knobs_exit().
 */
int __init cb_knobs_init(struct cma_bulk_region *region)
{
	struct cb_knobs *knobs = kzalloc(sizeof(*knobs), GFP_KERNEL);
	int key;

	region->knobs = knobs;
	if (!knobs)
		return -ENOMEM;
	spin_lock_init(&knobs->lock);
	cb_request_init(region, &knobs->defaults);
	for (key = 0; key < CB_NR_KEYS; key++)
		knobs->knob[key] = (struct cb_knob){ region, key };
	return 0;
}

/**
 * cb_knobs_create() - create the files of the knobs
 * @region: the region
 * @dir: its directory
 *
 * Context: module init; may sleep.
 */
void __init cb_knobs_create(struct cma_bulk_region *region, struct dentry *dir)
{
	struct dentry *knobs_dir = cb_create_dir("knobs", dir);
	int key;

	for (key = 0; key < CB_NR_KEYS; key++)
		debugfs_create_file(cb_key_name(key), 0600, knobs_dir,
				    &region->knobs->knob[key], &knob_fops);
}

/**
 * cb_knobs_exit() - free the knobs of a region
 * @region: the region, whose files are gone
 */
void cb_knobs_exit(struct cma_bulk_region *region)
{
	kfree(region->knobs);
	region->knobs = NULL;
}
