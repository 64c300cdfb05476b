// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hands out a plan piece by piece, to several threads at once. Calls of the kernel
 * that touch the same unit (CB_UNIT_PAGES) would fail each other, so no piece has
 * a unit in which another one is at work.
 */
#include <linux/bitmap.h>
#include <linux/math64.h>
#include <linux/mm.h>

#include "bits.h"
#include "compat/contig.h"
#include "core/plan.h"
#include "pieces.h"
#include "take.h"
#include "units.h"
#include "window.h"

static void range_units(const struct cb_pieces *p, const struct cb_range *r,
			unsigned long *first, unsigned long *nr)
{
	const struct cb_window *w = p->window;
	unsigned long start = cb_unit(p->region, w->geo.base);
	unsigned long pfn = cb_slot_pfn(w, r->start);
	unsigned long last = cb_slot_pfn(w, r->start + r->nr - 1) +
			     w->geo.size - 1;

	*first = cb_unit(p->region, pfn) - start;
	*nr = cb_unit(p->region, last) - start - *first + 1;
}

/* How many pages take a call @call_ns, as far as that is known. */
static u64 in_time(const struct cb_pieces *p)
{
	if (!p->ran_ns)
		return 0;
	return div64_u64((u64)p->call_ns * p->done, p->ran_ns);
}

/*
 * The most slots of the next piece. The first ones are short, as nothing is known yet
 * of how long a page takes. So are the last, lest one thread is still at work when the
 * others have none.
 */
static unsigned int step_of(const struct cb_pieces *p)
{
	unsigned long pages = p->share;

	if (p->workers > 1) {
		pages = min_t(u64, pages, in_time(p));
		pages = min(pages, p->left / (2 * p->workers));
		/* No two threads may work in one unit. */
		pages = max_t(unsigned long, CB_UNIT_PAGES,
			      ALIGN_DOWN(pages, CB_UNIT_PAGES));
	}
	return cb_call_slots(p->window, pages);
}

/* The front of @from, as much as one step, up to the end of a unit if it can. */
static struct cb_range front(const struct cb_pieces *p,
			     const struct cb_range *from)
{
	struct cb_range r = *from;
	unsigned int step = step_of(p);
	unsigned long nr;

	if (r.nr > step) {
		nr = cb_slots_to_unit_end(p->window, r.start + step);
		r.nr = min_t(unsigned long, r.nr, step + nr);
	}
	return r;
}

/* The caller holds the lock. */
static int pick(struct cb_pieces *p, struct cb_range *piece)
{
	unsigned long i, first, nr;
	bool left = false;

	while (p->first < p->nr && !p->range[p->first].nr)
		p->first++;
	for (i = p->first; i < p->nr; i++) {
		struct cb_range *r = &p->range[i];

		if (!r->nr)
			continue;
		left = true;
		*piece = front(p, r);
		range_units(p, piece, &first, &nr);
		if (find_next_bit(p->working, first + nr, first) < first + nr)
			continue;
		bitmap_set(p->working, first, nr);
		p->left -= piece->nr * p->window->geo.size;
		r->start += piece->nr;
		r->nr -= piece->nr;
		p->ranges -= !r->nr;
		return 1;
	}
	return left ? -EAGAIN : 0;
}

/**
 * cb_pieces_pick() - the next piece that nobody's work touches
 * @p: what is left
 * @piece: set to it; cb_pieces_done() follows
 *
 * Context: any but interrupts.
 *
 * Return: 1, or 0 if there is nothing left, or -EAGAIN if others are at work in all
 * units that are left.
 */
int cb_pieces_pick(struct cb_pieces *p, struct cb_range *piece)
{
	int ret;

	spin_lock(&p->lock);
	ret = pick(p, piece);
	spin_unlock(&p->lock);
	return ret;
}

/**
 * cb_pieces_done() - the work on a piece has ended
 * @p: where it was picked
 * @piece: the piece
 * @ran_ns: how long that has kept a CPU, in nanoseconds
 *
 * Context: any but interrupts.
 */
void cb_pieces_done(struct cb_pieces *p, const struct cb_range *piece,
		    u64 ran_ns)
{
	unsigned long first, nr;

	range_units(p, piece, &first, &nr);
	spin_lock(&p->lock);
	bitmap_clear(p->working, first, nr);
	p->done += piece->nr * p->window->geo.size;
	p->ran_ns += ran_ns;
	spin_unlock(&p->lock);
}

/**
 * cb_pieces_init() - a plan is to be handed out
 * @p: filled in, but for what its owner sets
 * @region: where
 * @w: what the ranges are of
 * @range: the plan; used up
 * @nr: how many ranges
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_pieces_exit().
 */
int cb_pieces_init(struct cb_pieces *p, const struct cma_bulk_region *region,
		   struct cb_window *w, struct cb_range *range,
		   unsigned long nr)
{
	unsigned long i, last = w->geo.base + w->geo.pages - 1;

	*p = (struct cb_pieces){
		.region = region, .window = w, .range = range, .nr = nr,
		.ranges = nr
	};
	spin_lock_init(&p->lock);
	for (i = 0; i < nr; i++)
		p->left += range[i].nr * w->geo.size;
	p->working = cb_bits_alloc(cb_unit(region, last) -
				   cb_unit(region, w->geo.base) + 1);
	return p->working ? 0 : -ENOMEM;
}

/**
 * cb_pieces_exit() - no thread picks any more
 * @p: what is left
 *
 * Context: may sleep.
 */
void cb_pieces_exit(struct cb_pieces *p)
{
	kvfree(p->working);
}
