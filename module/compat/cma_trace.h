/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's tracepoints for cma_alloc() and cma_release(). What follows is the
 * type that their probes must have, exactly: control-flow integrity looks at it.
 */
#ifndef CMA_BULK_COMPAT_CMA_TRACE_H
#define CMA_BULK_COMPAT_CMA_TRACE_H

#include <linux/mm.h>
#include <linux/tracepoint.h>

#include <cma_bulk_probed.h>

#include "symbols.h"

/**
 * cb_tracepoints_known() - can cb_for_each_tracepoint() do something?
 *
 * Return: true if so, also in a kernel without tracepoints.
 */
static inline bool cb_tracepoints_known(void)
{
#if defined(CMA_BULK_GKI) && defined(CONFIG_TRACEPOINTS)
	return cb_symbols.for_each_tracepoint;
#else
	return true;
#endif
}

/* Calls a function for each tracepoint of the kernel, if that can be done. */
#ifdef CMA_BULK_GKI
#define cb_for_each_tracepoint(function)				\
do {									\
	if (cb_symbols.for_each_tracepoint)				\
		cb_symbols.for_each_tracepoint(function, NULL);		\
} while (0)
#else
#define cb_for_each_tracepoint(function)				\
	for_each_kernel_tracepoint(function, NULL)
#endif

/* The name of the area and the alignment are of no interest here. */
#ifdef CMA_BULK_HAVE_CMA_TRACE_ERRNO
#define CB_CMA_ALLOC_EVENT	"cma_alloc_finish"
#define CB_CMA_ALLOC_PROBE(function)					\
	void function(void *data, const char *name, unsigned long pfn,	\
		      const struct page *page, unsigned long nr,	\
		      unsigned int align, int error)
#elif defined(CMA_BULK_HAVE_CMA_TRACE_FINISH)
#define CB_CMA_ALLOC_EVENT	"cma_alloc_finish"
#define CB_CMA_ALLOC_PROBE(function)					\
	void function(void *data, const char *name, unsigned long pfn,	\
		      const struct page *page, unsigned long nr,	\
		      unsigned int align)
#elif defined(CMA_BULK_HAVE_CMA_TRACE_FINISH_INT)
#define CB_CMA_ALLOC_EVENT	"cma_alloc_finish"
#define CB_CMA_ALLOC_PROBE(function)					\
	void function(void *data, const char *name, unsigned long pfn,	\
		      const struct page *page, unsigned int nr,		\
		      unsigned int align)
#else
#define CB_CMA_ALLOC_EVENT	"cma_alloc"
#define CB_CMA_ALLOC_PROBE(function)					\
	void function(void *data, unsigned long pfn,			\
		      const struct page *page, unsigned int nr,		\
		      unsigned int align)
#endif

#define CB_CMA_RELEASE_EVENT	"cma_release"
#if defined(CMA_BULK_HAVE_CMA_TRACE_ERRNO) || \
	defined(CMA_BULK_HAVE_CMA_TRACE_FINISH)
#define CB_CMA_RELEASE_PROBE(function)					\
	void function(void *data, const char *name, unsigned long pfn,	\
		      const struct page *page, unsigned long nr)
#elif defined(CMA_BULK_HAVE_CMA_TRACE_FINISH_INT)
#define CB_CMA_RELEASE_PROBE(function)					\
	void function(void *data, const char *name, unsigned long pfn,	\
		      const struct page *page, unsigned int nr)
#else
#define CB_CMA_RELEASE_PROBE(function)					\
	void function(void *data, unsigned long pfn,			\
		      const struct page *page, unsigned int nr)
#endif

#endif
