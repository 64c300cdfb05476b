// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: address_space_operations.dirty_folio
 *
 * It took the place of set_page_dirty in 5.18 (6f31a5a261db "fs: Add
 * aops->dirty_folio").
 */
#include "pinner_probe.h"

#ifdef FORM_DIRTY_FOLIO
static const struct address_space_operations probe = {
	.dirty_folio = noop_dirty_folio,
};
#endif

#ifdef FORM_DIRTY_PAGE
PROBE_TYPE(((const struct address_space_operations *)0)->set_page_dirty,
	   int (*)(struct page *));
#endif
