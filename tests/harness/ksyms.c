// SPDX-License-Identifier: GPL-2.0-only
/* Where code lies, by the kernel's list of its symbols. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"

/* More than our longest function. */
#define LAST_FUNCTION	0x2000

static void each_symbol(void (*call)(unsigned long long addr, char type,
				     const char *name, const char *module,
				     void *data), void *data)
{
	char line[512], type, name[256], module[128];
	unsigned long long addr;
	FILE *f = fopen("/proc/kallsyms", "re");
	int n;

	if (!f)
		bail("/proc/kallsyms", errno);
	while (fgets(line, sizeof(line), f)) {
		n = sscanf(line, "%llx %c %255s [%127[^]]", &addr, &type, name,
			   module);
		if (n >= 3)
			call(addr, type, name, n > 3 ? module : "", data);
	}
	fclose(f);
}

struct range {
	const char *name;
	unsigned long long start;
	unsigned long long end;
};

static void widen(unsigned long long addr, char type, const char *name,
		  const char *module, void *data)
{
	struct range *range = data;

	(void)name;
	if ((type != 't' && type != 'T') ||
	    (strcmp(module, BULK) && strcmp(module, PINNER)))
		return;
	if (addr < range->start)
		range->start = addr;
	if (addr + LAST_FUNCTION > range->end)
		range->end = addr + LAST_FUNCTION;
}

/* Of both modules, and what lies between them. */
void module_text(unsigned long long *start, unsigned long long *end)
{
	struct range range = { .start = ~0ULL };

	each_symbol(widen, &range);
	if (!range.end)
		bail("the modules' code", ENOENT);
	*start = range.start;
	*end = range.end;
}

static void find_start(unsigned long long addr, char type, const char *name,
		       const char *module, void *data)
{
	struct range *range = data;

	(void)type;
	if (!*module && !strcmp(name, range->name))
		range->start = addr;
}

static void find_end(unsigned long long addr, char type, const char *name,
		     const char *module, void *data)
{
	struct range *range = data;

	(void)type;
	(void)name;
	(void)module;
	if (addr > range->start && addr < range->end)
		range->end = addr;
}

/* Of a function of the kernel itself. */
void function_text(const char *name, unsigned long long *start,
		   unsigned long long *end)
{
	struct range range = { .name = name, .end = ~0ULL };

	each_symbol(find_start, &range);
	if (!range.start)
		bail(name, ENOENT);
	each_symbol(find_end, &range);
	*start = range.start;
	*end = range.end;
}
