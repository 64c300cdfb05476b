// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: the mapcount of a folio
 *
 * Since 6.10 one sum (05c5323b2a34 "mm: track mapcount of large folios in
 * single value"); before, each page has a count and the folio has one for
 * mapping it whole. That one became a field of struct folio in 6.3 ("mm: remove
 * head_compound_mapcount() and _ptr functions"). Until 6.2 (cb67f4282bf9
 * "mm,thp,rmap: simplify compound page mapcount handling") it was counted in
 * every page, too, if PG_double_map or the kind of page says so.
 */
#include "probe.h"

#ifdef FORM_MAPCOUNT_LARGE
PROBE_TYPE(((struct folio *)0)->_large_mapcount, atomic_t);
#endif

#ifdef FORM_MAPCOUNT_ENTIRE
PROBE_TYPE(((struct folio *)0)->_entire_mapcount, atomic_t);
#endif

#ifdef FORM_MAPCOUNT_DOUBLE
PROBE_TYPE(&compound_mapcount_ptr, atomic_t *(*)(struct page *));

static inline unsigned long probe(void)
{
	return BIT(PG_double_map);
}
#endif

#ifdef FORM_MAPCOUNT_COMPOUND
PROBE_TYPE(&compound_mapcount_ptr, atomic_t *(*)(struct page *));
#endif
