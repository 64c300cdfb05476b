// SPDX-License-Identifier: GPL-2.0-only
/* The knobs of longterm: how often to try, -1 for no limit. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "pinner.h"

#define KNOB_MAX	1000000

/* Written and read whole, so they need no lock. */
static int migrate_max = 10;
static int isolate_max = 100;

/**
 * pinner_knob_migrate_max() - rounds for a page that cannot be moved
 *
 * Context: any.
 * Return: the limit, -1 for none.
 */
int pinner_knob_migrate_max(void)
{
	return READ_ONCE(migrate_max);
}

/**
 * pinner_knob_isolate_max() - rounds for a page that cannot be isolated
 *
 * Context: any.
 * Return: the limit, -1 for none.
 */
int pinner_knob_isolate_max(void)
{
	return READ_ONCE(isolate_max);
}

static ssize_t knob_read(struct file *file, char __user *buf, size_t count,
			 loff_t *pos)
{
	const int *knob = file_inode(file)->i_private;
	char text[16];
	int len = scnprintf(text, sizeof(text), "%d\n", READ_ONCE(*knob));

	return simple_read_from_buffer(buf, count, pos, text, len);
}

static ssize_t knob_write(struct file *file, const char __user *buf,
			  size_t count, loff_t *pos)
{
	int *knob = file_inode(file)->i_private;
	s64 value;
	int ret;

	ret = kstrtos64_from_user(buf, count, 10, &value);
	if (ret || value < -1 || value > KNOB_MAX) {
		pr_err_ratelimited("%pD: want a number from -1 to %d\n", file,
				   KNOB_MAX);
		return ret == -EFAULT ? ret : -EINVAL;
	}
	WRITE_ONCE(*knob, value);
	return count;
}

static const struct file_operations knob_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = knob_read,
	.write = knob_write,
	.llseek = default_llseek,
};

/**
 * pinner_knobs_init() - make the files
 * @parent: the module's directory
 *
 * Context: module init. They go with @parent.
 */
void pinner_knobs_init(struct dentry *parent)
{
	struct dentry *dir = pinner_debugfs_dir("knobs", parent);

	debugfs_create_file("migrate_max", 0600, dir, &migrate_max, &knob_fops);
	debugfs_create_file("isolate_max", 0600, dir, &isolate_max, &knob_fops);
}
