/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that modules may not link to on every kernel we support. Each
 * pointer has the type of the kernel's own declaration, and probes/ knows those
 * that could change without a call noticing, so a prototype that changes ends
 * the build; each may be NULL, and what calls it says what it does then.
 *
 * A build for trimmed kernels (CMA_BULK_GKI) looks up more of them: everything
 * that the public symbol lists of Android's GKI lack. The exact types are what
 * lets control-flow integrity (KCFI) pass the calls.
 */
#ifndef CMA_BULK_COMPAT_SYMBOLS_H
#define CMA_BULK_COMPAT_SYMBOLS_H

#include <linux/capability.h>
#include <linux/cma.h>
#include <linux/gfp.h>
#include <linux/sched/stat.h>
#include <linux/swap.h>
#include <linux/tracepoint.h>

#include <cma_bulk_probed.h>

/* 6.10 made a macro of it (b951aaff5035 "mm: enable page allocation tagging"). */
#ifdef alloc_contig_range
#define CB_ALLOC_CONTIG_RANGE	alloc_contig_range_noprof
#else
#define CB_ALLOC_CONTIG_RANGE	alloc_contig_range
#endif

struct cb_symbols {
	typeof(&cma_for_each_area) for_each_area;
	typeof(&cma_get_base) get_base;
	typeof(&cma_get_size) get_size;
	typeof(&cma_get_name) get_name;
	typeof(&cma_alloc) alloc;
	typeof(&cma_release) release;
	typeof(&lru_add_drain_all) drain;
#ifdef CMA_BULK_HAVE_AREAS_OF_RANGES
	typeof(&cma_intersects) intersects;
#endif
#ifdef CMA_BULK_GKI
	typeof(&CB_ALLOC_CONTIG_RANGE) alloc_contig;
	typeof(&file_ns_capable) file_ns_capable;
	typeof(&single_task_running) single_task_running;
#ifdef CONFIG_TRACEPOINTS
	typeof(&for_each_kernel_tracepoint) for_each_tracepoint;
#endif
#endif
};

extern struct cb_symbols cb_symbols;

void cb_symbols_init(void);
bool cb_symbols_have_areas(void);
bool cb_symbols_have_cma_alloc(void);
const char *cb_symbols_missing(unsigned int *i, const char **loss);

/**
 * cb_symbols_have_contig() - can ranges be taken?
 *
 * Return: true if they can.
 */
static inline bool cb_symbols_have_contig(void)
{
#ifdef CMA_BULK_GKI
	return cb_symbols.alloc_contig;
#else
	return true;
#endif
}

/**
 * cb_shares_cpu() - does another task want the CPU that the caller runs on?
 *
 * Context: any.
 *
 * Return: true if one does; false also if that cannot be known.
 */
static inline bool cb_shares_cpu(void)
{
#ifdef CMA_BULK_GKI
	return cb_symbols.single_task_running &&
	       !cb_symbols.single_task_running();
#else
	return !single_task_running();
#endif
}

#endif
