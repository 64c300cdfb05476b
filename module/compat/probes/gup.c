// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: get_user_pages()
 *
 * And the rest of its family, whose arguments are read from registers: in which
 * place is the array of pages? It has the same in all kernels. 6.5 took the array of
 * vmas away behind it (54d020692b34 "mm/gup: remove unused vmas parameter from
 * get_user_pages()", ca5e863233e8 for get_user_pages_remote(), 4c630f307455 for
 * pin_user_pages()); 6.4 and before have it in some.
 */
#include "probe.h"

/* The fast ones return an int, the others a long. */
PROBE_TYPE(&get_user_pages_fast,
	   int (*)(unsigned long, int, unsigned int, struct page **));
PROBE_TYPE(&pin_user_pages_fast,
	   int (*)(unsigned long, int, unsigned int, struct page **));
PROBE_TYPE(&get_user_pages_unlocked,
	   long (*)(unsigned long, unsigned long, struct page **,
		    unsigned int));
PROBE_TYPE(&pin_user_pages_unlocked,
	   long (*)(unsigned long, unsigned long, struct page **,
		    unsigned int));

#ifdef FORM_GUP_PAGES
PROBE_TYPE(&get_user_pages,
	   long (*)(unsigned long, unsigned long, unsigned int,
		    struct page **));
PROBE_TYPE(&pin_user_pages_remote,
	   long (*)(struct mm_struct *, unsigned long, unsigned long,
		    unsigned int, struct page **, int *));
#endif

#ifdef FORM_GUP_VMAS
PROBE_TYPE(&get_user_pages,
	   long (*)(unsigned long, unsigned long, unsigned int,
		    struct page **, struct vm_area_struct **));
PROBE_TYPE(&pin_user_pages_remote,
	   long (*)(struct mm_struct *, unsigned long, unsigned long,
		    unsigned int, struct page **, struct vm_area_struct **,
		    int *));
#endif
