// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is in the way: the pages of a region that block at this moment, and what
 * can be told of them without getting into anybody's way oneself.
 */
#include <linux/bitmap.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "bits.h"
#include "blockers.h"
#include "claims.h"
#include "compat/contig.h"
#include "compat/page.h"
#include "compat/pageblock.h"
#include "drain.h"
#include "pages.h"
#include "region.h"
#include "sample.h"
#include "scan.h"
#include "units.h"

static const struct {
	unsigned int bit;
	const char *name;
} flag_names[] = {
	{ PG_locked, "locked" },
	{ PG_referenced, "referenced" },
	{ PG_uptodate, "uptodate" },
	{ PG_dirty, "dirty" },
	{ PG_lru, "lru" },
	{ PG_active, "active" },
	{ PG_workingset, "workingset" },
	{ PG_private, "private" },
	{ PG_private_2, "private_2" },
	{ PG_writeback, "writeback" },
	{ PG_head, "head" },
	{ PG_reclaim, "reclaim" },
	{ PG_swapbacked, "swapbacked" },
	{ PG_unevictable, "unevictable" },
	{ PG_mlocked, "mlocked" },
	{ PG_reserved, "reserved" },
};

static void note_blocker(void *arg, unsigned long pfn, unsigned long nr,
			 enum cb_class class)
{
	struct cb_blockers *b = arg;

	if (class >= CB_REF && class <= CB_BUSY)
		bitmap_set(b->suspect, pfn - b->region->base_pfn, nr);
	else if (class == CB_WAIT)
		bitmap_set(b->page, pfn - b->region->base_pfn, nr);
	else if (class == CB_CLAIMED)
		/* Not looked at; perhaps it can be at the second look. */
		bitmap_set(b->suspect, pfn - b->region->base_pfn, nr);
}

/*
 * A line for each unit of a run of pages with which another request works. Runs
 * come in ascending order, several of them may lie in a unit.
 */
static void note_claimed(struct cb_blockers *b, unsigned long pfn,
			 unsigned long nr)
{
	unsigned long end = pfn + nr;

	for (pfn = max(pfn, b->claimed_to); pfn < end; pfn = b->claimed_to) {
		__set_bit(pfn - b->region->base_pfn, b->page);
		__set_bit(pfn - b->region->base_pfn, b->claimed);
		b->claimed_to = ALIGN(pfn + 1, CB_UNIT_PAGES);
	}
}

/* Of pages that are ours, those that a request has which is still at work. */
static void note_in_flight(struct cb_blockers *b, unsigned long pfn,
			   unsigned long nr)
{
	enum cb_page_state state;
	unsigned long n;

	for (; nr; pfn += n, nr -= n) {
		n = cb_pages_alike(b->region, pfn, nr, &state);
		if (state == CB_PAGE_IN_FLIGHT)
			note_claimed(b, pfn, n);
	}
}

/*
 * A page that enters an LRU batch just after a drain looks pinned. It cannot
 * be in the same batch before and after another drain.
 */
static void confirm_blocker(void *arg, unsigned long pfn, unsigned long nr,
			    enum cb_class class)
{
	struct cb_blockers *b = arg;
	unsigned long pos = pfn - b->region->base_pfn, end = pos + nr;

	if (class == CB_WAIT)
		bitmap_set(b->page, pos, nr);
	else if (class == CB_CLAIMED)
		note_claimed(b, pfn, nr);
	else if (class == CB_HELD)
		note_in_flight(b, pfn, nr);
	if (class < CB_REF || class > CB_BUSY)
		return;
	for_each_set_bit_from(pos, b->suspect, end)
		__set_bit(pos, b->page);
}

/* A page from @pos to @end that stands for all of them, and blocks not itself. */
static void note_whole(struct cb_blockers *b, unsigned long *bits,
		       unsigned long pos, unsigned long end)
{
	pos = find_next_zero_bit(b->page, end, pos);
	if (pos == end)
		return;
	__set_bit(pos, b->page);
	__set_bit(pos, bits);
}

/* What blocks whole pageblocks. What a request of ours isolates is claimed. */
static void note_blocks(struct cb_blockers *b)
{
	unsigned long base = b->region->base_pfn, pos = 0, end;

	/* It keeps all off; where requests have claimed something, that is told. */
	if (cb_outside_works() && bitmap_empty(b->claimed, b->region->nr_pages))
		note_whole(b, b->claimed, 0, b->region->nr_pages);
	for (; pos < b->region->nr_pages; pos = end) {
		end = min(pos + pageblock_nr_pages, b->region->nr_pages);
		if (cb_pageblock_isolated(base + pos) &&
		    !cb_unit_is_claimed(b->region, base + pos))
			note_whole(b, b->isolated, pos, end);
		cond_resched();
	}
}

/* A gigantic page of hugetlb blocks as one: one line, not 262,144. */
static void join_gigantic(struct cb_blockers *b)
{
	unsigned long base = b->region->base_pfn, end = b->region->nr_pages;
	unsigned long pos = 0, nr;
	struct cb_sample s;

	while ((pos = find_next_bit(b->page, end, pos)) < end) {
		nr = min(cb_page_sample(base + pos, &s), end - pos);
		if (s.order > CB_MAX_ORDER && s.flags & CB_S_HUGETLB)
			bitmap_clear(b->page, pos + 1, nr - 1);
		else
			nr = 1;
		pos += nr;
		cond_resched();
	}
}

/**
 * cb_blockers_find() - find the pages that block
 * @b: filled in; cb_blockers_free() undoes it, also after an error
 * @region: the region
 *
 * Context: sleeps, without locks; drains the LRU batches of every CPU.
 *
 * Return: 0 or -ENOMEM.
 */
int cb_blockers_find(struct cb_blockers *b, struct cma_bulk_region *region)
{
	b->region = region;
	b->page = cb_bits_alloc(region->nr_pages);
	b->suspect = cb_bits_alloc(region->nr_pages);
	b->claimed = cb_bits_alloc(region->nr_pages);
	b->isolated = cb_bits_alloc(region->nr_pages);
	b->claimed_to = 0;
	if (!b->page || !b->suspect || !b->claimed || !b->isolated)
		return -ENOMEM;
	cb_drain_now(region);
	cb_scan(region, region->base_pfn, region->nr_pages, CB_SCAN_DRAINED,
		note_blocker, b);
	/*
	 * A reference that is taken only for a moment is none, either: it has
	 * been dropped when the CPU that took it is seen elsewhere.
	 */
	synchronize_rcu();
	cb_drain_now(region);
	cb_scan(region, region->base_pfn, region->nr_pages, CB_SCAN_DRAINED,
		confirm_blocker, b);
	join_gigantic(b);
	note_blocks(b);
	return 0;
}

/**
 * cb_blockers_free() - end of a list of blockers
 * @b: from cb_blockers_find()
 */
void cb_blockers_free(struct cb_blockers *b)
{
	kvfree(b->isolated);
	kvfree(b->claimed);
	kvfree(b->suspect);
	kvfree(b->page);
}

static void describe_flags(unsigned long flags, char *text, size_t size)
{
	size_t n = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flag_names); i++)
		if (flags & BIT(flag_names[i].bit))
			n += scnprintf(text + n, size - n, "%s%s",
				       n ? "|" : "", flag_names[i].name);
	if (!n)
		strscpy(text, "-", size);
}

/*
 * The file of a page. Its mapping stays while the page is locked and in it; a
 * page that somebody else has locked keeps its secret. References, lock and
 * mapping of a large folio are those of its first page.
 */
static void describe_file(struct page *page, char *text, size_t size)
{
	struct page *head = compound_head(page);
	unsigned long mapping;
	struct inode *inode;

	strscpy(text, "file", size);
	if (!get_page_unless_zero(head))
		return;
	/* Until then the page may have become somebody else's. */
	if (compound_head(page) != head || !trylock_page(head))
		goto put;
	mapping = cb_page_mapping(head);
	/* The low bits tell of anonymous memory and of drivers' pages. */
	inode = mapping && !(mapping & 3) ?
		((struct address_space *)mapping)->host : NULL;
	if (inode)
		scnprintf(text, size, "file:%u:%u:%llu",
			  MAJOR(inode->i_sb->s_dev), MINOR(inode->i_sb->s_dev),
			  (u64)inode->i_ino);
	unlock_page(head);
put:
	put_page(head);
}

static void describe_owner(struct page *page, const struct cb_sample *s,
			   char *text, size_t size)
{
	if (s->flags & CB_S_ANON)
		strscpy(text, "anon", size);
	else if (s->flags & CB_S_FILE)
		describe_file(page, text, size);
	else
		strscpy(text, "kernel", size);
}

/* Why a page blocks; false if it does not any more. */
static bool find_reason(const struct cb_blockers *b, unsigned long pfn,
			const struct cb_sample *s, enum cb_reason *reason)
{
	unsigned long pos = pfn - b->region->base_pfn;

	/* These are as of the moment when they were found. */
	if (test_bit(pos, b->claimed)) {
		*reason = CB_R_CLAIMED;
		return true;
	}
	if (test_bit(pos, b->isolated)) {
		*reason = CB_R_ISOLATED;
		return true;
	}
	switch (cb_page_state(b->region, pfn)) {
	case CB_PAGE_NOT_OURS:
		return cb_classify(s, 1, reason) >= CB_WAIT;
	case CB_PAGE_LINGERING:
		*reason = CB_R_LINGERING;
		return true;
	default:
		return false;
	}
}

/**
 * cb_blocker_describe() - tell what can be told of a page that blocks
 * @b: the list that it is in
 * @pfn: the page
 * @d: filled in
 *
 * Context: sleeps, without locks. Takes a reference to a page of a file for a
 * moment.
 *
 * Return: true if it still blocks.
 */
bool cb_blocker_describe(const struct cb_blockers *b, unsigned long pfn,
			 struct cb_blocker *d)
{
	struct page *page = pfn_to_page(pfn);
	struct cb_sample s;

	cb_page_sample(pfn, &s);
	if (!find_reason(b, pfn, &s, &d->reason))
		return false;
	d->refs = s.refs;
	d->maps = s.maps;
	/* Those of the folio: its other pages have next to none. */
	describe_flags(cb_page_flags(compound_head(page)), d->flags,
		       sizeof(d->flags));
	if (d->reason == CB_R_LINGERING || d->reason == CB_R_CLAIMED)
		strscpy(d->owner, "cma_bulk", sizeof(d->owner));
	else
		describe_owner(page, &s, d->owner, sizeof(d->owner));
	return true;
}
