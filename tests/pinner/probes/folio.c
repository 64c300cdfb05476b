// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: struct folio
 *
 * 5.16 to 5.18 gave folios what pages had; 6.12 to 6.18 took it from the pages.
 */
#include "pinner_probe.h"

#ifdef FORM_FOLIO
static inline bool probe(struct page *page)
{
	struct folio *folio = page_folio(page);

	folio_mark_uptodate(folio);
	folio_set_dirty(folio);
	return folio_try_get(folio) && folio_test_lru(folio) &&
	       folio_test_anon(folio) && folio_test_swapcache(folio) &&
	       folio_test_hugetlb(folio) && folio_maybe_dma_pinned(folio);
}
#endif

#ifdef FORM_FOLIO_NONE
static inline bool probe(struct page *page)
{
	SetPageUptodate(page);
	SetPageDirty(page);
	return get_page_unless_zero(page) && PageLRU(page) &&
	       PageAnon(page) && PageSwapCache(page) &&
	       PageHuge(page) && page_maybe_dma_pinned(page);
}
#endif
