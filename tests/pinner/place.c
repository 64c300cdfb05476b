// SPDX-License-Identifier: GPL-2.0-only
/* Get pages at places that a seed chooses, and put them into a pin's file. */
#include <linux/delay.h>
#include <linux/prandom.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "pinner.h"
#include "compat/pinner_compat.h"

/* More than this are cheaper had by taking the whole pageblock for a moment. */
#define WHOLE_BLOCK_PAGES	8
/* Calls that may fail before a pageblock is given up. */
#define BLOCK_FAILURES		8

/* The offsets of a pageblock in an order of its own: all of them, once. */
struct offsets {
	u32 next;
	u32 stride;
};

static void offsets_init(struct offsets *offsets, u64 seed, u32 block)
{
	struct rnd_state rnd;

	prandom_seed_state(&rnd, seed ^ (block + 1) * 0x9e3779b97f4a7c15ULL);
	offsets->next = prandom_u32_state(&rnd) & (pageblock_nr_pages - 1);
	/* Odd, so it visits every residue of a power of two. */
	offsets->stride = prandom_u32_state(&rnd) | 1;
}

static u32 offsets_next(struct offsets *offsets)
{
	u32 offset = offsets->next;

	offsets->next = (offset + offsets->stride) & (pageblock_nr_pages - 1);
	return offset;
}

/*
 * A guess that saves a call: free, or in use by someone who can move it. What
 * another owner of the region holds is neither.
 */
static bool looks_takeable(unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);

	return !page_count(page) || cbp_lru_flag(page) ||
	       READ_ONCE(page->mapping);
}

static int take_page(unsigned long pfn, bool wait)
{
	int ret = pinner_take(pfn, 1, wait);

	if (ret == -EBUSY)
		pinner_count(PINNER_PLACE_BUSY, 1);
	return ret;
}

/* How many pages a pin wants in each pageblock. */
static u32 wanted(const struct pinner_pin *pin)
{
	return pin->req.pages + pin->req.fill;
}

/* Hand a page over to the file, which the mode will hold. */
static int adopt_held(struct pinner_pin *pin, unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);
	int ret;

	/* The reference it came with becomes ours. */
	ret = pinner_cache_add(pin, pin->nr, page);
	if (ret) {
		put_page(pfn_to_page(pfn));
		return ret;
	}
	pin->home[pin->nr] = pfn;
	pin->held[pin->nr++] = page;
	pinner_count(PINNER_PLACED, 1);
	return 0;
}

/* Hand a page over to the file, and to nobody else. */
static int adopt_fill(struct pinner_pin *pin, unsigned long pfn)
{
	unsigned long first = (unsigned long)pin->req.blocks * pin->req.pages;
	int ret;

	ret = pinner_cache_add(pin, first + pin->nr_fill, pfn_to_page(pfn));
	put_page(pfn_to_page(pfn));
	if (!ret)
		pin->nr_fill++;
	return ret;
}

/* The @i-th page of a pageblock: first those to hold. */
static int adopt(struct pinner_pin *pin, u32 i, unsigned long pfn)
{
	return i < pin->req.pages ? adopt_held(pin, pfn) : adopt_fill(pin, pfn);
}

static void undo_to(struct pinner_pin *pin, unsigned long nr,
		    unsigned long nr_fill)
{
	unsigned long first = (unsigned long)pin->req.blocks * pin->req.pages;
	unsigned long had = pin->nr, had_fill = pin->nr_fill;

	while (pin->nr > nr) {
		put_page(pin->held[--pin->nr]);
		pin->held[pin->nr] = NULL;
	}
	if (had > nr)
		pinner_cache_drop(pin, nr, had - nr);
	pin->nr_fill = nr_fill;
	if (had_fill > nr_fill)
		pinner_cache_drop(pin, first + nr_fill, had_fill - nr_fill);
}

/* Page by page: moves nothing but what lies on the chosen pages. */
static int place_single(struct pinner_pin *pin, struct offsets offsets,
			unsigned long pfn)
{
	u32 tried, got = 0, failures = 0;
	int ret;

	for (tried = 0; tried < pageblock_nr_pages; tried++) {
		unsigned long want = pfn + offsets_next(&offsets);

		if (!looks_takeable(want))
			continue;
		ret = take_page(want, true);
		if (ret == -EBUSY && ++failures < BLOCK_FAILURES)
			continue;
		if (!ret)
			ret = adopt(pin, got, want);
		if (ret)
			return ret;
		if (++got == wanted(pin))
			return 0;
	}
	return -EBUSY;
}

/* All at once, and what was not chosen goes back. */
static int place_whole(struct pinner_pin *pin, struct offsets offsets,
		       unsigned long pfn)
{
	u32 i;
	int ret;

	ret = pinner_take(pfn, pageblock_nr_pages, true);
	if (ret)
		return ret;
	for (i = 0; i < pageblock_nr_pages; i++) {
		unsigned long want = pfn + offsets_next(&offsets);

		if (ret || i >= wanted(pin))
			put_page(pfn_to_page(want));
		else
			ret = adopt(pin, i, want);
	}
	return ret;
}

static int place_block(struct pinner_pin *pin, u32 block)
{
	unsigned long pfn = pin->range.pfn + block * pageblock_nr_pages;
	unsigned long before = pin->nr, before_fill = pin->nr_fill;
	struct offsets offsets;
	int ret = -EBUSY;

	offsets_init(&offsets, pin->req.seed, block);
	if (wanted(pin) >= WHOLE_BLOCK_PAGES)
		ret = place_whole(pin, offsets, pfn);
	if (ret == -EBUSY)
		ret = place_single(pin, offsets, pfn);
	if (ret)
		undo_to(pin, before, before_fill);
	return ret;
}

/* A pageblock that gives no page is replaced by the next in the seed's order. */
static int place_blocks(struct pinner_pin *pin, const u32 *order, u32 nr)
{
	u32 i, done = 0;
	int ret;

	for (i = pin->req.skip; i < nr && done < pin->req.blocks; i++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		ret = place_block(pin, order[i]);
		if (!ret)
			done++;
		else if (ret != -EBUSY)
			return ret;
		cond_resched();
	}
	return done == pin->req.blocks ? 0 : -EBUSY;
}

/**
 * pinner_place() - put the pages of a pin into its region
 * @pin: with @req, @range and an empty file; gets @nr, @home and @held. The
 *	caller frees the arrays, whatever is returned
 *
 * Context: sleeps for long.
 * Return: 0, with a reference to each page in @held; -EBUSY, -EINTR, -ENOMEM
 * or -E2BIG with no page placed.
 */
int pinner_place(struct pinner_pin *pin)
{
	u32 nr = pin->range.nr / pageblock_nr_pages;
	size_t pages;
	u32 *order;
	int ret;

	if (pin->req.skip > nr || pin->req.blocks > nr - pin->req.skip ||
	    pin->req.pages > pageblock_nr_pages ||
	    pin->req.fill > pageblock_nr_pages - pin->req.pages)
		return -E2BIG;
	pages = (size_t)pin->req.blocks * pin->req.pages;
	pin->home = kvcalloc(pages, sizeof(*pin->home), GFP_KERNEL);
	pin->held = kvcalloc(pages, sizeof(*pin->held), GFP_KERNEL);
	order = pinner_shuffle_blocks(nr, pin->req.seed);
	ret = -ENOMEM;
	if (pin->home && pin->held && order)
		ret = place_blocks(pin, order, nr);
	if (ret)
		undo_to(pin, 0, 0);
	kvfree(order);
	return ret;
}

/**
 * pinner_replace() - put a new page into the old place of one that was moved
 * @pin: whose
 * @i: index of the page
 *
 * Context: sleeps. One caller at a time for a page.
 * Return: true if there is a new page now.
 */
bool pinner_replace(struct pinner_pin *pin, unsigned long i)
{
	unsigned long pfn = pin->home[i];
	bool placed;

	/*
	 * Only if it is free: what others use there shall stay. Who waits here
	 * takes no references meanwhile.
	 */
	if (page_count(pfn_to_page(pfn)) || take_page(pfn, false))
		return false;
	pinner_cache_drop(pin, i, 1);
	placed = !pinner_cache_add(pin, i, pfn_to_page(pfn));
	put_page(pfn_to_page(pfn));
	return placed;
}
