// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: the references of a folio that page tables hold
 *
 * Since 6.10 a folio has one count of them (05c5323b2a34 "mm: track mapcount of
 * large folios in single value"), and folio_mapcount() is inline. Before,
 * modules have page_mapcount(), which is exact for a small page; 6.12 took that
 * and PageSwapCache() from them.
 */
#include "pinner_probe.h"

#ifdef FORM_MAPCOUNT_FOLIO
PROBE_TYPE(((struct folio *)0)->_large_mapcount, atomic_t);

static inline int probe(struct folio *folio)
{
	return folio_mapcount(folio) + folio_test_private(folio);
}
#endif

#ifdef FORM_MAPCOUNT_PAGE
static inline int probe(struct page *page)
{
	return page_mapcount(page) + PagePrivate(page) + PageSwapCache(page);
}
#endif
