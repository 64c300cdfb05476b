// SPDX-License-Identifier: GPL-2.0-only
/* The files that are written: alloc, free, reset_stats. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "../module/batch.h"
#include "../module/core/parse.h"
#include "../module/log.h"
#include "../module/region.h"
#include "../module/stats.h"
#include "../module/track.h"
#include "debugfs.h"

/* A longer word is cut in the log. */
#define WORD_SHOWN	32

static void complain(const struct cma_bulk_region *region, const char *file,
		     const char *bad, unsigned long len)
{
	pr_info_ratelimited("%s: %s: bad word '%*pE'\n", region->name, file,
			    (int)min(len, (unsigned long)WORD_SHOWN), bad);
}

/* All of a write at once, or an ERR_PTR(). */
static char *get_text(const struct cma_bulk_region *region, const char *file,
		      const char __user *buf, size_t len)
{
	if (len > CB_INPUT_MAX) {
		pr_info_ratelimited("%s: %s: more than %d bytes\n",
				    region->name, file, CB_INPUT_MAX);
		return ERR_PTR(-EINVAL);
	}
	return memdup_user_nul(buf, len);
}

/* Is the text this word? A NUL inside ends the string, but not the text. */
static bool text_is(const char *text, size_t len, const char *word)
{
	return strlen(text) == len && sysfs_streq(text, word);
}

static struct cma_bulk_region *region_of(struct file *file)
{
	return file_inode(file)->i_private;
}

static ssize_t alloc_write(struct file *file, const char __user *buf,
			   size_t len, loff_t *pos)
{
	struct cma_bulk_region *region = region_of(file);
	struct cb_request req;
	unsigned long bad_len;
	const char *bad;
	char *text;
	int ret;

	text = get_text(region, "alloc", buf, len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	cb_knobs_get(region, &req);
	ret = cb_request_parse(&req, text, len, &bad, &bad_len);
	if (ret)
		complain(region, "alloc", bad, bad_len);
	kfree(text);
	if (ret)
		return -EINVAL;
	ret = cb_batch_alloc(region, &req);
	return ret ? ret : len;
}

const struct file_operations cb_alloc_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = alloc_write,
	.llseek = noop_llseek,
};

/* The numbers in @text, at most one for every two bytes of it; 0 or -EINVAL. */
static int parse_numbers(const struct cma_bulk_region *region,
			 const char *text, size_t len, u64 *nr, size_t *n)
{
	const char *end = text + len, *bad = text;
	unsigned long bad_len = 0;
	int ret;

	*n = 0;
	while ((ret = cb_numbers_next(&text, end, &nr[*n], &bad, &bad_len)) > 0)
		++*n;
	if (!ret && *n)
		return 0;
	complain(region, "free", bad, bad_len);
	return -EINVAL;
}

static int free_numbers(struct cma_bulk_region *region, const char *text,
			size_t len)
{
	u64 *nr = kvmalloc_array(len / 2 + 1, sizeof(*nr), GFP_KERNEL);
	size_t n;
	int ret;

	if (!nr)
		return -ENOMEM;
	ret = parse_numbers(region, text, len, nr, &n);
	if (!ret)
		ret = cb_batches_free(region, nr, n);
	kvfree(nr);
	return ret;
}

static ssize_t free_write(struct file *file, const char __user *buf,
			  size_t len, loff_t *pos)
{
	struct cma_bulk_region *region = region_of(file);
	char *text = get_text(region, "free", buf, len);
	int ret = 0;

	if (IS_ERR(text))
		return PTR_ERR(text);
	if (text_is(text, len, "all"))
		cb_batches_free_all(region);
	else
		ret = free_numbers(region, text, len);
	kfree(text);
	return ret ? ret : len;
}

const struct file_operations cb_free_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = free_write,
	.llseek = noop_llseek,
};

static ssize_t reset_stats_write(struct file *file, const char __user *buf,
				 size_t len, loff_t *pos)
{
	struct cma_bulk_region *region = region_of(file);
	char *text = get_text(region, "reset_stats", buf, len);
	bool ok;

	if (IS_ERR(text))
		return PTR_ERR(text);
	ok = text_is(text, len, "1");
	if (ok) {
		cb_stats_reset(region);
		cb_track_reset(region);
	} else {
		complain(region, "reset_stats", text, len);
	}
	kfree(text);
	return ok ? len : -EINVAL;
}

const struct file_operations cb_reset_stats_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = reset_stats_write,
	.llseek = noop_llseek,
};
