// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: the tracepoints of CMA
 *
 * 5.13 tells when a call ends, whether it was successful or not, and the area
 * (7bc1aec5e287 "mm: cma: add trace events for CMA alloc perf testing"); before,
 * cma_alloc tells the same at the same place. The count of pages became a long
 * later, and the error came with 6.7 or so.
 */
#include "probe.h"
#include <trace/events/cma.h>

#ifdef FORM_CMA_TRACE_ERRNO
PROBE_TYPE(&register_trace_cma_alloc_finish,
	   int (*)(void (*)(void *, const char *, unsigned long,
			    const struct page *, unsigned long, unsigned int,
			    int), void *));
PROBE_TYPE(&register_trace_cma_release,
	   int (*)(void (*)(void *, const char *, unsigned long,
			    const struct page *, unsigned long), void *));
#endif

#ifdef FORM_CMA_TRACE_FINISH
PROBE_TYPE(&register_trace_cma_alloc_finish,
	   int (*)(void (*)(void *, const char *, unsigned long,
			    const struct page *, unsigned long, unsigned int),
		   void *));
PROBE_TYPE(&register_trace_cma_release,
	   int (*)(void (*)(void *, const char *, unsigned long,
			    const struct page *, unsigned long), void *));
#endif

#ifdef FORM_CMA_TRACE_FINISH_INT
PROBE_TYPE(&register_trace_cma_alloc_finish,
	   int (*)(void (*)(void *, const char *, unsigned long,
			    const struct page *, unsigned int, unsigned int),
		   void *));
PROBE_TYPE(&register_trace_cma_release,
	   int (*)(void (*)(void *, const char *, unsigned long,
			    const struct page *, unsigned int), void *));
#endif

#ifdef FORM_CMA_TRACE_ALLOC
PROBE_TYPE(&register_trace_cma_alloc,
	   int (*)(void (*)(void *, unsigned long, const struct page *,
			    unsigned int, unsigned int), void *));
PROBE_TYPE(&register_trace_cma_release,
	   int (*)(void (*)(void *, unsigned long, const struct page *,
			    unsigned int), void *));
#endif
