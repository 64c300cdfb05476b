// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: hugetlb pages in the page cache
 *
 * The cache holds one reference for each page of a folio; for a hugetlb folio
 * one only, until 6.7 (a08c7193e4f1 "mm/filemap: remove hugetlb special casing in
 * filemap.c", which brought filemap_lock_hugetlb_folio() and made
 * hugetlb_basepage_index() go).
 */
#include "probe.h"

#ifdef FORM_HUGETLB_CACHE_ALL
PROBE_TYPE(&filemap_lock_hugetlb_folio,
	   struct folio *(*)(struct hstate *, struct address_space *, pgoff_t));
#endif

#ifdef FORM_HUGETLB_CACHE_ONE
PROBE_TYPE(&hugetlb_basepage_index, pgoff_t (*)(struct page *));
#endif
