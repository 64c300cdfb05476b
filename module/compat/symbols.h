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
#include <linux/pageblock-flags.h>
#include <linux/swap.h>

struct cb_symbols {
	typeof(&cma_for_each_area) for_each_area;
	typeof(&cma_get_base) get_base;
	typeof(&cma_get_size) get_size;
	typeof(&cma_get_name) get_name;
	typeof(&cma_alloc) alloc;
	typeof(&cma_release) release;
	typeof(&lru_add_drain_all) drain;
};

extern struct cb_symbols cb_symbols;

void cb_symbols_init(void);
bool cb_symbols_have_areas(void);
bool cb_symbols_have_cma_alloc(void);
bool cb_pageblock_is_cma(struct page *page);
bool cb_pageblock_type_known(void);

#endif
