// SPDX-License-Identifier: GPL-2.0-only
/* Look up, once at load, what the kernel does not export. */
#include <linux/kprobes.h>
#include <linux/module.h>

#include <cma_bulk_probed.h>

#if defined(CONFIG_X86_KERNEL_IBT)
#include <asm/cpufeature.h>
#endif

#include "symbols.h"

struct cb_symbols cb_symbols __ro_after_init;

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

/* Exported first. A symbol of the kernel proper needs no reference kept. */
static void *lookup(const char *name)
{
	void *addr = __symbol_get(name);

	if (!addr)
		return lookup_by_kprobe(name);
	__symbol_put(name);
	return addr;
}

/**
 * cb_symbols_init() - fill in cb_symbols
 *
 * Context: module init; may sleep.
 */
void __init cb_symbols_init(void)
{
	cb_symbols.for_each_area = lookup("cma_for_each_area");
	cb_symbols.get_base = lookup("cma_get_base");
	cb_symbols.get_size = lookup("cma_get_size");
	cb_symbols.get_name = lookup("cma_get_name");
	cb_symbols.alloc = lookup("cma_alloc");
	cb_symbols.release = lookup("cma_release");
	cb_symbols.drain = lookup("lru_add_drain_all");
#ifdef CMA_BULK_HAVE_AREAS_OF_RANGES
	cb_symbols.intersects = lookup("cma_intersects");
#endif
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
