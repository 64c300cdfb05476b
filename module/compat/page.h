/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lockless reads of struct page. Each is a plain load of a copy that may be
 * stale or torn against the others; none follows a pointer that may be freed,
 * and none calls a helper that can BUG or WARN on a page in transition.
 */
#ifndef CMA_BULK_COMPAT_PAGE_H
#define CMA_BULK_COMPAT_PAGE_H

#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/version.h>

/* 6.18 wrapped the word in memdesc_flags_t. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define cb_page_flags(page)	READ_ONCE((page)->flags.f)
#else
#define cb_page_flags(page)	READ_ONCE((page)->flags)
#endif

/* 6.8 renamed MAX_ORDER, whose meaning 6.4 had changed, to MAX_PAGE_ORDER. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
#define CB_MAX_ORDER		MAX_PAGE_ORDER
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define CB_MAX_ORDER		MAX_ORDER
#else
#define CB_MAX_ORDER		(MAX_ORDER - 1)
#endif

static inline long cb_page_refs(struct page *page)
{
	return atomic_read(&page->_refcount);
}

static inline unsigned long cb_page_mapping(struct page *page)
{
	return (unsigned long)READ_ONCE(page->mapping);
}

/* Slab became a page type in 6.10, before it was a flag. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define CB_PG_SLAB		0UL
#else
#define CB_PG_SLAB		BIT(PG_slab)
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

/*
 * 6.17 made a driver's movable pages a page type, and with that the low bits
 * of a mapping a matter of folios.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0)
#define CB_MAPPING_ANON		FOLIO_MAPPING_ANON
#else
#define CB_MAPPING_ANON		PAGE_MAPPING_ANON
#endif

/* A driver's page with migration callbacks: zsmalloc, balloon. */
static inline bool cb_page_movable_ops(struct page *page, unsigned long mapping)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0)
	return page_has_movable_ops(page);
#else
	return (mapping & PAGE_MAPPING_FLAGS) == PAGE_MAPPING_MOVABLE;
#endif
}

/*
 * Page table entries that map any page of a folio. Before 6.10 that takes a
 * walk over the folio, as folio_mapcount() does, which is not exported: pages
 * mapped one by one, and the folio mapped whole. Before 6.2 a file's folio
 * mapped whole counts in every page too, and so does an anonymous one that is
 * mapped both ways.
 */
static inline long cb_folio_maps(struct page *head, unsigned int order,
				 unsigned long mapping)
{
	long maps = atomic_read(&head->_mapcount) + 1;

	if (!order)
		return maps;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	return atomic_read(&((struct folio *)head)->_large_mapcount) + 1;
#else
	{
		long i, nr = 1L << order, whole;

		for (i = 1; i < nr; i++)
			maps += atomic_read(&head[i]._mapcount) + 1;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
		whole = atomic_read(&((struct folio *)head)->_entire_mapcount);
		return maps + whole + 1;
#else
		whole = atomic_read(compound_mapcount_ptr(head)) + 1;
		if (!(mapping & CB_MAPPING_ANON))
			maps -= whole * nr;
		else if (READ_ONCE(head[1].flags) & BIT(PG_double_map))
			maps -= nr;
		return maps + whole;
#endif
	}
#endif
}

/* FOLL_PIN of a large folio is counted apart; of a small one, in its refs. */
static inline long cb_folio_pins(struct page *head, unsigned int order)
{
	if (!order)
		return 0;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	return atomic_read(&((struct folio *)head)->_pincount);
#else
	if (order < 2)
		return 0;
	return atomic_read(compound_pincount_ptr(head));
#endif
}

#endif
