// SPDX-License-Identifier: GPL-2.0-only
/* The files that show who has the region's memory: holders and stacks. */
#include <linux/fs.h>
#include <linux/kallsyms.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "../module/compat/seq.h"
#include "../module/drain.h"
#include "../module/holders.h"
#include "../module/owners.h"
#include "../module/region.h"
#include "debugfs.h"

/**
 * cb_show_holder() - the columns "pid comm age_ms stack"
 * @m: the file
 * @h: whose; NULL if that is not known
 *
 * Context: any.
 */
void cb_show_holder(struct seq_file *m, const struct cb_holder *h)
{
	if (!h || !h->known) {
		seq_puts(m, " - - - -\n");
		return;
	}
	seq_printf(m, " %d ", h->pid);
	/* A task may call itself anything; it is one word here. */
	cb_seq_escape(m, *h->comm ? h->comm : "?", " \t\n\\");
	seq_printf(m, " %llu ", h->age_ms);
	if (h->stack)
		seq_printf(m, "%u\n", h->stack);
	else
		seq_puts(m, "-\n");
}

/* holders: position 0 is the header, n is that of struct cb_holder, plus 1. */
static void *holder_from(struct seq_file *m, loff_t pos)
{
	return cb_holder_from(cb_region_of_file(m), pos - 1, m->private) ?
	       m->private : NULL;
}

static void *holders_start(struct seq_file *m, loff_t *pos)
{
	if (*pos)
		return holder_from(m, *pos);
	/* A page in an LRU batch has a reference that looks like a holder's. */
	cb_drain_now(cb_region_of_file(m));
	return SEQ_START_TOKEN;
}

static void *holders_next(struct seq_file *m, void *v, loff_t *pos)
{
	const struct cb_holder *h = m->private;

	*pos = v == SEQ_START_TOKEN ? 1 : h->next + 1;
	return holder_from(m, *pos);
}

static int holders_show(struct seq_file *m, void *v)
{
	const struct cb_holder *h = v;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "# pfn pages kind pid comm age_ms stack\n");
		return 0;
	}
	seq_printf(m, "%lu %lu %s", cb_shown_pfn(m, h->pfn), h->pages, h->kind);
	cb_show_holder(m, h);
	return 0;
}

static const struct seq_operations holders_sops = {
	.start = holders_start,
	.next = holders_next,
	.stop = cb_no_stop,
	.show = holders_show,
};

static int holders_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &holders_sops, sizeof(struct cb_holder));
}

const struct file_operations cb_holders_fops = {
	.owner = THIS_MODULE,
	.open = holders_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

/* stacks: position n is stack n + 1. */
static void *stack_from(struct seq_file *m, loff_t *pos)
{
	unsigned long frame[CB_STACK_FRAMES];

	for (; *pos < CB_STACKS_MAX; ++*pos)
		if (cb_owners_stack(cb_region_of_file(m), *pos + 1, frame))
			return pos;
	return NULL;
}

static void *stacks_start(struct seq_file *m, loff_t *pos)
{
	return stack_from(m, pos);
}

static void *stacks_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return stack_from(m, pos);
}

/* A frame of the kernel's tracing is not one of what was traced. */
static bool is_tracing(const char *name)
{
	return !strncmp(name, "__traceiter_", 12);
}

static int stacks_show(struct seq_file *m, void *v)
{
	unsigned long frame[CB_STACK_FRAMES];
	unsigned int number = *(loff_t *)v + 1, nr, i;
	const char *before = "";
	char name[KSYM_NAME_LEN];

	nr = cb_owners_stack(cb_region_of_file(m), number, frame);
	if (!nr)
		return SEQ_SKIP;
	seq_printf(m, "%u: ", number);
	for (i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), "%ps", (void *)frame[i]);
		/* "function [module]" is one word without the blank. */
		if (is_tracing(name))
			continue;
		seq_printf(m, "%s%s", before, name);
		before = " < ";
	}
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations stacks_sops = {
	.start = stacks_start,
	.next = stacks_next,
	.stop = cb_no_stop,
	.show = stacks_show,
};

static int stacks_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &stacks_sops);
}

const struct file_operations cb_stacks_fops = {
	.owner = THIS_MODULE,
	.open = stacks_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release,
};
