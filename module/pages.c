// SPDX-License-Identifier: GPL-2.0-only
/*
 * One byte for each page of a region: its state, and whether it came from
 * cma_alloc(). For each pageblock, how many of its pages are held, so that a
 * look at a region that is full does not read every byte.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "pages.h"
#include "region.h"

/* The most under the lock at a time: some 50 microseconds. */
#define PIECE		32768UL

#define STATE_MASK	0x7f
#define FROM_CMA	0x80	/* must go to cma_release() */

/**
 * struct cb_pages - the pages of a region
 * @lock: protects all of it; innermost, nothing is taken inside. Readers
 *	without it take what they read as a hint
 * @state: one byte for each page
 * @held: for each pageblock, pages in state CB_PAGE_HELD
 * @count: pages in each state
 */
struct cb_pages {
	spinlock_t lock;		/* all that follows */
	u8 *state;
	u16 *held;
	u64 count[CB_NR_PAGE_STATES];
};

/**
 * cb_pages_init() - at load: no page is ours
 * @region: the region
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_pages_exit(), also after an error.
 */
int cb_pages_init(struct cma_bulk_region *region)
{
	struct cb_pages *p = kzalloc(sizeof(*p), GFP_KERNEL);

	region->pages = p;
	if (!p)
		return -ENOMEM;
	spin_lock_init(&p->lock);
	p->state = kvcalloc(region->nr_pages, 1, GFP_KERNEL);
	p->held = kvcalloc(cb_region_blocks(region), sizeof(*p->held), GFP_KERNEL);
	return p->state && p->held ? 0 : -ENOMEM;
}

/**
 * cb_pages_exit() - at unload
 * @region: the region
 *
 * Context: may sleep; no page of the region is ours any more.
 */
void cb_pages_exit(struct cma_bulk_region *region)
{
	struct cb_pages *p = region->pages;

	if (!p)
		return;
	/* All went back, but for what lingers until its last user drops it. */
	WARN_ON_ONCE(p->count[CB_PAGE_NOT_OURS] + p->count[CB_PAGE_LINGERING]);
	WARN_ON_ONCE(p->held && memchr_inv(p->held, 0, sizeof(*p->held) *
					   cb_region_blocks(region)));
	kvfree(p->held);
	kvfree(p->state);
	kfree(p);
	region->pages = NULL;
}

/**
 * cb_page_state() - state of a page
 * @region: its region
 * @pfn: the page
 *
 * Context: any.
 *
 * Return: the state; a hint, unless the caller is who moves the page.
 */
enum cb_page_state cb_page_state(const struct cma_bulk_region *region,
				 unsigned long pfn)
{
	const u8 *state = region->pages->state + (pfn - region->base_pfn);

	return READ_ONCE(*state) & STATE_MASK;
}

/**
 * cb_page_from_cma() - did a page of ours come from cma_alloc()?
 * @region: its region
 * @pfn: the page
 *
 * Context: any; the caller is who moves the page.
 *
 * Return: true if it did.
 */
bool cb_page_from_cma(const struct cma_bulk_region *region, unsigned long pfn)
{
	return READ_ONCE(region->pages->state[pfn - region->base_pfn]) &
	       FROM_CMA;
}

/**
 * cb_pages_alike() - how many pages from one on share its state?
 * @region: the region
 * @pfn: first page
 * @nr: how many to look at, at least 1
 * @state: set to their state
 *
 * Context: any; the answer is a hint.
 *
 * Return: at least 1, at most @nr.
 */
unsigned long cb_pages_alike(const struct cma_bulk_region *region,
			     unsigned long pfn, unsigned long nr,
			     enum cb_page_state *state)
{
	const u8 *s = region->pages->state + (pfn - region->base_pfn);
	u8 value = READ_ONCE(*s);
	const u8 *other = memchr_inv(s, value, nr);

	*state = value & STATE_MASK;
	return other && other > s ? other - s : other ? 1 : nr;
}

/* Set the state of pages of one block, which have all the same. */
static void set_alike(struct cb_pages *p, unsigned long pos, unsigned long nr,
		      u8 value)
{
	unsigned int from = p->state[pos] & STATE_MASK, to = value & STATE_MASK;

	p->count[from] -= nr;
	p->count[to] += nr;
	if (from == CB_PAGE_HELD)
		p->held[pos / pageblock_nr_pages] -= nr;
	if (to == CB_PAGE_HELD)
		p->held[pos / pageblock_nr_pages] += nr;
	memset(p->state + pos, value, nr);
}

/*
 * Set the state of a range; the caller holds the lock, and knows whether all of it
 * has the same.
 */
static void set(struct cma_bulk_region *region, unsigned long pos,
		unsigned long nr, u8 value, bool alike)
{
	struct cb_pages *p = region->pages;
	unsigned long end = pos + nr, stop;

	for (; pos < end; pos = stop) {
		/* Whole blocks at once where they are alike, as they mostly are. */
		stop = min(end, ALIGN(pos + 1, pageblock_nr_pages));
		if (!alike &&
		    memchr_inv(p->state + pos, p->state[pos], stop - pos))
			stop = pos + 1;
		set_alike(p, pos, stop - pos, value);
	}
}

/**
 * cb_pages_taken() - a range was taken out of the kernel
 * @region: the region
 * @pfn: first page
 * @nr: number of pages
 * @from_cma: they came from cma_alloc()
 *
 * Whatever was said of them before is out of date: cma_alloc() may have taken
 * pages that are free already, but not yet reported so by cb_pages_gone().
 *
 * Context: any but interrupts.
 */
void cb_pages_taken(struct cma_bulk_region *region, unsigned long pfn,
		    unsigned long nr, bool from_cma)
{
	unsigned long pos = pfn - region->base_pfn, end = pos + nr;

	for (; pos < end; pos += nr) {
		nr = min(end - pos, PIECE);
		spin_lock(&region->pages->lock);
		set(region, pos, nr,
		    CB_PAGE_IN_FLIGHT | (from_cma ? FROM_CMA : 0), false);
		spin_unlock(&region->pages->lock);
	}
}

/* At most PIECE pages, all or none. */
static bool move_piece(struct cma_bulk_region *region, unsigned long pos,
		       unsigned long nr, enum cb_page_state from,
		       enum cb_page_state to, u8 flag)
{
	struct cb_pages *p = region->pages;
	bool ok;

	spin_lock(&p->lock);
	ok = !memchr_inv(p->state + pos, from | flag, nr);
	if (ok)
		set(region, pos, nr, to | flag, true);
	spin_unlock(&p->lock);
	return ok;
}

/**
 * cb_pages_move() - move a range from one state to another
 * @region: the region
 * @pfn: first page; any number, it may come from a driver
 * @nr: number of pages, at least 1
 * @from: the state that all of them must have
 * @to: the state that they get
 * @from_cma: set to whether they came from cma_alloc(); may be NULL
 *
 * Context: any but interrupts.
 *
 * Return: false, and nothing is changed, if one of them is not in the region,
 * not in state @from, or from another source than the rest.
 */
bool cb_pages_move(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr, enum cb_page_state from,
		   enum cb_page_state to, bool *from_cma)
{
	unsigned long pos = pfn - region->base_pfn, done, piece;
	u8 flag;

	if (pfn < region->base_pfn || pos >= region->nr_pages ||
	    nr > region->nr_pages - pos)
		return false;
	flag = READ_ONCE(region->pages->state[pos]) & FROM_CMA;
	for (done = 0; done < nr; done += piece) {
		piece = min(nr - done, PIECE);
		if (!move_piece(region, pos + done, piece, from, to, flag))
			goto undo;
	}
	if (from_cma)
		*from_cma = flag;
	return true;

undo:
	while (done) {
		done -= PIECE;
		move_piece(region, pos + done, PIECE, to, from, flag);
	}
	return false;
}

/**
 * cb_pages_move_chunks() - move chunks that one request or the pool has
 * @region: the region
 * @order: a chunk is 2^order pages
 * @pages: first page of each chunk
 * @nr: number of chunks
 * @from: the state that they are in
 * @to: the state that they get
 *
 * Chunks that lie side by side in the order of @pages are moved at once.
 *
 * Context: may sleep.
 */
void cb_pages_move_chunks(struct cma_bulk_region *region, unsigned int order,
			  struct page **pages, size_t nr,
			  enum cb_page_state from, enum cb_page_state to)
{
	size_t n;

	for (; nr; pages += n, nr -= n) {
		n = cb_chunks_together(order, pages, nr);
		cb_pages_move(region, page_to_pfn(pages[0]), n << order, from,
			      to, NULL);
		cond_resched();
	}
}

/**
 * cb_pages_gone() - a range that was going back has been freed
 * @region: the region
 * @pfn: first page
 * @nr: number of pages
 *
 * Only now, lest a request plans to take pages that are not free yet. Pages that
 * were taken again meanwhile are left alone, see cb_pages_taken().
 *
 * Context: any but interrupts.
 */
void cb_pages_gone(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr)
{
	unsigned long pos = pfn - region->base_pfn, end = pos + nr, stop;
	struct cb_pages *p = region->pages;

	spin_lock(&p->lock);
	for (; pos < end; pos = stop) {
		u8 value = p->state[pos];
		const u8 *other = memchr_inv(p->state + pos, value, end - pos);

		stop = other ? other - p->state : end;
		if ((value & STATE_MASK) == CB_PAGE_GOING_BACK ||
		    (value & STATE_MASK) == CB_PAGE_LINGERING)
			set(region, pos, stop - pos, CB_PAGE_NOT_OURS, true);
	}
	spin_unlock(&p->lock);
}

/* Slots that lie in the pages from @from to @to, none of which is held. */
static u64 slots_between(const struct cb_geometry *geo, unsigned long from,
			 unsigned long to)
{
	unsigned long first = 0;

	if (from > geo->first)
		first = DIV_ROUND_UP(from - geo->first, geo->stride);
	if (first >= geo->nr_slots ||
	    cb_slot_start(geo, first) + geo->size > to)
		return 0;
	return min((to - geo->first - geo->size) / geo->stride + 1,
		   geo->nr_slots) - first;
}

/* First page from @pos to @end that is held, or not, as @held says; or @end. */
static unsigned long next_held(const struct cma_bulk_region *region,
			       unsigned long pos, unsigned long end, bool held)
{
	const struct cb_pages *p = region->pages;
	unsigned int useless = held ? 0 : pageblock_nr_pages;

	while (pos < end) {
		if (READ_ONCE(p->held[pos / pageblock_nr_pages]) == useless) {
			pos = ALIGN(pos + 1, pageblock_nr_pages);
			continue;
		}
		if (((READ_ONCE(p->state[pos]) & STATE_MASK) == CB_PAGE_HELD) == held)
			return pos;
		pos++;
	}
	return end;
}

/**
 * cb_pages_have_room() - could a region hold so many more chunks?
 * @region: the region
 * @geo: its slots
 * @wanted: chunks
 *
 * Counts the places of which no page is held, whoever has to give way there.
 * What another user of the area owns is in the way, like a pin. Looks no further
 * than needed.
 *
 * Context: may sleep.
 *
 * Return: true if it could.
 */
bool cb_pages_have_room(const struct cma_bulk_region *region,
			const struct cb_geometry *geo, u64 wanted)
{
	unsigned long pos = 0, end = region->nr_pages, stop;
	u64 n = 0, far;

	if (!geo->nr_slots)
		return false;
	while (n < wanted) {
		pos = next_held(region, pos, end, false);
		if (pos >= end)
			return false;
		/* Enough for all that is missing, wherever slots begin. */
		far = pos + (wanted - n + 1) * (u64)geo->stride + geo->size;
		stop = next_held(region, pos, min_t(u64, far, end), true);
		n += slots_between(geo, region->base_pfn + pos,
				   region->base_pfn + stop);
		pos = stop;
		cond_resched();
	}
	return true;
}

/**
 * cb_pages_count() - pages in a state
 * @region: the region
 * @state: the state
 *
 * Context: any but interrupts.
 *
 * Return: their number.
 */
u64 cb_pages_count(const struct cma_bulk_region *region,
		   enum cb_page_state state)
{
	u64 n;

	spin_lock(&region->pages->lock);
	n = region->pages->count[state];
	spin_unlock(&region->pages->lock);
	return n;
}
