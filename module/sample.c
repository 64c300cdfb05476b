// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads one struct page, without locks, into a sample for the core.
 *
 * It is a hint. The page changes while it is read, so everything that is needed
 * is copied once, and no pointer of the page is followed.
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
	static const struct {
		unsigned int pg;
		unsigned int s;
	} map[] = {
		{ PG_lru, CB_S_LRU },
		{ PG_locked, CB_S_LOCKED },
		{ PG_writeback, CB_S_WRITEBACK },
		{ PG_dirty, CB_S_DIRTY },
		{ PG_swapbacked, CB_S_SWAPBACKED },
		{ PG_private, CB_S_PRIVATE },
		{ PG_private_2, CB_S_PRIVATE },
		{ PG_reserved, CB_S_RESERVED },
	};
	unsigned int i, s = 0;

	for (i = 0; i < ARRAY_SIZE(map); i++)
		if (flags & BIT(map[i].pg))
			s |= map[i].s;
	if (cb_page_movable_ops(head, mapping))
		s |= CB_S_MOVABLE;
	else if (mapping & CB_MAPPING_ANON)
		s |= CB_S_ANON;
	else if (mapping)
		s |= CB_S_FILE;
	/* PG_swapcache shares its bit with a flag of file systems. */
	if (flags & BIT(PG_swapbacked) && flags & CB_PG_SWAPCACHE)
		s |= CB_S_SWAPCACHE;
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
	return CB_S_TYPED;
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
	unsigned long flags, mapping, head_pfn;

	*s = (struct cb_sample){ .refs = cb_page_refs(page) };
	if (PageBuddy(page)) {
		s->flags = CB_S_BUDDY;
		s->order = buddy_order(page, pfn);
		return 1UL << s->order;
	}

	head = compound_head(page);
	head_pfn = page_to_pfn(head);
	flags = cb_page_flags(head);
	if (flags & BIT(PG_head))
		s->order = compound_order(head);
	/* A folio that came apart while we looked: believe one page only. */
	if (s->order > CB_MAX_ORDER || head_pfn > pfn ||
	    head_pfn + (1UL << s->order) <= pfn) {
		s->order = 0;
		head_pfn = pfn;
		head = page;
		flags = cb_page_flags(head);
	}
	mapping = cb_page_mapping(head);
	s->refs = cb_page_refs(head);
	s->flags = sample_type(head, flags);
	if (!s->flags)
		s->maps = cb_folio_maps(head, s->order, mapping);
	s->flags |= sample_flags(head, flags, mapping);
	if (s->order) {
		s->pins = cb_folio_pins(head, s->order);
		if (PageHuge(head))
			s->flags |= CB_S_HUGETLB;
	}
	return head_pfn + (1UL << s->order) - pfn;
}
