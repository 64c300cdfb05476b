// SPDX-License-Identifier: GPL-2.0-only
/* Memory that is given back all at once. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* Before each piece; the newest is the first. Aligned for anything. */
union piece {
	struct {
		union piece *older;
		union piece *newer;
	};
	max_align_t align;
};

static union piece *newest;

static void no_memory(void)
{
	fputs("cma-bulk: out of memory\n", stderr);
	exit(1);
}

void *mem_grow(void *old, size_t nr, size_t size)
{
	union piece *p = old ? (union piece *)old - 1 : NULL;

	if (size && nr > (SIZE_MAX - sizeof(*p)) / size)
		no_memory();
	p = realloc(p, sizeof(*p) + nr * size);
	if (!p)
		no_memory();
	if (!old) {
		p->older = newest;
		p->newer = NULL;
	}
	if (p->older)
		p->older->newer = p;
	if (p->newer)
		p->newer->older = p;
	else
		newest = p;
	return p + 1;
}

void *mem_get(size_t nr, size_t size)
{
	void *p = mem_grow(NULL, nr, size);

	memset(p, 0, nr * size);
	return p;
}

char *mem_copy_n(const char *s, size_t len)
{
	char *copy = mem_grow(NULL, len + 1, 1);

	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *mem_copy(const char *s)
{
	return mem_copy_n(s, strlen(s));
}

char *mem_format(const char *fmt, ...)
{
	char *s, *copy;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&s, fmt, args) < 0)
		no_memory();
	va_end(args);
	copy = mem_copy(s);
	free(s);
	return copy;
}

/* A piece of its own, so that what grows may move and the mark stays. */
void *mem_mark(void)
{
	return mem_get(0, 0);
}

void mem_release(void *mark)
{
	union piece *last = (union piece *)mark - 1, *p;

	do {
		p = newest;
		newest = p->older;
		if (newest)
			newest->newer = NULL;
		free(p);
	} while (p != last);
}
