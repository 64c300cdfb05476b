// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: isolation of hugetlb pages
 *
 * alloc_contig_range() moves those in use and replaces those of the pool since
 * 5.13 (369fa227c219 "mm: make alloc_contig_range handle free hugetlb pages",
 * ae37c7ff79f1 "mm: make alloc_contig_range handle in-use hugetlb pages"), with
 * isolate_or_dissolve_huge_page(). 6.15 made that isolate_or_dissolve_huge_folio().
 * Before, it passes hugetlb pages by, and fails.
 */
#include "probe.h"

#ifdef FORM_HUGETLB_FOLIO
PROBE_TYPE(&isolate_or_dissolve_huge_folio,
	   int (*)(struct folio *, struct list_head *));
#endif

#ifdef FORM_HUGETLB_PAGE
PROBE_TYPE(&isolate_or_dissolve_huge_page,
	   int (*)(struct page *, struct list_head *));
#endif

#ifdef FORM_HUGETLB_STUCK
/* Errors where there is a function of that name. */
static int isolate_or_dissolve_huge_page;
static int isolate_or_dissolve_huge_folio;

static inline int probe(struct page *page, struct list_head *list)
{
	return isolate_or_dissolve_huge_page + isolate_or_dissolve_huge_folio +
	       PageHuge(page);
}

PROBE_TYPE(&page_mapping, struct address_space *(*)(struct page *));
#endif
