// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: PageSlab()
 *
 * A flag of a page, since 6.10 a page type (46df8e73a4a3 "mm: free up
 * PG_slab"). The test exists for both, but that of the flag may BUG on a page
 * in transition: where there is a flag, it is read.
 */
#include "probe.h"

#ifdef FORM_SLAB_FLAG
static inline unsigned long probe(void)
{
	return BIT(PG_slab);
}
#endif

#ifdef FORM_SLAB_TYPE
static inline bool probe(struct page *page)
{
	return PageSlab(page);
}
#endif
