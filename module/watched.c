// SPDX-License-Identifier: GPL-2.0-only
/*
 * A list of pages that block slots: of each slot one at least, so that it stays
 * blocked as long as these pages do not change.
 *
 * Of four pages that are held half of the time none is in one moment of sixteen only.
 * So what can be moved out of a slot that others still block is moved at once: when
 * the request begins to wait, and whenever one of the pages is let go. Not again and
 * again, as they may stay for ever, and others move in.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "compat/page.h"
#include "core/plan.h"
#include "pages.h"
#include "sample.h"
#include "scan.h"
#include "watched.h"

/* 1,024 pages are looked at in 0.05 ms, a two-thousandth of the usual delay. */
#define CB_WATCH_MAX	1024U

/* Pages of a slot that are watched, as long as there is room for all slots. */
#define CB_WATCH_DEPTH	8U

/**
 * struct cb_watched - a page that blocks a slot
 * @slot: number of the slot
 * @open: the page does not block it any more
 * @pfn: the page
 * @refs: references of it or its folio when it was last looked at; -1: it counts as
 *	changed
 * @flags: flags likewise
 */
struct cb_watched {
	unsigned int slot;
	bool open;
	unsigned long pfn;
	long refs;
	unsigned long flags;
};

/* The first page of a range that blocks. */
struct find {
	unsigned long pfn;
	bool found;
	unsigned long in_use;		/* pages before it */
};

static bool blocks(enum cb_class class)
{
	return class >= CB_WAIT && class != CB_REF;
}

static void note_first(void *arg, unsigned long pfn, unsigned long nr,
		       enum cb_class class)
{
	struct find *f = arg;

	if (f->found)
		return;
	f->found = blocks(class);
	if (f->found)
		f->pfn = pfn;
	else
		f->in_use += class == CB_FREE ? 0 : nr;
}

/* As after a drain: a reference too many is no LRU batch's. */
static struct find find_blocked(const struct cb_watchlist *l, unsigned long pfn,
				unsigned long end)
{
	struct find f = { .pfn = end };

	if (pfn < end)
		cb_scan(l->region, pfn, end - pfn, CB_SCAN_DRAINED, note_first,
			&f);
	return f;
}

static void note_class(void *arg, unsigned long pfn, unsigned long nr,
		       enum cb_class class)
{
	*(enum cb_class *)arg = class;
}

static unsigned long slot_end(const struct cb_watchlist *l, unsigned int slot)
{
	return cb_slot_start(&l->geo, slot) + l->geo.size;
}

static bool slot_blocked(const struct cb_watchlist *l, unsigned int slot)
{
	return find_blocked(l, cb_slot_start(&l->geo, slot), slot_end(l, slot)).found;
}

/* Has the page changed since it was last looked at? Notes how it looks now. */
static bool has_changed(struct cb_watched *p)
{
	struct page *head = compound_head(pfn_to_page(p->pfn));
	unsigned long flags = cb_page_flags(head) & cb_sampled_mask();
	long refs = cb_page_refs(head);

	if (refs == p->refs && flags == p->flags)
		return false;
	p->refs = refs;
	p->flags = flags;
	return true;
}

/*
 * Watch a page that was seen to block. It is looked at once more after its references
 * were noted: what happens to it from then on is a change.
 */
static void watch_page(const struct cb_watchlist *l, struct cb_watched *p,
		       unsigned long pfn)
{
	p->open = false;
	p->pfn = pfn;
	has_changed(p);
	if (!find_blocked(l, pfn, pfn + 1).found)
		p->refs = -1;
}

/* Watch pages that block a slot, of each folio one; any page if none does any more. */
static void watch_slot(struct cb_watchlist *l, unsigned int slot,
		       unsigned int depth)
{
	unsigned long pfn = cb_slot_start(&l->geo, slot), end = slot_end(l, slot);
	struct cb_sample sample;
	struct find f;

	cond_resched();
	for (; depth && l->nr < CB_WATCH_MAX; depth--) {
		f = find_blocked(l, pfn, end);
		if (!f.found && pfn > cb_slot_start(&l->geo, slot))
			return;
		if (!f.found)
			f.pfn = pfn;
		l->page[l->nr].slot = slot;
		watch_page(l, &l->page[l->nr], f.pfn);
		l->page[l->nr++].open = !l->filled;
		pfn = f.pfn + cb_page_sample(f.pfn, &sample);
	}
}

static bool is_blocked(unsigned char value)
{
	return value == CB_SLOT_WAIT || value == CB_SLOT_REF ||
	       value == CB_SLOT_BUSY;
}

/* How many pages of a slot there is room for if all blocked slots are watched. */
static unsigned int choose_depth(const struct cb_geometry *geo,
				 const unsigned char *slot)
{
	unsigned long i, nr = 0;

	for (i = 0; i < geo->nr_slots; i++)
		nr += is_blocked(slot[i]);
	return clamp_t(unsigned long, CB_WATCH_MAX / max(nr, 1UL), 1,
		       CB_WATCH_DEPTH);
}

/**
 * cb_watchlist_fill() - watch the slots that are blocked
 * @l: the list; @l->region is set
 * @geo: where the slots are
 * @slot: what the last look said of them
 *
 * Context: may sleep.
 *
 * Return: true if no other slot can be had as long as these pages do not change, and
 * no event of the region comes; false also without memory for the list.
 */
bool cb_watchlist_fill(struct cb_watchlist *l, const struct cb_geometry *geo,
		       const unsigned char *slot)
{
	unsigned int depth;
	bool all = true;
	unsigned long i;

	l->nr = 0;
	l->doubtful = false;
	l->geo = *geo;
	if (!l->page)
		l->page = kvmalloc_array(CB_WATCH_MAX, sizeof(*l->page),
					 GFP_KERNEL);
	if (!l->page)
		return false;
	depth = choose_depth(geo, slot);
	for (i = 0; i < geo->nr_slots; i++) {
		if (is_blocked(slot[i]) && l->nr < CB_WATCH_MAX)
			watch_slot(l, i, depth);
		else if (slot[i] != CB_SLOT_CLAIMED && slot[i] != CB_SLOT_HELD &&
			 cb_page_state(l->region, cb_slot_start(&l->geo, i)) ==
				 CB_PAGE_NOT_OURS)
			/* Nobody looks at it, and no event tells of it. */
			all = false;
		if (!(i % CB_WATCH_MAX))
			cond_resched();
	}
	l->filled = true;
	return all;
}

/**
 * cb_watchlist_free() - watch nothing any more
 * @l: the list
 *
 * Context: may sleep.
 */
void cb_watchlist_free(struct cb_watchlist *l)
{
	kvfree(l->page);
	l->page = NULL;
	l->nr = 0;
}

/*
 * Does the page not block any more? One that has changed and has still a reference too
 * many may be in an LRU batch, unless it has got that reference just now.
 */
static bool was_let_go(struct cb_watchlist *l, const struct cb_watched *p,
		       long refs_before)
{
	enum cb_class class;

	cb_scan(l->region, p->pfn, 1, 0, note_class, &class);
	if (class != CB_REF)
		return !blocks(class);
	l->doubtful |= refs_before < 0 || p->refs <= refs_before;
	return false;
}

/**
 * cb_watchlist_look() - look at all of the pages
 * @l: the list
 * @changed: set to whether any of them has changed
 *
 * Of a page that looks as before nothing else is asked: a hundredth of a scan.
 *
 * Context: process context.
 *
 * Return: true if one was let go, or perhaps.
 */
bool cb_watchlist_look(struct cb_watchlist *l, bool *changed)
{
	bool any = false;
	unsigned int i;
	long refs;

	*changed = false;
	l->doubtful = false;
	for (i = 0; i < l->nr; i++) {
		struct cb_watched *p = &l->page[i];

		refs = p->refs;
		if (has_changed(p)) {
			*changed = true;
			p->open = was_let_go(l, p, refs);
		}
		any |= p->open;
	}
	return any || l->doubtful;
}

/**
 * cb_watchlist_opened() - which slots may be had now
 * @l: the list, after a look
 * @range: set to these slots, in ascending order; they are not told of again unless
 *	they change
 * @max: how many there is room for
 *
 * Context: may sleep.
 *
 * Return: how many.
 */
unsigned int cb_watchlist_opened(struct cb_watchlist *l, struct cb_range *range,
				 unsigned int max)
{
	unsigned int i, n = 0;

	for (i = 0; i < l->nr; i++) {
		struct cb_watched *p = &l->page[i];
		bool told = n && range[n - 1].start == p->slot;

		if (!p->open || (!told && (n == max || slot_blocked(l, p->slot))))
			continue;
		p->open = false;
		if (!told)
			range[n++] = (struct cb_range){ .start = p->slot, .nr = 1 };
	}
	return n;
}

/* What lies in a slot between pages that block it. */
static int empty_slot(struct cb_watchlist *l, unsigned int slot,
		      cb_empty_fn empty, void *arg)
{
	unsigned long pfn = cb_slot_start(&l->geo, slot), end = slot_end(l, slot);
	struct find f;
	int ret = 0;

	for (; !ret && pfn < end; pfn = f.pfn + 1) {
		f = find_blocked(l, pfn, end);
		if (f.in_use)
			ret = empty(arg, pfn, f.pfn - pfn, f.in_use);
	}
	return ret;
}

/* If the page does not block any more, watch one that does. */
static void watch_on(const struct cb_watchlist *l, struct cb_watched *p)
{
	struct find f;

	p->open = false;
	if (find_blocked(l, p->pfn, p->pfn + 1).found)
		return;
	f = find_blocked(l, cb_slot_start(&l->geo, p->slot), slot_end(l, p->slot));
	if (f.found)
		watch_page(l, p, f.pfn);
	else
		/* It is to be had after all: the next look finds that. */
		p->refs = -1;
}

/**
 * cb_watchlist_let_go() - what was let go in a slot that others still block
 * @l: the list, after cb_watchlist_opened()
 * @empty: called for each range in the slot that can be moved away now, until it
 *	returns an error
 * @arg: its first argument
 *
 * One slot at a time: others may open meanwhile. The next look tells of the rest.
 *
 * Context: may sleep.
 *
 * Return: 0, or what @empty has returned.
 */
int cb_watchlist_let_go(struct cb_watchlist *l, cb_empty_fn empty, void *arg)
{
	unsigned int i, slot;
	int ret;

	for (i = 0; i < l->nr && !l->page[i].open; i++)
		;
	if (i == l->nr)
		return 0;
	slot = l->page[i].slot;
	ret = empty_slot(l, slot, empty, arg);
	for (; i < l->nr && l->page[i].slot == slot; i++)
		if (l->page[i].open)
			watch_on(l, &l->page[i]);
	return ret;
}
