// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "bits.h"
#include "claims.h"
#include "compat/contig.h"
#include "region.h"
#include "units.h"

/*
 * A request that has met claims of others so often goes first: requests that
 * come later claim nothing until it has.
 */
#define CB_CLAIM_TRIES	3

/* Protects what follows, and members of struct cb_claims; innermost. */
static DEFINE_SPINLOCK(claims_lock);
static unsigned long *claimed;		/* one bit for each unit */
static LIST_HEAD(queue);		/* struct cb_claims, by arrival */

/**
 * cb_claims_setup() - at load: nothing is claimed
 *
 * Context: may sleep, after cb_units_init().
 *
 * Return: 0 or -ENOMEM.
 */
int cb_claims_setup(void)
{
	claimed = cb_bits_alloc(cb_units_total());
	return claimed ? 0 : -ENOMEM;
}

/**
 * cb_claims_teardown() - at unload, when no request is at work
 */
void cb_claims_teardown(void)
{
	kvfree(claimed);
}

/**
 * cb_unit_is_claimed() - has a request claimed the unit of a page?
 * @region: its region
 * @pfn: the page
 *
 * Context: any; the answer is a hint.
 *
 * Return: true if one has.
 */
bool cb_unit_is_claimed(const struct cma_bulk_region *region,
			unsigned long pfn)
{
	return test_bit(cb_unit(region, pfn), claimed);
}

/* Must @c let another request go first? The caller holds the lock. */
static bool held_back(const struct cb_claims *c)
{
	const struct cb_claims *other;

	list_for_each_entry(other, &queue, queue) {
		if (other == c)
			return false;
		if (other->region == c->region &&
		    other->waits >= CB_CLAIM_TRIES)
			return true;
	}
	return false;
}

/* Leave the queue; the caller holds the lock. True if it was in it. */
static bool leave_queue(struct cb_claims *c)
{
	if (list_empty(&c->queue))
		return false;
	list_del_init(&c->queue);
	c->waits = 0;
	return true;
}

/**
 * cb_claims_wait() - wait until another request gives up its claims
 * @c: the claims of the request that waits; it enters the queue
 * @seq: cb_units_seq() before the look that met the claims of others
 * @patience: of the request
 *
 * Context: sleeps, without locks.
 *
 * Return: as cb_wait_event().
 */
int cb_claims_wait(struct cb_claims *c, unsigned int seq,
		   const struct cb_patience *patience)
{
	int ret = cb_patience_may_sleep(patience);

	if (ret)
		return ret;
	spin_lock(&claims_lock);
	if (list_empty(&c->queue))
		list_add_tail(&c->queue, &queue);
	c->waits++;
	spin_unlock(&claims_lock);
	return cb_units_wait(c->region, seq, patience);
}

/**
 * cb_claims_init() - no claim yet
 * @c: filled in
 * @region: where the request works
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_claims_exit(), also after an error.
 */
int cb_claims_init(struct cb_claims *c, struct cma_bulk_region *region)
{
	c->region = region;
	c->waits = 0;
	c->events = 0;
	INIT_LIST_HEAD(&c->queue);
	c->unit = cb_bits_alloc(cb_nr_units(region));
	return c->unit ? 0 : -ENOMEM;
}

/**
 * cb_claims_leave() - a request no longer waits for claims
 * @c: its claims
 *
 * At the end of each round: while it waits for anything else, it must not hold
 * back others, for which it may be waiting.
 *
 * Context: any but interrupts.
 */
void cb_claims_leave(struct cb_claims *c)
{
	bool left;

	spin_lock(&claims_lock);
	left = leave_queue(c);
	spin_unlock(&claims_lock);
	if (!left)
		return;
	c->events++;
	cb_units_changed(c->region);
}

/**
 * cb_claims_exit() - end of the request; it has no claim any more
 * @c: its claims
 *
 * Context: any but interrupts.
 */
void cb_claims_exit(struct cb_claims *c)
{
	cb_claims_leave(c);
	kvfree(c->unit);
}

/**
 * cb_claim() - claim the units around chunks, as far as others have not
 * @c: the claims of the request
 * @pfn: first page of the first chunk
 * @nr: number of pages, all chunks together
 * @size: pages of a chunk
 *
 * A chunk may lie in several units. Those of one that cannot be claimed as a whole
 * stay free for others: nobody would give them back.
 *
 * Context: any but interrupts; does not wait.
 *
 * Return: how many pages from @pfn on are claimed now, a multiple of @size; 0 if a
 * unit of the first chunk is claimed by another request, or if another one goes
 * first.
 */
unsigned long cb_claim(struct cb_claims *c, unsigned long pfn,
		       unsigned long nr, unsigned long size)
{
	unsigned long first, units, i = 0, local;

	first = cb_unit(c->region, pfn);
	units = cb_unit(c->region, pfn + nr - 1) - first + 1;
	local = first - c->region->first_unit;
	spin_lock(&claims_lock);
	if (!held_back(c))
		while (i < units && (test_bit(local + i, c->unit) ||
				     !test_bit(first + i, claimed)))
			i++;
	if (i < units)
		nr = i ? (pfn / CB_UNIT_PAGES + i) * CB_UNIT_PAGES - pfn : 0;
	nr -= nr % size;
	if (nr) {
		units = cb_unit(c->region, pfn + nr - 1) - first + 1;
		bitmap_set(claimed, first, units);
		bitmap_set(c->unit, local, units);
	}
	spin_unlock(&claims_lock);
	return nr;
}

/**
 * cb_unclaim() - give back all that a request has claimed
 * @c: its claims
 *
 * Context: any but interrupts.
 */
void cb_unclaim(struct cb_claims *c)
{
	unsigned long nr = cb_nr_units(c->region), i;

	spin_lock(&claims_lock);
	for_each_set_bit(i, c->unit, nr)
		__clear_bit(c->region->first_unit + i, claimed);
	/* It had its turn. */
	leave_queue(c);
	spin_unlock(&claims_lock);
	bitmap_zero(c->unit, nr);
	c->events++;
	cb_units_changed(c->region);
}

static bool claim_whole(struct cb_claims *c)
{
	unsigned long first = c->region->first_unit;
	unsigned long nr = cb_nr_units(c->region);
	bool ok;

	spin_lock(&claims_lock);
	ok = !held_back(c) && find_next_bit(claimed, first + nr, first) >= first + nr;
	if (ok) {
		bitmap_set(claimed, first, nr);
		bitmap_set(c->unit, 0, nr);
	}
	spin_unlock(&claims_lock);
	return ok;
}

/**
 * cb_claim_all() - claim a whole region, when no other request has a claim
 * @c: the claims of the request
 * @patience: of the request
 *
 * Context: sleeps, without locks.
 *
 * Return: as cb_wait_event().
 */
int cb_claim_all(struct cb_claims *c, const struct cb_patience *patience)
{
	unsigned int seq;
	int ret;

	for (;;) {
		seq = cb_units_seq(c->region);
		if (claim_whole(c))
			return 0;
		ret = cb_claims_wait(c, seq, patience);
		if (ret)
			return ret;
	}
}
