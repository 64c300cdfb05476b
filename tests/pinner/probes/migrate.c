// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: address_space_operations.migrate_folio
 *
 * It took the place of migratepage in 6.0 (5490da4f06d1 "fs: Add
 * aops->migrate_folio").
 */
#include "pinner_probe.h"

#ifdef FORM_MIGRATE_FOLIO
static const struct address_space_operations probe = {
	.migrate_folio = migrate_folio,
};
#endif

#ifdef FORM_MIGRATE_PAGE
static const struct address_space_operations probe = {
	.migratepage = migrate_page,
};
#endif
