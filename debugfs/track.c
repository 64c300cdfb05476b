// SPDX-License-Identifier: GPL-2.0-only
/* The file that chooses which users of a region are remembered: track. */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "../module/log.h"
#include "../module/region.h"
#include "../module/track.h"
#include "debugfs.h"

#define TEXT_MAX	64

static const struct {
	const char *name;
	unsigned int word;
} words[] = {
	{ "cma", CB_TRACK_CMA },
	{ "pins", CB_TRACK_PINS },
	{ "off", 0 },
};

static int track_show(struct seq_file *m, void *unused)
{
	const struct cma_bulk_region *region = m->private;
	unsigned int track = READ_ONCE(region->track), i;
	const char *before = "";

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		/* "off" stands for none of the others. */
		if (words[i].word ? !(track & words[i].word) : track)
			continue;
		seq_printf(m, "%s%s", before, words[i].name);
		before = " ";
	}
	seq_putc(m, '\n');
	return 0;
}

static void complain(const struct cma_bulk_region *region, const char *word)
{
	pr_info_ratelimited("%s: track: bad word '%*pE'\n", region->name,
			    (int)strlen(word), word);
}

static int add_word(const char *text, unsigned int *track, bool *off)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(text, words[i].name))
			continue;
		*track |= words[i].word;
		*off |= !words[i].word;
		return 0;
	}
	return -EINVAL;
}

/* "off" beside another word makes no sense, and nor does no word at all. */
static int parse(const struct cma_bulk_region *region, char *text,
		 unsigned int *track)
{
	bool off = false, any = false;
	char *word;

	*track = 0;
	while ((word = strsep(&text, " \t\n"))) {
		if (!*word)
			continue;
		any = true;
		if (add_word(word, track, &off) || (off && *track)) {
			complain(region, word);
			return -EINVAL;
		}
	}
	if (any)
		return 0;
	complain(region, "");
	return -EINVAL;
}

static ssize_t track_write(struct file *file, const char __user *buf,
			   size_t len, loff_t *pos)
{
	struct cma_bulk_region *region = file_inode(file)->i_private;
	char text[TEXT_MAX + 1];
	unsigned int track;
	int ret;

	if (len > TEXT_MAX) {
		pr_info_ratelimited("%s: track: more than %d bytes\n",
				    region->name, TEXT_MAX);
		return -EINVAL;
	}
	if (copy_from_user(text, buf, len))
		return -EFAULT;
	text[len] = '\0';
	/* A NUL inside ends the string, but not what was written. */
	if (strlen(text) != len) {
		complain(region, text);
		return -EINVAL;
	}
	ret = parse(region, text, &track);
	if (ret)
		return ret;
	ret = cb_track_set(region, track);
	return ret ? ret : len;
}

static int track_open(struct inode *inode, struct file *file)
{
	return single_open(file, track_show, inode->i_private);
}

const struct file_operations cb_track_fops = {
	.owner = THIS_MODULE,
	.open = track_open,
	.read = seq_read,
	.write = track_write,
	.llseek = seq_lseek,
	.release = single_release,
};
