/* SPDX-License-Identifier: GPL-2.0-only */
/* What could have been meant as a region and is none, and why. */
#ifndef CMA_BULK_SKIPPED_H
#define CMA_BULK_SKIPPED_H

#include <linux/list.h>
#include <linux/types.h>

#define CB_SKIPPED_NAME_MAX	64
#define CB_WHY_TEXT_MAX		240
/* For cb_why_format(). */
#define CB_WHY_MAX		(CB_WHY_TEXT_MAX + 80)

/**
 * struct cb_why - why something is no region, for people
 * @unaligned: what its base should be a multiple of, in bytes; 0 if it is.
 *	Apart from @text, because addresses are not for every reader.
 * @text: everything else, reasons joined by "; "
 */
struct cb_why {
	u64 unaligned;
	char text[CB_WHY_TEXT_MAX];
};

/**
 * struct cb_skipped - something that is no region
 * @list: in cb_skipped; never changes between load and unload
 * @name: its own name
 * @base: physical address, 0 if there is none
 * @size: in bytes, 0 if it has none
 * @why: why
 */
struct cb_skipped {
	struct list_head list;
	char name[CB_SKIPPED_NAME_MAX];
	u64 base;
	u64 size;
	struct cb_why why;
};

extern struct list_head cb_skipped;

__printf(2, 3) void cb_why_add(struct cb_why *why, const char *fmt, ...);
void cb_why_shape(struct cb_why *why, u64 base, u64 size, u64 align);
bool cb_why_any(const struct cb_why *why);
void cb_why_format(const struct cb_why *why, u64 base, char *buf, size_t len);

int cb_skipped_add(const char *name, u64 base, u64 size,
		   const struct cb_why *why);
void cb_skipped_log(void);
void cb_skipped_free(void);

#endif
