// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: start_isolate_page_range()
 *
 * b2c9e2fbba32 ("mm: make alloc_contig_range work at pageblock granularity") gave
 * it flags for allocations, which went away again later. 6.17 tells by a mode what
 * the pages are isolated for ("mm/page_isolation: remove migratetype parameter
 * from more functions"), and undo_isolate_page_range() takes no type any more.
 */
#include "apitest_probe.h"

#ifdef FORM_ISOLATE_MODE
PROBE_TYPE(&start_isolate_page_range,
	   int (*)(unsigned long, unsigned long, enum pb_isolate_mode));
PROBE_TYPE(&undo_isolate_page_range, void (*)(unsigned long, unsigned long));

static inline enum pb_isolate_mode probe(void)
{
	return PB_ISOLATE_MODE_CMA_ALLOC;
}
#endif

#ifdef FORM_ISOLATE_GFP
PROBE_TYPE(&start_isolate_page_range,
	   int (*)(unsigned long, unsigned long, int, int, gfp_t));
PROBE_TYPE(&undo_isolate_page_range,
	   void (*)(unsigned long, unsigned long, int));
#endif

#ifdef FORM_ISOLATE_FLAGS
PROBE_TYPE(&start_isolate_page_range,
	   int (*)(unsigned long, unsigned long, int, int));
PROBE_TYPE(&undo_isolate_page_range,
	   void (*)(unsigned long, unsigned long, int));
#endif

#ifdef FORM_ISOLATE_UNSIGNED
PROBE_TYPE(&start_isolate_page_range,
	   int (*)(unsigned long, unsigned long, unsigned int, int));
PROBE_TYPE(&undo_isolate_page_range,
	   void (*)(unsigned long, unsigned long, unsigned int));
#endif
