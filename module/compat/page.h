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

/* Any page type; the word that counts maps then says which. */
static inline bool cb_page_typed(struct page *page)
{
	return page_has_type(page);
}

#ifdef CMA_BULK_HAVE_MOVABLE_TYPE
#define CB_MAPPING_ANON		FOLIO_MAPPING_ANON
#else
#define CB_MAPPING_ANON		PAGE_MAPPING_ANON
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
