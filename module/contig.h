/* SPDX-License-Identifier: GPL-2.0-only */
/* The calls that take pages out of the kernel. */
#ifndef CMA_BULK_CONTIG_H
#define CMA_BULK_CONTIG_H

#include <linux/types.h>

struct cb_patience;
struct cma_bulk_region;
struct page;

int cb_contig_take(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr, bool free,
		   const struct cb_patience *patience);
int cb_contig_empty(struct cma_bulk_region *region, unsigned long pfn,
		    unsigned long nr, const struct cb_patience *patience);
int cb_contig_take_from_cma(struct cma_bulk_region *region, unsigned long nr,
			    unsigned int align,
			    const struct cb_patience *patience,
			    struct page **page);

#endif
