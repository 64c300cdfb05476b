// SPDX-License-Identifier: GPL-2.0-only
/* Looks up, once at load, what the kernel does not export. */
#define pr_fmt(fmt) "cma_bulk: " fmt

#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/stringify.h>

#include <cma_bulk_probed.h>

#if defined(CONFIG_X86_KERNEL_IBT)
#include <asm/cpufeature.h>
#endif

#include "symbols.h"

struct cb_symbols cb_symbols __ro_after_init;

/* A function, where its address goes, and what does not work without it. */
static const struct {
	const char *name;
	void **address;
	const char *loss;
} wanted[] = {
#define CB_WANT(member, function, without) \
	{ function, (void **)&cb_symbols.member, without }
	CB_WANT(for_each_area, "cma_for_each_area",
		"areas of the kernel are not found"),
	CB_WANT(get_base, "cma_get_base", "areas of one range are not found"),
	CB_WANT(get_size, "cma_get_size", "areas of the kernel are not found"),
	CB_WANT(get_name, "cma_get_name", "areas of the kernel are not found"),
	CB_WANT(alloc, "cma_alloc", "the engines that call it are refused"),
	CB_WANT(release, "cma_release",
		"the engines that call cma_alloc() are refused"),
	CB_WANT(drain, "lru_add_drain_all",
		"LRU batches are drained by taking a page"),
#ifdef CMA_BULK_HAVE_AREAS_OF_RANGES
	CB_WANT(intersects, "cma_intersects",
		"areas of several ranges are not found"),
#endif
#ifdef CMA_BULK_GKI
	CB_WANT(alloc_contig, __stringify(CB_ALLOC_CONTIG_RANGE),
		"requests are served by cma_alloc()"),
	CB_WANT(file_ns_capable, "file_ns_capable",
		"every pfn and address reads as 0"),
	CB_WANT(single_task_running, "single_task_running",
		"requests work on several CPUs beside others, too"),
#ifdef CONFIG_TRACEPOINTS
	CB_WANT(for_each_tracepoint, "for_each_kernel_tracepoint",
		"it is not recorded who calls cma_alloc()"),
#endif
#endif
#undef CB_WANT
};

#if defined(CONFIG_X86_KERNEL_IBT)
/* "endbr64"; is_endbr() is not exported on every kernel that has it. */
#define CB_ENDBR	0xfa1e0ff3

/*
 * Where the CPU enforces IBT, an indirect call must land on ENDBR. A kprobe sits
 * behind it, and a function whose address the kernel never takes has had its
 * ENDBR sealed at boot: that one is out of reach.
 */
static void *entry_point(void *addr)
{
	if (*(u32 *)addr == CB_ENDBR)
		return addr;
	if (*(u32 *)(addr - 4) == CB_ENDBR)
		return addr - 4;
	return cpu_feature_enabled(X86_FEATURE_IBT) ? NULL : addr;
}
#elif defined(CONFIG_THUMB2_KERNEL)
/* The lowest bit of a pointer says that the function is in Thumb. */
static void *entry_point(void *addr)
{
	return (void *)((unsigned long)addr | 1);
}
#elif defined(CONFIG_PPC64)
/* A kprobe sits at an entry point for callers with the kernel's own TOC. */
static void *entry_point(void *addr)
{
	return NULL;
}
#else
static void *entry_point(void *addr)
{
	return addr;
}
#endif

/* A throw-away kprobe tells the address of any function in kallsyms. */
static void *lookup_by_kprobe(const char *name)
{
	struct kprobe kp = { .symbol_name = name };
	void *addr;

	if (register_kprobe(&kp))
		return NULL;
	addr = entry_point(kp.addr);
	unregister_kprobe(&kp);
	return addr;
}

#ifdef CMA_BULK_GKI
static char *without;
module_param(without, charp, 0400);
MODULE_PARM_DESC(without, "Functions to treat as missing, for tests: NAME[,...]");

static bool left_out(const char *name)
{
	size_t len = strlen(name), part;
	const char *p = without ?: "";

	for (; *p; p += part + (p[part] == ',')) {
		part = strcspn(p, ",");
		if (part == len && !strncmp(p, name, len))
			return true;
	}
	return false;
}

/* __symbol_get() is one of the functions that are not to be had. */
static void *lookup(const char *name)
{
	return left_out(name) ? NULL : lookup_by_kprobe(name);
}

/* What a trimmed kernel lacks is worth a sentence; elsewhere it is usual. */
static void log_missing(void)
{
	const char *name, *loss;
	unsigned int i = 0;

	while ((name = cb_symbols_missing(&i, &loss)))
		pr_notice("%s() not found: %s\n", name, loss);
}
#else
/* Exported first. A symbol of the kernel proper needs no reference kept. */
static void *lookup(const char *name)
{
	void *addr = __symbol_get(name);

	if (!addr)
		return lookup_by_kprobe(name);
	__symbol_put(name);
	return addr;
}

static void log_missing(void)
{
}
#endif

/**
 * cb_symbols_init() - fill in cb_symbols
 *
 * Context: module init; may sleep.
 */
void __init cb_symbols_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wanted); i++)
		*wanted[i].address = lookup(wanted[i].name);
	log_missing();
}

/**
 * cb_symbols_missing() - the functions that were not found
 * @i: 0 at first; where to go on
 * @loss: set to what does not work without it
 *
 * Return: the name of the next one, NULL when there are no more.
 */
const char *cb_symbols_missing(unsigned int *i, const char **loss)
{
	while (*i < ARRAY_SIZE(wanted) && *wanted[*i].address)
		++*i;
	if (*i == ARRAY_SIZE(wanted))
		return NULL;
	*loss = wanted[*i].loss;
	return wanted[(*i)++].name;
}

/**
 * cb_symbols_have_areas() - can the kernel's own CMA areas be listed?
 *
 * Return: true if they can.
 */
bool cb_symbols_have_areas(void)
{
	return cb_symbols.for_each_area && cb_symbols.get_size &&
	       cb_symbols.get_name;
}

/**
 * cb_symbols_have_cma_alloc() - can cma_alloc() and cma_release() be called?
 *
 * Return: true if they can.
 */
bool cb_symbols_have_cma_alloc(void)
{
	return cb_symbols.alloc && cb_symbols.release;
}
