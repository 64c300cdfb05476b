// SPDX-License-Identifier: GPL-2.0-only
/* The debugfs files that list pins and their pages. */
#include <linux/capability.h>
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "pinner.h"

/* Line 0 is the header, line n is the n-th pin or page. */
static void *lines_at(loff_t pos, void *(*find)(loff_t n))
{
	return pos ? find(pos - 1) : SEQ_START_TOKEN;
}

static void lines_stop(struct seq_file *m, void *v)
{
	pinner_pins_unlock();
}

static void *find_pin(loff_t n)
{
	return pinner_pins_nth(n);
}

static void *pins_start(struct seq_file *m, loff_t *pos)
{
	pinner_pins_lock();
	return lines_at(*pos, find_pin);
}

static void *pins_next(struct seq_file *m, void *v, loff_t *pos)
{
	return lines_at(++*pos, find_pin);
}

static int pins_show(struct seq_file *m, void *v)
{
	struct pinner_pin *pin = v;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "# pin mode pages in_cma age_ms\n");
		return 0;
	}
	seq_printf(m, "%u %s %lu %lu %lld\n", pin->id, pin->req.mode->name,
		   pin->nr, pinner_pin_in_range(pin),
		   ktime_ms_delta(ktime_get(), pin->born));
	return 0;
}

static const struct seq_operations pins_sops = {
	.start = pins_start,
	.next = pins_next,
	.stop = lines_stop,
	.show = pins_show,
};

static int pins_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &pins_sops);
}

const struct file_operations pinner_pins_fops = {
	.owner = THIS_MODULE,
	.open = pins_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release,
};

static void *find_page(loff_t n)
{
	unsigned long i;

	return pinner_pins_page(n, &i);
}

static void *pfns_start(struct seq_file *m, loff_t *pos)
{
	pinner_pins_lock();
	return lines_at(*pos, find_page);
}

static void *pfns_next(struct seq_file *m, void *v, loff_t *pos)
{
	return lines_at(++*pos, find_page);
}

/*
 * A held page that is no longer the one in the file was replaced behind the
 * back of its holder: the device would write to a page nobody reads.
 */
static const char *page_verdict(struct pinner_pin *pin, unsigned long i,
				struct page *page)
{
	if (!page)
		return "gone";
	if (pin->held[i] && pin->held[i] != page)
		return "replaced";
	return pinner_cache_intact(pin, i, page) ? "ok" : "changed";
}

static int pfns_show(struct seq_file *m, void *v)
{
	unsigned long i = 0, pfn = 0;
	struct pinner_pin *pin;
	struct page *page;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "# pin pfn content home_pfn\n");
		return 0;
	}
	pin = pinner_pins_page(m->index - 1, &i);
	if (!pin)
		return 0;
	page = pinner_cache_get(pin, i);
	if (page)
		pfn = page_to_pfn(page);
	seq_printf(m, "%u %lu %s %lu\n", pin->id,
		   capable(CAP_SYS_ADMIN) ? pfn : 0,
		   page_verdict(pin, i, page),
		   capable(CAP_SYS_ADMIN) ? pin->home[i] : 0);
	if (page)
		put_page(page);
	cond_resched();
	return 0;
}

static const struct seq_operations pfns_sops = {
	.start = pfns_start,
	.next = pfns_next,
	.stop = lines_stop,
	.show = pfns_show,
};

static int pfns_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &pfns_sops);
}

const struct file_operations pinner_pfns_fops = {
	.owner = THIS_MODULE,
	.open = pfns_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release,
};
