// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: struct folio
 *
 * There since 5.16 (7b230db3b8d3 "mm: Introduce struct folio"). What went with
 * it cannot be seen in headers: how isolation counts the maps of a large folio,
 * and whether migration expects a reference of PG_private_2.
 */
#include "probe.h"

#ifdef FORM_FOLIO_STRUCT
PROBE_TYPE(((struct folio *)0)->page, struct page);
#endif

#ifdef FORM_FOLIO_NONE
/* An error where there is one already. */
struct folio {
	int probe;
};

PROBE_TYPE(&page_mapping, struct address_space *(*)(struct page *));
#endif
