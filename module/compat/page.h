/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lockless reads of struct page. Each is a plain load of a copy that may be
 * stale or torn against the others; none follows a pointer that may be freed,
 * and none calls a helper that can BUG or WARN on a page in transition.
 */
#ifndef CMA_BULK_COMPAT_PAGE_H
#define CMA_BULK_COMPAT_PAGE_H

#include <linux/hugetlb.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/page-flags.h>

#include <cma_bulk_probed.h>

#ifdef CMA_BULK_HAVE_PAGE_FLAGS_MEMDESC
#define cb_page_flags(page)	READ_ONCE((page)->flags.f)
#else
#define cb_page_flags(page)	READ_ONCE((page)->flags)
#endif

/*
 * 6.8 renamed MAX_ORDER, whose meaning 6.4 had changed, to MAX_PAGE_ORDER. The
 * pages of that order have had the same name all along.
 */
#define CB_MAX_ORDER		ilog2(MAX_ORDER_NR_PAGES)

/* hugetlb folios may be larger: no level of page tables maps more than this. */
#define CB_MAX_HUGE_ORDER	(PUD_SHIFT - PAGE_SHIFT)

static inline long cb_page_refs(struct page *page)
{
	return atomic_read(&page->_refcount);
}

static inline unsigned long cb_page_mapping(struct page *page)
{
	return (unsigned long)READ_ONCE(page->mapping);
}

/* Slab was a flag before it became a page type. */
#ifdef CMA_BULK_HAVE_SLAB_FLAG
#define CB_PG_SLAB		BIT(PG_slab)
#else
#define CB_PG_SLAB		0UL
#endif

static inline bool cb_page_slab(struct page *head, unsigned long flags)
{
	return CB_PG_SLAB ? flags & CB_PG_SLAB : PageSlab(head);
}

/* The swap cache's flag, if there is swap. */
#ifdef CONFIG_SWAP
#define CB_PG_SWAPCACHE		BIT(PG_swapcache)
#else
#define CB_PG_SWAPCACHE		0UL
#endif

#ifdef CONFIG_MEMORY_FAILURE
#define CB_PG_HWPOISON		BIT(PG_hwpoison)
#else
#define CB_PG_HWPOISON		0UL
#endif

/*
 * File system data that holds a reference. Pages of the file system's cache
 * (PG_private_2) had one for as long as they were in it, and migration expected
 * it; with folios they have one only while they are written there, which
 * folio_migrate_mapping() does not expect.
 */
#ifdef CMA_BULK_HAVE_FOLIO_NONE
#define CB_PG_PRIVATE		(BIT(PG_private) | BIT(PG_private_2))
#else
#define CB_PG_PRIVATE		BIT(PG_private)
#endif

/* Any page type; the word that counts maps then says which. */
static inline bool cb_page_typed(struct page *page)
{
	return page_has_type(page);
}

/* A flag and a page type, or two low bits of the mapping. */
#ifdef CMA_BULK_HAVE_MOVABLE_TYPE
#define CB_MAPPING_ANON		FOLIO_MAPPING_ANON
#define CB_PG_MOVABLE_OPS	BIT(PG_movable_ops)
#else
#define CB_MAPPING_ANON		PAGE_MAPPING_ANON
#define CB_PG_MOVABLE_OPS	0UL
#endif

/* A driver's page with migration callbacks: zsmalloc, balloon. */
static inline bool cb_page_movable_ops(struct page *page, unsigned long mapping)
{
#ifdef CMA_BULK_HAVE_MOVABLE_TYPE
	return page_has_movable_ops(page);
#else
	return (mapping & PAGE_MAPPING_FLAGS) == PAGE_MAPPING_MOVABLE;
#endif
}

#ifdef CMA_BULK_HAVE_MAPCOUNT_ENTIRE
#define CB_WHOLE_MAPCOUNT(head)	(&((struct folio *)(head))->_entire_mapcount)
#else
#define CB_WHOLE_MAPCOUNT(head)	compound_mapcount_ptr(head)
#endif

/*
 * Page table entries that map any page of a folio. Without a count of all of
 * them that takes a walk over the folio, as folio_mapcount() does, which is not
 * exported then: pages mapped one by one, and the folio mapped whole. With
 * PG_double_map a file's folio mapped whole counts in every page too, and so
 * does an anonymous one that is mapped both ways.
 */
static inline long cb_folio_maps(struct page *head, unsigned int order,
				 unsigned long mapping)
{
	long maps = atomic_read(&head->_mapcount) + 1;

	if (!order)
		return maps;
#ifdef CMA_BULK_HAVE_MAPCOUNT_LARGE
	return atomic_read(&((struct folio *)head)->_large_mapcount) + 1;
#else
	{
		long whole = atomic_read(CB_WHOLE_MAPCOUNT(head)) + 1;
		long i, nr = 1L << order;

		for (i = 1; i < nr; i++)
			maps += atomic_read(&head[i]._mapcount) + 1;
#ifdef CMA_BULK_HAVE_MAPCOUNT_DOUBLE
		if (!(mapping & CB_MAPPING_ANON))
			maps -= whole * nr;
		else if (cb_page_flags(&head[1]) & BIT(PG_double_map))
			maps -= nr;
#endif
		return maps + whole;
	}
#endif
}

/*
 * Isolation in a kernel without folios takes the maps of the first page for
 * those of an anonymous folio, and skips it if it has more references than that.
 * 6.2 counts all maps (829ae0f81ce0 "mm: migrate: fix THP's mapcount on
 * isolation"), stable kernels with folios have that, too.
 */
static inline bool cb_maps_look_pinned(struct page *head, long maps)
{
#ifdef CMA_BULK_HAVE_FOLIO_NONE
	/* page_mapcount(), which asserts what may change meanwhile. */
	long first = atomic_read(&head->_mapcount) + 1 +
		     atomic_read(CB_WHOLE_MAPCOUNT(head)) + 1;

	if (cb_page_flags(&head[1]) & BIT(PG_double_map))
		first--;
	return maps > first;
#else
	return false;
#endif
}

/* hugetlb folios are mapped whole. */
static inline long cb_hugetlb_maps(struct page *head)
{
#ifdef CMA_BULK_HAVE_MAPCOUNT_LARGE
	return atomic_read(&((struct folio *)head)->_large_mapcount) + 1;
#else
	return atomic_read(CB_WHOLE_MAPCOUNT(head)) + 1;
#endif
}

/* Can alloc_contig_range() move a hugetlb folio, or replace one of the pool? */
static inline bool cb_hugetlb_moves(unsigned int order, long refs)
{
#ifdef CMA_BULK_HAVE_HUGETLB_STUCK
	return false;
#else
	if (order > CB_MAX_ORDER)
		return false;
	return refs <= 0 || IS_ENABLED(CONFIG_ARCH_ENABLE_HUGEPAGE_MIGRATION);
#endif
}

/* What the page cache holds of a hugetlb folio: one reference, or one a page. */
#ifdef CMA_BULK_HAVE_HUGETLB_CACHE_ONE
#define CB_CACHE_OF_HUGETLB	CB_S_CACHE_ONE
#else
#define CB_CACHE_OF_HUGETLB	0
#endif

/* FOLL_PIN of a large folio is counted apart; of a small one, in its refs. */
static inline long cb_folio_pins(struct page *head, unsigned int order)
{
#ifdef CMA_BULK_HAVE_PINCOUNT_FOLIO
	/* Where two pages have no room for it, it is in the third. */
	if (order < (IS_ENABLED(CONFIG_64BIT) ? 1 : 2))
		return 0;
	return atomic_read(&((struct folio *)head)->_pincount);
#else
	if (order < 2)
		return 0;
	return atomic_read(compound_pincount_ptr(head));
#endif
}

#endif
