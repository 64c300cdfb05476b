// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scan: struct page, read without locks, as samples for the core.
 *
 * It is a hint. Pages change while it looks, so it copies what it needs, and
 * whatever it believes, alloc_contig_range() has the last word.
 */
#include <linux/mm.h>

#include "claims.h"
#include "compat/contig.h"
#include "compat/page.h"
#include "pages.h"
#include "region.h"
#include "sample.h"
#include "scan.h"

/* Pages of a scan between two offers to let others run. */
#define CB_SCAN_STEP	8192

/* Runs of one class, which most callbacks are glad to get as such. */
struct merge {
	cb_scan_fn fn;
	void *arg;
	unsigned long pfn;
	unsigned long nr;
	enum cb_class class;
};

static void merge_flush(struct merge *m)
{
	if (m->nr)
		m->fn(m->arg, m->pfn, m->nr, m->class);
	m->nr = 0;
}

static void merge_add(struct merge *m, unsigned long pfn, unsigned long nr,
		      enum cb_class class)
{
	if (m->nr && m->class == class) {
		m->nr += nr;
		return;
	}
	merge_flush(m);
	m->pfn = pfn;
	m->nr = nr;
	m->class = class;
}

/*
 * What the last page was, which decides its class: pages that lie beside each
 * other are mostly alike, and then the verdict is, too. Not for free memory and
 * folios, which are done in one step anyway.
 */
struct memo {
	unsigned long flags;
	unsigned long mapping;
	int type;
	int refs;
	enum cb_class class;
	bool valid;
};

/* From the table that samples are made by: equal flags, equal samples. */
#define MEMO_FLAGS	cb_sampled_mask()

/* Nothing of a mapping is looked at but its low bits, and that there is one. */
static unsigned long mapping_kind(struct page *page)
{
	unsigned long mapping = cb_page_mapping(page);

	return mapping ? (mapping & 3) | 4 : 0;
}

static bool memo_knows(const struct memo *memo, struct page *page)
{
	return memo->valid &&
	       (cb_page_flags(page) & MEMO_FLAGS) == memo->flags &&
	       atomic_read(&page->_mapcount) == memo->type &&
	       cb_page_refs(page) == memo->refs &&
	       mapping_kind(page) == memo->mapping && !PageTail(page);
}

/* Remember @page if it stands for itself and did not change meanwhile. */
static enum cb_class classify(struct memo *memo, unsigned long pfn,
			      unsigned int flags, unsigned long *nr)
{
	struct page *page = pfn_to_page(pfn);
	struct cb_sample s;

	*memo = (struct memo){
		.flags = cb_page_flags(page) & MEMO_FLAGS,
		.mapping = mapping_kind(page),
		.type = atomic_read(&page->_mapcount),
		.refs = cb_page_refs(page),
	};
	*nr = cb_page_sample(pfn, &s);
	memo->class = cb_classify(&s, flags & CB_SCAN_DRAINED, NULL);
	memo->valid = !s.order && !(s.flags & CB_S_BUDDY) &&
		      !(memo->flags & BIT(PG_head)) && s.refs == memo->refs;
	return memo->class;
}

/* The class of pages that are ours, by their state. */
static enum cb_class class_of(enum cb_page_state state)
{
	switch (state) {
	case CB_PAGE_GOING_BACK:
		/* Free in a moment: worth to wait for, like a claim. */
		return CB_CLAIMED;
	case CB_PAGE_LINGERING:
		return CB_BUSY;
	default:
		return CB_HELD;
	}
}

/*
 * Pages from @pfn on of which our own records say the same: that they are ours
 * or claimed, in @class, or nothing, and then @class is CB_FREE.
 */
static unsigned long own_run(struct cma_bulk_region *region, unsigned long pfn,
			     unsigned long end, unsigned int flags,
			     enum cb_class *class)
{
	unsigned long unit_end = ALIGN(pfn + 1, CB_UNIT_PAGES);
	enum cb_page_state state;
	unsigned long nr;

	nr = cb_pages_alike(region, pfn, min(end, unit_end) - pfn, &state);
	if (state != CB_PAGE_NOT_OURS)
		*class = class_of(state);
	else if (!(flags & CB_SCAN_OWN_CLAIM) &&
		 cb_unit_is_claimed(region, pfn))
		*class = CB_CLAIMED;
	else
		*class = CB_FREE;
	return nr;
}

/* Pages @pfn to @end, which are not ours. */
static void scan_pages(struct merge *m, unsigned long pfn, unsigned long end,
		       unsigned int flags)
{
	struct memo memo = { .valid = false };
	unsigned long nr, from;
	enum cb_class class;

	while (pfn < end) {
		from = pfn;
		while (pfn < end && memo_knows(&memo, pfn_to_page(pfn)))
			pfn++;
		if (pfn > from)
			merge_add(m, from, pfn - from, memo.class);
		if (pfn == end)
			return;
		class = classify(&memo, pfn, flags, &nr);
		nr = min(nr, end - pfn);
		merge_add(m, pfn, nr, class);
		pfn += nr;
	}
}

/**
 * cb_scan() - classify pages of a region
 * @region: the region
 * @pfn: first page
 * @nr: number of pages
 * @flags: CB_SCAN_DRAINED: LRU batches no longer explain a reference too many;
 *	CB_SCAN_OWN_CLAIM: the caller has claimed the pages itself
 * @fn: called for each run of pages of one class, in ascending order
 * @arg: its first argument
 *
 * Context: may sleep. Takes no lock: all that it finds is a hint.
 */
void cb_scan(struct cma_bulk_region *region, unsigned long pfn,
	     unsigned long nr, unsigned int flags, cb_scan_fn fn, void *arg)
{
	struct merge m = { .fn = fn, .arg = arg };
	unsigned long end = pfn + nr, pause = pfn + CB_SCAN_STEP;
	enum cb_class class;

	while (pfn < end) {
		nr = own_run(region, pfn, end, flags, &class);
		if (class == CB_FREE)
			scan_pages(&m, pfn, pfn + nr, flags);
		else
			merge_add(&m, pfn, nr, class);
		pfn += nr;
		if (pfn >= pause) {
			pause = pfn + CB_SCAN_STEP;
			cond_resched();
		}
	}
	merge_flush(&m);
}
