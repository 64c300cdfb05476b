// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: alloc_contig_range()
 *
 * That the pages belong to CMA is said by MIGRATE_CMA, since 6.17 by
 * ACR_FLAGS_CMA ("mm/page_isolation: remove migratetype parameter from more
 * functions"). Both are unsigned integers, and each would compile in the place
 * of the other. So the older form also asks for what the same commit took from
 * undo_isolate_page_range().
 */
#include "apitest_probe.h"

/* 6.10 made a macro of it (b951aaff5035 "mm: enable page allocation tagging"). */
#ifdef alloc_contig_range
#define CONTIG	alloc_contig_range_noprof
#else
#define CONTIG	alloc_contig_range
#endif

#ifdef FORM_CONTIG_ACR_FLAGS
PROBE_TYPE(&CONTIG, int (*)(unsigned long, unsigned long, acr_flags_t, gfp_t));

static inline acr_flags_t probe(void)
{
	return ACR_FLAGS_CMA;
}
#endif

#ifdef FORM_CONTIG_MIGRATETYPE
PROBE_TYPE(&CONTIG, int (*)(unsigned long, unsigned long, unsigned int, gfp_t));

static inline void probe(void)
{
	undo_isolate_page_range(0, 0, MIGRATE_CMA);
}
#endif
