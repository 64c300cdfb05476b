// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a sample of struct page to a class: can the kernel empty this page,
 * at what cost, and if not, why not?
 *
 * The idea is the reference count. A page has a reference for every page
 * table entry that maps it, one for the page cache or the swap cache and one
 * for file system data. Whatever is above that is somebody who may be using
 * the page behind the back of migration, which then fails with -EAGAIN
 * (folio_migrate_mapping() compares the same two numbers).
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
};

/**
 * cb_reason_name() - the word that users see for a reason
 * @reason: the reason
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

/* References that the kernel accounts for when nobody else uses the page. */
static long expected_refs(const struct cb_sample *s)
{
	/* An order that cannot be makes the page suspect, not the shift wild. */
	long nr = s->order < 31 ? 1L << s->order : 1;
	long refs = s->maps;

	if (s->flags & CB_S_FILE)
		refs += nr;
	else if (s->flags & CB_S_SWAPCACHE)
		refs += nr;
	if (s->flags & CB_S_PRIVATE)
		refs++;
	return refs;
}

/* Pages that no address_space or anon_vma stands behind. */
static enum cb_class classify_unmapped(const struct cb_sample *s, int drained,
				       enum cb_reason *reason)
{
	/*
	 * A page that was truncated or unmapped while it sat in an LRU batch
	 * looks just like this, with the batch holding the last reference.
	 */
	if (!drained)
		return verdict(CB_REF, CB_R_UNKNOWN, reason);
	/*
	 * Only movable memory and cma_alloc() are served from a CMA pageblock,
	 * and what cma_alloc() hands out is bare: one reference, nothing else.
	 */
	if (s->refs == 1 && s->maps <= 0 && !(s->flags & CB_S_LRU))
		return verdict(CB_BUSY, CB_R_CMA_USER, reason);
	return verdict(CB_BUSY, CB_R_KERNEL, reason);
}

static enum cb_class classify_lru(const struct cb_sample *s, int drained,
				  enum cb_reason *reason)
{
	long extra = s->refs - expected_refs(s);

	if (s->flags & CB_S_WRITEBACK)
		return verdict(CB_WAIT, CB_R_WRITEBACK, reason);
	if (s->pins > 0)
		return verdict(CB_BUSY, CB_R_DMA_PINNED, reason);
	if (!(s->flags & CB_S_NOMAPS)) {
		if (extra >= CB_PIN_BIAS)
			return verdict(CB_BUSY, CB_R_DMA_PINNED, reason);
		if (extra > 0 && !(s->flags & CB_S_LOCKED))
			return verdict(drained ? CB_BUSY : CB_REF, CB_R_PINNED,
				       reason);
	}
	if (s->flags & CB_S_LOCKED)
		return verdict(CB_WAIT, CB_R_LOCKED, reason);
	if (s->flags & (CB_S_SWAPBACKED | CB_S_ANON))
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
 * Return: the class of the page.
 */
enum cb_class cb_classify(const struct cb_sample *s, int drained,
			  enum cb_reason *reason)
{
	if (s->flags & CB_S_RESERVED)
		return verdict(CB_BUSY, CB_R_RESERVED, reason);
	/* No reference: free, on a per-CPU list or on its way there. */
	if ((s->flags & CB_S_BUDDY) || s->refs <= 0)
		return verdict(CB_FREE, CB_R_NONE, reason);
	if (s->flags & CB_S_SLAB)
		return verdict(CB_BUSY, CB_R_SLAB, reason);
	if (s->flags & CB_S_PGTABLE)
		return verdict(CB_BUSY, CB_R_PAGETABLE, reason);
	/* alloc_contig_range() replaces a hugetlb page if it finds another. */
	if (s->flags & CB_S_HUGETLB)
		return verdict(CB_WAIT, CB_R_HUGETLB, reason);
	if (s->flags & CB_S_MOVABLE)
		return verdict(CB_COPY, CB_R_NONE, reason);
	if (s->flags & CB_S_TYPED)
		return verdict(CB_BUSY, CB_R_KERNEL, reason);
	if (!(s->flags & (CB_S_ANON | CB_S_FILE)))
		return classify_unmapped(s, drained, reason);
	return classify_lru(s, drained, reason);
}
