// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads one struct page, without locks, into a sample for the core.
 *
 * It is a hint. The page changes while it is read, so everything that is needed
 * is copied once, and no pointer of the page is followed but that to the head of
 * its folio, which is a struct page whatever becomes of it.
 */
#include <linux/mm.h>

#include "compat/page.h"
#include "sample.h"

/* Free memory: the order of the buddy, if it can be true. */
static unsigned int buddy_order(struct page *page, unsigned long pfn)
{
	unsigned long order = READ_ONCE(page->private);

	/* The page may have been allocated since: its private is anything. */
	if (order > CB_MAX_ORDER || pfn & ((1UL << order) - 1))
		return 0;
	return PageBuddy(page) ? order : 0;
}

static unsigned int sample_flags(struct page *head, unsigned long flags,
				 unsigned long mapping)
{
	unsigned int i, s = 0;

	for (i = 0; i < ARRAY_SIZE(cb_sampled_flags); i++)
		if (flags & cb_sampled_flags[i].pg)
			s |= cb_sampled_flags[i].s;
	/* PG_swapcache shares its bit with a flag of file systems. */
	if (!(s & CB_S_SWAPBACKED))
		s &= ~CB_S_SWAPCACHE;
	if (cb_page_movable_ops(head, mapping))
		s |= CB_S_MOVABLE;
	else if (mapping & CB_MAPPING_ANON)
		s |= CB_S_ANON;
	else if (mapping)
		s |= CB_S_FILE;
	return s;
}

/* The page's type, which shares a word with the count of its maps. */
static unsigned int sample_type(struct page *head, unsigned long flags)
{
	if (cb_page_slab(head, flags))
		return CB_S_SLAB;
	if (!cb_page_typed(head))
		return 0;
	if (PageTable(head))
		return CB_S_PGTABLE;
	if (PageOffline(head))
		return CB_S_OFFLINE;
	return CB_S_TYPED;
}

/* Is @pfn in a folio of @order at @head, as far as can be told? */
static bool in_folio(unsigned long pfn, struct page *head, unsigned int order)
{
	unsigned long start = page_to_pfn(head);

	if (order > CB_MAX_ORDER &&
	    (order > CB_MAX_HUGE_ORDER || !PageHuge(head)))
		return false;
	return !(start & ((1UL << order) - 1)) && pfn - start < 1UL << order;
}

/* What the page tells of the folio of which it is the head. */
static void sample_folio(struct page *head, struct cb_sample *s)
{
	unsigned long flags = cb_page_flags(head);
	unsigned long mapping = cb_page_mapping(head);

	s->refs = cb_page_refs(head);
	s->flags = sample_flags(head, flags, mapping);
	if (s->order && PageHuge(head)) {
		s->flags |= CB_S_HUGETLB | CB_CACHE_OF_HUGETLB;
		if (!cb_hugetlb_moves(s->order, s->refs))
			s->flags |= CB_S_STUCK;
		s->maps = cb_hugetlb_maps(head);
	} else {
		s->flags |= sample_type(head, flags);
		if (!(s->flags & CB_S_ANY_TYPE))
			s->maps = cb_folio_maps(head, s->order, mapping);
		if (s->order && s->flags & CB_S_ANON &&
		    !(s->flags & CB_S_SWAPCACHE) &&
		    cb_maps_look_pinned(head, s->maps))
			s->flags |= CB_S_STUCK;
	}
	if (s->order)
		s->pins = cb_folio_pins(head, s->order);
}

/**
 * cb_page_sample() - copy what matters of a page
 * @pfn: the page, which must have a struct page
 * @s: filled in
 *
 * Context: any; takes no lock.
 *
 * Return: how many pages from @pfn on share the sample, at least 1: the rest
 * of a free buddy or of a folio.
 */
unsigned long cb_page_sample(unsigned long pfn, struct cb_sample *s)
{
	struct page *page = pfn_to_page(pfn), *head;

	*s = (struct cb_sample){ .flags = 0 };
	if (PageBuddy(page)) {
		s->refs = cb_page_refs(page);
		s->flags = CB_S_BUDDY;
		if (cb_page_flags(page) & CB_PG_HWPOISON)
			s->flags |= CB_S_HWPOISON;
		s->order = buddy_order(page, pfn);
		return 1UL << s->order;
	}

	head = compound_head(page);
	s->order = compound_order(head);
	if (!in_folio(pfn, head, s->order)) {
		/* It came apart while we looked: believe one page only. */
		s->order = 0;
		head = page;
		if (PageTail(page)) {
			s->refs = -1;
			s->flags = CB_S_TAIL;
			return 1;
		}
	}
	sample_folio(head, s);
	return page_to_pfn(head) + (1UL << s->order) - pfn;
}
