/* SPDX-License-Identifier: GPL-2.0-only */
/* Who has taken references to pages of a region, for DMA or for I/O. */
#ifndef CMA_BULK_PINS_H
#define CMA_BULK_PINS_H

#include <linux/types.h>

#include "owners.h"

struct cma_bulk_region;

/* What takes references to one page, that is remembered at a time. */
#define CB_PINS_OF_PAGE	4

/**
 * struct cb_pin - a reference that was taken to a page
 * @owner: a copy of what has taken it
 * @when: in ns of the monotonic clock
 * @id: number of its owner, to tell it from others; may be used anew later
 */
struct cb_pin {
	struct cb_owner owner;
	u64 when;
	u16 id;
};

int cb_pins_enable(struct cma_bulk_region *region);
void cb_pins_disable(struct cma_bulk_region *region);
void cb_pins_add(struct cma_bulk_region *region, unsigned long pfn, u16 id,
		 u64 since, unsigned int refs);
bool cb_pins_any(struct cma_bulk_region *region);
unsigned int cb_pins_read(struct cma_bulk_region *region, unsigned long pfn,
			  struct cb_pin pin[CB_PINS_OF_PAGE]);

#endif
