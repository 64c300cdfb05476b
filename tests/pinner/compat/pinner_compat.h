/* SPDX-License-Identifier: GPL-2.0-only */
/* Differences between kernels that the test module cma_bulk_pinner meets. */
#ifndef CMA_BULK_PINNER_COMPAT_H
#define CMA_BULK_PINNER_COMPAT_H

#include <linux/cma.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/page-flags.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>

#include <cma_bulk_pinner_probed.h>

#if defined(CONFIG_HMM_MIRROR) && defined(CONFIG_MMU_NOTIFIER)
#define CMA_BULK_HAVE_MIRROR
#endif

#ifdef CMA_BULK_HAVE_KMAP_LOCAL
#define cbp_kmap		kmap_local_page
#define cbp_kunmap		kunmap_local
#else
#define cbp_kmap		kmap_atomic
#define cbp_kunmap		kunmap_atomic
#endif

/* Both are integers: the wrong one would compile. */
#ifdef CMA_BULK_HAVE_CONTIG_ACR_FLAGS
#define CBP_CONTIG_CMA		ACR_FLAGS_CMA
#else
#define CBP_CONTIG_CMA		MIGRATE_CMA
#endif

/**
 * cbp_alloc_contig() - take a range of pages of a CMA region out of the kernel
 * @pfn: first page
 * @nr: number of pages
 *
 * Context: sleeps; migrates pages, drains every CPU.
 * Return: 0 with every page of the range at reference count 1, or a negative
 * errno.
 */
static inline int cbp_alloc_contig(unsigned long pfn, unsigned long nr)
{
	return alloc_contig_range(pfn, pfn + nr, CBP_CONTIG_CMA,
				  GFP_KERNEL | __GFP_NOWARN);
}

/*
 * The largest free block that alloc_contig_range() takes as a whole. Regions begin
 * and end with one. Since commit b2c9e2fbba32 it is a pageblock.
 */
#ifdef CMA_MIN_ALIGNMENT_PAGES
#define CBP_BLOCK_PAGES		CMA_MIN_ALIGNMENT_PAGES
#else
#define CBP_BLOCK_PAGES \
	max_t(unsigned long, pageblock_nr_pages, MAX_ORDER_NR_PAGES)
#endif

#ifdef CMA_BULK_HAVE_PAGE_FLAGS_MEMDESC
#define cbp_page_flags(page)	READ_ONCE((page)->flags.f)
#else
#define cbp_page_flags(page)	READ_ONCE((page)->flags)
#endif

/*
 * Is this page itself marked as on an LRU list? PageLRU() would look at the
 * head page; the caller may hold no reference, so nothing is followed.
 */
static inline bool cbp_lru_flag(struct page *page)
{
	return cbp_page_flags(page) & BIT(PG_lru);
}

/*
 * What this task allocates until restored is not taken from CMA: what GUP
 * itself uses to move a page out before a longterm pin.
 */
#ifdef CMA_BULK_HAVE_SCOPE_PIN
#define cbp_nocma_save()		memalloc_pin_save()
#define cbp_nocma_restore(flags)	memalloc_pin_restore(flags)
#else
#define cbp_nocma_save()		memalloc_nocma_save()
#define cbp_nocma_restore(flags)	memalloc_nocma_restore(flags)
#endif

/*
 * The type of a page's pageblock, from the bitmap: the functions that read it
 * are exported nowhere, the structures are public everywhere. A pageblock has
 * 4 bits, since 6.16 8, of which the first 3 are the type.
 */
static inline unsigned int cbp_pageblock_type(unsigned long pfn)
{
	unsigned long *map, bit;

#ifdef CONFIG_SPARSEMEM
	map = section_to_usemap(__pfn_to_section(pfn));
	bit = pfn & (PAGES_PER_SECTION - 1);
#else
	struct zone *zone = page_zone(pfn_to_page(pfn));

	map = zone->pageblock_flags;
	bit = pfn - round_down(zone->zone_start_pfn, pageblock_nr_pages);
#endif
	bit = (bit >> pageblock_order) * NR_PAGEBLOCK_BITS;
	return READ_ONCE(map[bit / BITS_PER_LONG]) >> (bit % BITS_PER_LONG) & 7;
}

/**
 * cbp_in_cma() - does a page lie in a CMA area?
 * @pfn: a valid page frame number
 *
 * Before 6.16 the mark for "isolated" replaces the type of a pageblock while
 * alloc_contig_range() works on it. GUP refuses such pages for longterm pins as
 * it does those of CMA, and so does this module.
 *
 * Context: any.
 * Return: true if it does, or may.
 */
static inline bool cbp_in_cma(unsigned long pfn)
{
	unsigned int type = cbp_pageblock_type(pfn);

	return type == MIGRATE_CMA || type == MIGRATE_ISOLATE;
}

#ifdef CMA_BULK_HAVE_FOLIO

static inline bool cbp_try_get(struct page *page)
{
	struct folio *folio = page_folio(page);

	if (!folio_try_get(folio))
		return false;
	/* It may have been split, freed or reused before the reference. */
	if (page_folio(page) == folio)
		return true;
	folio_put(folio);
	return false;
}

/* The rest is for pages that the caller holds a reference to. */
static inline bool cbp_on_lru(struct page *page)
{
	return folio_test_lru(page_folio(page));
}

static inline bool cbp_anon(struct page *page)
{
	return folio_test_anon(page_folio(page));
}

static inline bool cbp_owned(struct page *page)
{
	return READ_ONCE(page_folio(page)->mapping) ||
	       folio_test_swapcache(page_folio(page)) ||
	       folio_test_hugetlb(page_folio(page));
}

static inline bool cbp_dma_pinned(struct page *page)
{
	return folio_maybe_dma_pinned(page_folio(page));
}

static inline void cbp_mark_for_cache(struct page *page)
{
	folio_mark_uptodate(page_folio(page));
	folio_set_dirty(page_folio(page));
}

#else

static inline bool cbp_try_get(struct page *page)
{
	struct page *head = compound_head(page);

	if (!get_page_unless_zero(head))
		return false;
	if (compound_head(page) == head)
		return true;
	put_page(head);
	return false;
}

static inline bool cbp_on_lru(struct page *page)
{
	return PageLRU(compound_head(page));
}

static inline bool cbp_anon(struct page *page)
{
	return PageAnon(compound_head(page));
}

static inline bool cbp_owned(struct page *page)
{
	return READ_ONCE(compound_head(page)->mapping) || PageHuge(page);
}

static inline bool cbp_dma_pinned(struct page *page)
{
	return page_maybe_dma_pinned(page);
}

static inline void cbp_mark_for_cache(struct page *page)
{
	SetPageUptodate(page);
	SetPageDirty(page);
}

#endif

/*
 * References beyond those of page tables, page or swap cache and private data;
 * exact for a small page that is not being changed, a hint for any other.
 * Without the one count, folio_mapcount() walks over the folio, and is not
 * exported.
 */
#ifdef CMA_BULK_HAVE_MAPCOUNT_FOLIO
static inline long cbp_extra_refs(struct page *page)
{
	struct folio *folio = page_folio(page);
	long refs = folio_ref_count(folio) - folio_mapcount(folio);

	if (!folio_test_anon(folio))
		return refs - (folio->mapping ? folio_nr_pages(folio) : 0) -
		       folio_test_private(folio);
	return refs - (folio_test_swapcache(folio) ? folio_nr_pages(folio) : 0);
}
#else
static inline long cbp_extra_refs(struct page *page)
{
	struct page *head = compound_head(page);
	long refs = page_count(head) - page_mapcount(head);

	if (!PageAnon(head))
		return refs - !!READ_ONCE(head->mapping) - PagePrivate(head);
	return refs - PageSwapCache(head);
}
#endif

/*
 * Operations of a page cache that is memory only. Dirty pages without a way to
 * write them back are never reclaimed, so they are moved or stay.
 */
#ifdef CMA_BULK_HAVE_DIRTY_FOLIO
#define CBP_AOP_DIRTY	.dirty_folio = noop_dirty_folio
#else
static inline int cbp_set_page_dirty(struct page *page)
{
	return !PageDirty(page) && !TestSetPageDirty(page);
}

#define CBP_AOP_DIRTY	.set_page_dirty = cbp_set_page_dirty
#endif

#ifdef CMA_BULK_HAVE_MIGRATE_FOLIO
#define CBP_AOP_MIGRATE	.migrate_folio = migrate_folio
#else
#define CBP_AOP_MIGRATE	.migratepage = migrate_page
#endif

#endif
