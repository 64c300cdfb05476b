// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: page->mapping
 *
 * Its two low bits tell an anonymous page, KSM, and a driver's page that can be
 * migrated. 6.17 made the last a page type and the bits a matter of folios
 * ("mm: stop storing migration_ops in page->mapping", "mm: rename
 * PAGE_MAPPING_* to FOLIO_MAPPING_*").
 */
#include "probe.h"

#ifdef FORM_MOVABLE_TYPE
static inline unsigned long probe(struct page *page, unsigned long mapping)
{
	return page_has_movable_ops(page) && mapping & FOLIO_MAPPING_ANON;
}
#endif

#ifdef FORM_MOVABLE_MAPPING
static inline unsigned long probe(struct page *page, unsigned long mapping)
{
	return (mapping & PAGE_MAPPING_FLAGS) == PAGE_MAPPING_MOVABLE ||
	       mapping & PAGE_MAPPING_ANON;
}
#endif
