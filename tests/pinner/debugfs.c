// SPDX-License-Identifier: GPL-2.0-only
/* The debugfs directory, and the files that make and remove pins. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "pinner.h"

#define INPUT_MAX	4096

static struct dentry *root;

static char *read_input(const char __user *buf, size_t count)
{
	if (count > INPUT_MAX) {
		pr_err_ratelimited("more than %d bytes of input\n", INPUT_MAX);
		return ERR_PTR(-EINVAL);
	}
	return memdup_user_nul(buf, count);
}

static ssize_t pin_write(struct file *file, const char __user *buf,
			 size_t count, loff_t *pos)
{
	struct pinner_request req;
	char *text = read_input(buf, count);
	int ret;

	if (IS_ERR(text))
		return PTR_ERR(text);
	ret = pinner_parse_pin(text, &req);
	kfree(text);
	if (!ret)
		ret = pinner_pin_create(&req);
	return ret ? ret : count;
}

static const struct file_operations pin_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = pin_write,
	.llseek = noop_llseek,
};

static int remove_pins(const char *word)
{
	unsigned int id;

	if (!strcmp(word, "all")) {
		pinner_pin_remove_all();
		return 0;
	}
	if (kstrtouint(word, 10, &id)) {
		pr_err_ratelimited("unpin: wrong word %*pE\n",
				   (int)min_t(size_t, strlen(word), 64), word);
		return -EINVAL;
	}
	return pinner_pin_remove(id);
}

static ssize_t unpin_write(struct file *file, const char __user *buf,
			   size_t count, loff_t *pos)
{
	char *text = read_input(buf, count);
	int ret;

	if (IS_ERR(text))
		return PTR_ERR(text);
	ret = remove_pins(strim(text));
	kfree(text);
	return ret ? ret : count;
}

static const struct file_operations unpin_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = unpin_write,
	.llseek = noop_llseek,
};

/**
 * pinner_debugfs_dir() - make a directory that only root can look into
 * @name: its name
 * @parent: where, NULL for the top
 *
 * Context: sleeps.
 * Return: what debugfs_create_dir() does.
 */
struct dentry *pinner_debugfs_dir(const char *name, struct dentry *parent)
{
	struct dentry *dir = debugfs_create_dir(name, parent);

	if (!IS_ERR(dir))
		d_inode(dir)->i_mode = S_IFDIR | 0700;
	return dir;
}

/**
 * pinner_debugfs_init() - make the directory
 *
 * Context: module init. Failures are debugfs's own: the module works without.
 */
void __init pinner_debugfs_init(void)
{
	root = pinner_debugfs_dir("cma_bulk_pinner", NULL);
	debugfs_create_file("pin", 0200, root, NULL, &pin_fops);
	debugfs_create_file("unpin", 0200, root, NULL, &unpin_fops);
	debugfs_create_file("pins", 0400, root, NULL, &pinner_pins_fops);
	debugfs_create_file("pfns", 0400, root, NULL, &pinner_pfns_fops);
	debugfs_create_file("stats", 0400, root, NULL, &pinner_stats_fops);
	pinner_knobs_init(root);
}

/**
 * pinner_debugfs_exit() - remove it, and wait for whoever is inside a file
 *
 * Context: module exit; sleeps.
 */
void pinner_debugfs_exit(void)
{
	debugfs_remove(root);
}
