/* SPDX-License-Identifier: GPL-2.0-only */
/* Which page of a region has which owner. */
#ifndef CMA_BULK_OWNERMAP_H
#define CMA_BULK_OWNERMAP_H

#include <linux/types.h>

#include "owners.h"

struct cma_bulk_region;

/* The most pages under the lock at a time, and with interrupts off. */
#define CB_OWNERS_PIECE	32768UL

void cb_owners_set(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr, u16 id);
void cb_owners_clear(struct cma_bulk_region *region, unsigned long pfn,
		     unsigned long nr);
void cb_owners_released(struct cma_bulk_region *region, unsigned long pfn,
			unsigned long nr);
void cb_owners_forget(struct cma_bulk_region *region, enum cb_owner_kind kind);
unsigned long cb_owners_alike(struct cma_bulk_region *region, unsigned long pfn,
			      unsigned long nr, struct cb_owner *owner);

#endif
