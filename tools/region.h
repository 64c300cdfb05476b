/* SPDX-License-Identifier: GPL-2.0-only */
/* Is the module there, how much of it can be reached, and its regions. */
#ifndef CMA_BULK_TOOL_REGION_H
#define CMA_BULK_TOOL_REGION_H

#include "mem.h"
#include "table.h"

enum reach {
	REACH_ALL,
	REACH_NO_MODULE,
	REACH_NOT_MOUNTED,	/* debugfs is not there, or has not us in it */
	REACH_DENIED,		/* permissions */
	REACH_LOCKED,		/* lockdown */
};

/* Also how commands end. */
enum status {
	STATUS_GOOD = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_NO_ACCESS = 3,
};

struct region {
	const char *name;
	const char *word;	/* its name in "regions", blanks escaped */
	const char *dir;	/* in debugfs and sysfs */
	const char *source;
	uint64_t base;
	uint64_t bytes;
	uint64_t blocks;
	uint64_t block_pages;
	uint64_t page_size;
};

struct regions {
	enum reach reach;
	struct region *r;
	size_t nr;
};

enum reach reach_of_module(void);
const char *reach_text(enum reach reach);
/* From debugfs, or as much as sysfs tells. */
void regions_load(struct regions *rs);
bool region_is(const struct region *r, const char *name);
/*
 * The one called @name, or without it the largest. NULL after a message, and
 * @status is how to end then. Needs debugfs unless @sysfs.
 */
const struct region *region_pick(const struct regions *rs, const char *name,
				 bool sysfs, enum status *status);

void complain(const char *fmt, ...) __printf(1, 2);

#endif
