// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: want_init_on_alloc()
 *
 * With init_on_alloc=1 the kernel clears what it allocates. Since 5.13 it does so in
 * post_alloc_hook() (1bb5eab30d68 "kasan, mm: integrate page_alloc init with
 * HW_TAGS"), and alloc_contig_range() calls that for all that it hands out; before,
 * ranges were not cleared. The same commit added kasan_has_integrated_init().
 */
#include "probe.h"

#ifdef FORM_AUTO_INIT_RANGES
static inline bool probe(void)
{
	return kasan_has_integrated_init() || want_init_on_alloc(GFP_USER);
}
#endif

#ifdef FORM_AUTO_INIT_PAGES
static inline bool probe(void)
{
	return want_init_on_alloc(GFP_USER);
}
#endif
