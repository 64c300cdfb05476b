/* SPDX-License-Identifier: GPL-2.0-only */
/* What the pinner asks of cma_bulk, while that is loaded. */
#ifndef CMA_BULK_PINNER_PRODUCT_H
#define CMA_BULK_PINNER_PRODUCT_H

#include <cma_bulk/cma_bulk.h>

struct pinner_product {
	typeof(&cma_bulk_region_get) region_get;
	typeof(&cma_bulk_region_put) region_put;
	typeof(&cma_bulk_region_base) region_base;
	typeof(&cma_bulk_region_size) region_size;
	typeof(&cma_bulk_exclude_begin) exclude_begin;
	typeof(&cma_bulk_exclude_try) exclude_try;
	typeof(&cma_bulk_exclude_end) exclude_end;
};

int pinner_product_init(void);
void pinner_product_exit(void);
const struct pinner_product *pinner_product_get(void);
void pinner_product_put(void);

#endif
