// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: get_pfnblock_migratetype()
 *
 * What it reads was read by get_pfnblock_flags_mask() until 6.17 ("mm/
 * page_alloc: pageblock flags functions clean up"). Neither is exported, so
 * the types are canaries for a pointer that is found by name. 5.12 made the
 * page constant.
 */
#include "probe.h"

#ifdef FORM_PAGEBLOCK_MIGRATETYPE
PROBE_TYPE(&get_pfnblock_migratetype,
	   enum migratetype (*)(const struct page *, unsigned long));
#endif

#ifdef FORM_PAGEBLOCK_FLAGS_CONST
PROBE_TYPE(&get_pfnblock_flags_mask,
	   unsigned long (*)(const struct page *, unsigned long, unsigned long));
#endif

#ifdef FORM_PAGEBLOCK_FLAGS
PROBE_TYPE(&get_pfnblock_flags_mask,
	   unsigned long (*)(struct page *, unsigned long, unsigned long));
#endif
