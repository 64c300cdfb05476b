/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages on their way back to the kernel. */
#ifndef CMA_BULK_RELEASE_H
#define CMA_BULK_RELEASE_H

#include <linux/types.h>

#include "pages.h"

struct cma_bulk_region;
struct page;

int cb_release_init(struct cma_bulk_region *region);
void cb_release_exit(struct cma_bulk_region *region);
size_t cb_release(struct cma_bulk_region *region, unsigned int order,
		  struct page **pages, size_t nr, enum cb_page_state from);
void cb_release_deferred(void);

#endif
