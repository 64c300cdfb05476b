/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that modules may not link to on every kernel we support. Each
 * pointer has the type of the kernel's own declaration, and probes/ knows these
 * types, so a prototype that changes ends the build; each may be NULL, and
 * whoever calls it says what it does then.
 */
#ifndef CMA_BULK_COMPAT_SYMBOLS_H
#define CMA_BULK_COMPAT_SYMBOLS_H

#include <linux/cma.h>
#include <linux/swap.h>

#include <cma_bulk_probed.h>

struct cb_symbols {
	typeof(&cma_for_each_area) for_each_area;
	typeof(&cma_get_base) get_base;
	typeof(&cma_get_size) get_size;
	typeof(&cma_get_name) get_name;
	typeof(&cma_alloc) alloc;
	typeof(&cma_release) release;
	typeof(&lru_add_drain_all) drain;
#ifdef CMA_BULK_HAVE_AREAS_OF_RANGES
	typeof(&cma_intersects) intersects;
#endif
};

extern struct cb_symbols cb_symbols;

void cb_symbols_init(void);
bool cb_symbols_have_areas(void);
bool cb_symbols_have_cma_alloc(void);

#endif
