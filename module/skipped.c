// SPDX-License-Identifier: GPL-2.0-only
/*
 * What could have been meant as a region and is none: a list that is made at
 * load and only read from then on.
 */
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "log.h"
#include "skipped.h"

LIST_HEAD(cb_skipped);

/**
 * cb_why_add() - add a reason
 * @why: the reasons so far
 * @fmt: of the new one
 *
 * Context: any.
 */
void cb_why_add(struct cb_why *why, const char *fmt, ...)
{
	size_t len = strlen(why->text);
	va_list args;

	if (len)
		len += scnprintf(why->text + len, sizeof(why->text) - len, "; ");
	va_start(args, fmt);
	vscnprintf(why->text + len, sizeof(why->text) - len, fmt, args);
	va_end(args);
}

/* As people write it: 4 MiB, 100 KiB, 4097 bytes. */
static void format_size(char *buf, size_t len, u64 bytes)
{
	if (!(bytes & (SZ_1M - 1)))
		snprintf(buf, len, "%llu MiB", bytes / SZ_1M);
	else if (!(bytes & (SZ_1K - 1)))
		snprintf(buf, len, "%llu KiB", bytes / SZ_1K);
	else
		snprintf(buf, len, "%llu bytes", bytes);
}

/**
 * cb_why_shape() - add what is wrong with a base and a size
 * @why: the reasons so far
 * @base: physical address
 * @size: in bytes
 * @align: what both must be multiples of, a power of two
 *
 * Context: any.
 */
void cb_why_shape(struct cb_why *why, u64 base, u64 size, u64 align)
{
	char is[32], should[32];

	if (base & (align - 1))
		why->unaligned = align;
	if (!(size & (align - 1)))
		return;
	format_size(is, sizeof(is), size);
	format_size(should, sizeof(should), align);
	cb_why_add(why, "size %s is no multiple of %s", is, should);
}

/**
 * cb_why_any() - is there any reason?
 * @why: the reasons
 *
 * Return: true if there is.
 */
bool cb_why_any(const struct cb_why *why)
{
	return why->unaligned || why->text[0];
}

/**
 * cb_why_format() - all reasons as one text
 * @why: the reasons
 * @base: the address to show
 * @buf: where
 * @len: its size
 *
 * Context: any.
 */
void cb_why_format(const struct cb_why *why, u64 base, char *buf, size_t len)
{
	char should[32];
	size_t used = 0;

	buf[0] = '\0';
	if (why->unaligned) {
		format_size(should, sizeof(should), why->unaligned);
		used = scnprintf(buf, len, "base 0x%llx is not aligned to %s%s",
				 base, should, why->text[0] ? "; " : "");
	}
	scnprintf(buf + used, len - used, "%s", why->text);
}

static struct cb_skipped *find(const char *name, u64 base)
{
	struct cb_skipped *s;

	list_for_each_entry(s, &cb_skipped, list)
		if (!strcmp(s->name, name) && (s->base == base || !base))
			return s;
	return NULL;
}

/**
 * cb_skipped_add() - note what is no region
 * @name: its own name; may be NULL
 * @base: physical address, 0 if that is not known
 * @size: in bytes, 0 if that is not known
 * @why: why
 *
 * A node of the device tree may come again as an area of the kernel: it is
 * noted once, and the reason is then what became of the area.
 *
 * Context: module init; may sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int cb_skipped_add(const char *name, u64 base, u64 size,
		   const struct cb_why *why)
{
	struct cb_skipped *s = find(name ?: "", base);

	if (s) {
		s->why = *why;
		return 0;
	}
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	strscpy(s->name, name ?: "", sizeof(s->name));
	s->base = base;
	s->size = size;
	s->why = *why;
	list_add_tail(&s->list, &cb_skipped);
	return 0;
}

/**
 * cb_skipped_log() - tell it all in the kernel log, a line each
 *
 * Context: module init.
 */
void cb_skipped_log(void)
{
	struct cb_skipped *s;
	char reason[CB_WHY_MAX];

	list_for_each_entry(s, &cb_skipped, list) {
		cb_why_format(&s->why, s->base, reason, sizeof(reason));
		pr_notice("%*pE (0x%llx, 0x%llx bytes) is no region: %s\n",
			  (int)strlen(s->name), s->name, s->base, s->size,
			  reason);
	}
}

/**
 * cb_skipped_free() - forget it all
 *
 * Context: module exit, when nothing reads the list any more.
 */
void cb_skipped_free(void)
{
	struct cb_skipped *s, *next;

	list_for_each_entry_safe(s, next, &cb_skipped, list)
		kfree(s);
	INIT_LIST_HEAD(&cb_skipped);
}
