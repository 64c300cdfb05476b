/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that is given back all at once: what was obtained since a mark. A
 * command needs no other kind, and a view that is redrawn gives back what each
 * drawing took.
 */
#ifndef CMA_BULK_TOOL_MEM_H
#define CMA_BULK_TOOL_MEM_H

#include <stddef.h>

#ifndef __printf
#define __printf(a, b)	__attribute__((__format__(printf, a, b)))
#endif
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Exits with a message if there is none; cleared. */
void *mem_get(size_t nr, size_t size);
void *mem_grow(void *old, size_t nr, size_t size);
char *mem_copy(const char *s);
char *mem_copy_n(const char *s, size_t len);
char *mem_format(const char *fmt, ...) __printf(1, 2);

void *mem_mark(void);
void mem_release(void *mark);

#endif
