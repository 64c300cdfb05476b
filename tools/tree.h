/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of the kernel, below $CMA_BULK_ROOT if that is set: then /sys, /proc and
 * /dev are those of a recorded tree.
 */
#ifndef CMA_BULK_TOOL_TREE_H
#define CMA_BULK_TOOL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "mem.h"
#include "table.h"

#define DEBUGFS	"/sys/kernel/debug/cma_bulk"
#define SYSFS	"/sys/kernel/cma_bulk"

bool tree_recorded(void);
char *tree_path(const char *path);
bool tree_exists(const char *fmt, ...) __printf(1, 2);

/* The content, NUL bytes made '?'; or NULL, and errno. */
char *tree_read(const char *fmt, ...) __printf(1, 2);
/* The first line, or NULL. */
char *tree_line(const char *fmt, ...) __printf(1, 2);
/* Empty if there is no such file. */
void tree_table(struct table *t, const char *fmt, ...) __printf(2, 3);
void tree_pairs(struct pairs *p, const char *fmt, ...) __printf(2, 3);
char *tree_link(const char *fmt, ...) __printf(1, 2);
int tree_open(int flags, const char *fmt, ...) __printf(2, 3);

/* In one write(); 0 or an errno. */
int tree_write(const char *content, const char *fmt, ...) __printf(2, 3);

/* Names in a folder but those with a dot first, sorted; ends with NULL. */
char **tree_list(const char *fmt, ...) __printf(1, 2);

#endif
