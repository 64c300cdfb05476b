// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a sample of struct page to a class: can the kernel empty this page, at
 * what cost, and if not, why not?
 *
 * These are the questions that alloc_contig_range() asks, in its order. Below,
 * "5.10", "6.1", "6.12" and "7.2" are the kernels whose sources were read.
 *
 * 1. Is the page free? test_pages_isolated() accepts PageBuddy() pages and
 *    nothing else; pages on the per-CPU lists get there, because every call
 *    drains these lists. Such a page has no reference, no type, no mapping, is
 *    on no LRU list and part of no folio. A count of zero alone says little:
 *    tails of folios have it, free hugetlb folios, poisoned pages that were
 *    freed, folios that are frozen for a moment and, since 6.14 or so, slabs.
 *    Poisoned and offline pages are accepted for memory offlining only.
 *
 * 2. Can the page be isolated? isolate_migratepages_block() takes
 *    - folios on an LRU list, unevictable ones (mlock) included;
 *    - pages with movable_ops (zsmalloc, balloon), by isolate_movable_page()
 *      or, since 6.17, isolate_movable_ops_page();
 *    - hugetlb folios, since 5.13: those in use (ae37c7ff79f1 "mm: make
 *      alloc_contig_range handle in-use hugetlb pages") and those in the pool,
 *      for which a new folio is allocated first (369fa227c219 "mm: make
 *      alloc_contig_range handle free hugetlb pages"; since 6.14 also
 *      replace_free_hugepage_folios(), 04f13d241b8b). Gigantic ones are refused
 *      with -ENOMEM by isolate_or_dissolve_huge_page() of every kernel, and
 *      5.10 never isolates a hugetlb page.
 *    has_unmovable_pages() does not object in a CMA pageblock; what it would
 *    find is met here, one by one.
 *
 * 3. Are its references the expected ones? Isolation skips a folio without a
 *    mapping that has more references than maps (119d6d59dcc0 "mm, compaction:
 *    avoid isolating pinned pages"), and folio_migrate_mapping() returns -EAGAIN
 *    unless the count is folio_expected_ref_count() (6.12, 7.2; before,
 *    folio_expected_refs() and expected_page_refs()): one per map, one per page
 *    for the swap cache, one per page for the page cache and one for
 *    PG_private of a file's folio. Whatever is above that may be used behind
 *    the back of migration. A folio of the swap cache needs neither an anon_vma
 *    nor an address_space: after readahead nothing maps it yet, and swap
 *    entries of shmem have no mapping at all.
 *
 *    Only 5.10 compared the count with the maps of the folio's first page, so
 *    that an anonymous folio which is mapped page by page looks pinned there
 *    (829ae0f81ce0 "mm: migrate: fix THP's mapcount on isolation").
 *
 * What a page cannot tell without following its pointers is not asked: buffers
 * of a file system that are busy, and mappings that refuse migration (secretmem
 * and guest_memfd, which do not allocate from CMA).
 */
#include "classify.h"

/* GUP_PIN_COUNTING_BIAS: what one FOLL_PIN adds to the count of a small page */
#define CB_PIN_BIAS	1024

static const char *const reason_name[CB_NR_REASONS] = {
	[CB_R_NONE]		= "none",
	[CB_R_PINNED]		= "pinned",
	[CB_R_DMA_PINNED]	= "dma_pinned",
	[CB_R_WRITEBACK]	= "writeback",
	[CB_R_LOCKED]		= "locked",
	[CB_R_KERNEL]		= "kernel",
	[CB_R_SLAB]		= "slab",
	[CB_R_PAGETABLE]	= "pagetable",
	[CB_R_RESERVED]		= "reserved",
	[CB_R_HUGETLB]		= "hugetlb",
	[CB_R_CMA_USER]		= "cma_user",
	[CB_R_UNKNOWN]		= "unknown",
	[CB_R_LINGERING]	= "lingering",
	[CB_R_HWPOISON]		= "hwpoison",
	[CB_R_OFFLINE]		= "offline",
	[CB_R_SPLIT_THP]	= "split_thp",
	[CB_R_ISOLATED]		= "isolated",
	[CB_R_CLAIMED]		= "claimed",
};

/* What a folio belongs to: an anon_vma, an address_space or the swap cache. */
#define CB_S_OWNED	(CB_S_ANON | CB_S_FILE | CB_S_SWAPCACHE)

/**
 * cb_reason_name() - the word that users see for a reason
 * @reason: the reason
 *
 * Context: any.
 *
 * Return: a constant string, "unknown" for a number that is no reason.
 */
const char *cb_reason_name(enum cb_reason reason)
{
	if ((unsigned int)reason >= CB_NR_REASONS)
		return reason_name[CB_R_UNKNOWN];
	return reason_name[reason];
}

static enum cb_class verdict(enum cb_class class, enum cb_reason why,
			     enum cb_reason *reason)
{
	if (reason)
		*reason = why;
	return class;
}

/* Blocks for sure once LRU batches are ruled out as the explanation. */
static enum cb_class suspect(int drained, enum cb_reason why,
			     enum cb_reason *reason)
{
	return verdict(drained ? CB_BUSY : CB_REF, why, reason);
}

/* Question 1, for a page that is not in the buddy lists and has no type. */
static int is_free(const struct cb_sample *s)
{
	return s->refs <= 0 && !s->order &&
	       !(s->flags & (CB_S_TAIL | CB_S_LRU | CB_S_OWNED));
}

/**
 * cb_extra_refs() - references above those that the kernel accounts for
 * @s: the sample of a page in use; any mixture of values is safe
 *
 * Context: any.
 *
 * Return: their number, question 3; may be negative, for a page in transition.
 */
long cb_extra_refs(const struct cb_sample *s)
{
	/* An order that cannot be makes the page suspect, not the shift wild. */
	long nr = s->order < 31 ? 1L << s->order : 1;
	long expected = s->maps;

	if (s->flags & CB_S_SWAPCACHE)
		expected += nr;
	if (s->flags & CB_S_FILE) {
		expected += s->flags & CB_S_CACHE_ONE ? 1 : nr;
		expected += !!(s->flags & CB_S_PRIVATE);
	}
	return s->refs - expected;
}

static int dma_pinned(const struct cb_sample *s)
{
	return s->pins > 0 || cb_extra_refs(s) >= CB_PIN_BIAS;
}

static enum cb_class classify_hugetlb(const struct cb_sample *s, int drained,
				      enum cb_reason *reason)
{
	if (s->flags & CB_S_STUCK)
		return verdict(CB_BUSY, CB_R_HUGETLB, reason);
	/* In the pool: not free, the pool gets another one for it. */
	if (s->refs > 0) {
		if (dma_pinned(s))
			return verdict(CB_BUSY, CB_R_DMA_PINNED, reason);
		if (cb_extra_refs(s) > 0 && !(s->flags & CB_S_LOCKED))
			return suspect(drained, CB_R_PINNED, reason);
	}
	return verdict(CB_WAIT, CB_R_HUGETLB, reason);
}

/* A driver's page with movable_ops: one reference, the driver's own. */
static enum cb_class classify_movable(const struct cb_sample *s, int drained,
				      enum cb_reason *reason)
{
	if (s->refs > 1)
		return suspect(drained, CB_R_PINNED, reason);
	return verdict(CB_COPY, CB_R_NONE, reason);
}

/*
 * Not on an LRU list, so that it cannot be isolated. It may be on its way there,
 * in a batch; or something has isolated it already: reclaim, another migration.
 */
static enum cb_class classify_off_lru(const struct cb_sample *s, int drained,
				      enum cb_reason *reason)
{
	if (s->flags & CB_S_OWNED) {
		if (dma_pinned(s))
			return verdict(CB_BUSY, CB_R_DMA_PINNED, reason);
		if (s->flags & CB_S_WRITEBACK)
			return verdict(CB_WAIT, CB_R_WRITEBACK, reason);
		if (s->flags & CB_S_LOCKED)
			return verdict(CB_WAIT, CB_R_LOCKED, reason);
	}
	if (!drained)
		return verdict(CB_REF, CB_R_UNKNOWN, reason);
	if (s->flags & CB_S_OWNED && cb_extra_refs(s) > 0)
		return verdict(CB_BUSY, CB_R_PINNED, reason);
	/*
	 * Only movable memory and cma_alloc() are served from a CMA pageblock,
	 * and what cma_alloc() hands out is bare: one reference, nothing else.
	 */
	if (s->refs == 1 && s->maps <= 0 &&
	    !(s->flags & (CB_S_OWNED | CB_S_TAIL)))
		return verdict(CB_BUSY, CB_R_CMA_USER, reason);
	return verdict(CB_BUSY, CB_R_KERNEL, reason);
}

static enum cb_class classify_lru(const struct cb_sample *s, int drained,
				  enum cb_reason *reason)
{
	if (dma_pinned(s))
		return verdict(CB_BUSY, CB_R_DMA_PINNED, reason);
	if (s->flags & CB_S_STUCK)
		return verdict(CB_BUSY, CB_R_SPLIT_THP, reason);
	if (s->flags & CB_S_WRITEBACK)
		return verdict(CB_WAIT, CB_R_WRITEBACK, reason);
	if (s->flags & CB_S_LOCKED)
		return verdict(CB_WAIT, CB_R_LOCKED, reason);
	if (cb_extra_refs(s) > 0)
		return suspect(drained, CB_R_PINNED, reason);
	if (s->flags & (CB_S_SWAPBACKED | CB_S_ANON | CB_S_SWAPCACHE))
		return verdict(CB_COPY, CB_R_NONE, reason);
	if (s->flags & CB_S_DIRTY)
		return verdict(CB_DIRTY, CB_R_NONE, reason);
	return verdict(CB_CLEAN, CB_R_NONE, reason);
}

/**
 * cb_classify() - what can be done with a page
 * @s: the sample; any mixture of values is safe, pages change while read
 * @drained: LRU batches were drained since the page's references were last
 *	seen to be too many, so that an LRU batch no longer explains them
 * @reason: why the page blocks, CB_R_NONE if it does not; may be NULL
 *
 * Context: any.
 *
 * Return: the class of the page.
 */
enum cb_class cb_classify(const struct cb_sample *s, int drained,
			  enum cb_reason *reason)
{
	if (s->flags & CB_S_RESERVED)
		return verdict(CB_BUSY, CB_R_RESERVED, reason);
	if (s->flags & CB_S_HWPOISON)
		return verdict(CB_BUSY, CB_R_HWPOISON, reason);
	if (s->flags & CB_S_BUDDY)
		return verdict(CB_FREE, CB_R_NONE, reason);
	if (s->flags & CB_S_SLAB)
		return verdict(CB_BUSY, CB_R_SLAB, reason);
	if (s->flags & CB_S_PGTABLE)
		return verdict(CB_BUSY, CB_R_PAGETABLE, reason);
	if (s->flags & CB_S_HUGETLB)
		return classify_hugetlb(s, drained, reason);
	/* Those of balloons are of the type "offline", too. */
	if (s->flags & CB_S_MOVABLE)
		return classify_movable(s, drained, reason);
	if (s->flags & CB_S_OFFLINE)
		return verdict(CB_BUSY, CB_R_OFFLINE, reason);
	if (s->flags & CB_S_TYPED)
		return verdict(CB_BUSY, CB_R_KERNEL, reason);
	if (is_free(s))
		return verdict(CB_FREE, CB_R_NONE, reason);
	if (!(s->flags & CB_S_LRU))
		return classify_off_lru(s, drained, reason);
	return classify_lru(s, drained, reason);
}
