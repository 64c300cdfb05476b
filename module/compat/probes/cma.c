// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: cma_alloc()
 *
 * With cma_release() and the accessors of an area. Kernels before 7.1 export
 * none of them, and later ones not all, so these types are canaries for
 * pointers that are found by name: a caller converts its integers, and would
 * not notice a bool that became flags. 5.13 widened the counts (78fa51503fdb
 * "mm: use proper type for cma_[alloc|release]").
 */
#include "probe.h"

PROBE_TYPE(&cma_for_each_area,
	   int (*)(int (*)(struct cma *, void *), void *));
PROBE_TYPE(&cma_get_base, phys_addr_t (*)(const struct cma *));
PROBE_TYPE(&cma_get_size, unsigned long (*)(const struct cma *));
PROBE_TYPE(&cma_get_name, const char *(*)(const struct cma *));

#ifdef FORM_CMA_LONG
PROBE_TYPE(&cma_alloc, struct page *(*)(struct cma *, unsigned long,
					unsigned int, bool));
PROBE_TYPE(&cma_release, bool (*)(struct cma *, const struct page *,
				  unsigned long));
#endif

#ifdef FORM_CMA_INT
PROBE_TYPE(&cma_alloc, struct page *(*)(struct cma *, size_t,
					unsigned int, bool));
PROBE_TYPE(&cma_release, bool (*)(struct cma *, const struct page *,
				  unsigned int));
#endif
