// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes slots at random and a plan of them, and checks what holds for every
 * plan: as many slots as are needed, or all there are; ranges that ascend, keep
 * apart, and hold nothing that cannot be had; the room that was asked for.
 */
#include "plan_case.h"
#include "plan_ref.h"

/* Kinds of memory: how often a slot is free, in use, in the way. */
static const struct {
	unsigned int stay;	/* percent: like the slot before it */
	unsigned int free;
	unsigned int cheap;	/* cost 1 to 9 */
	unsigned int wait;
	unsigned int blocked;	/* the rest costs up to the maximum */
} kinds[] = {
	{ 0, 0, 0, 0, 10 },	/* all costs alike */
	{ 0, 50, 30, 5, 10 },
	{ 0, 70, 0, 10, 10 },
	{ 80, 60, 10, 5, 10 },	/* long runs */
	{ 95, 40, 20, 5, 15 },
	{ 50, 20, 60, 0, 0 },	/* nothing in the way */
	{ 0, 0, 100, 0, 0 },
	{ 30, 10, 10, 10, 60 },	/* hardly anything to be had */
	{ 50, 0, 0, 100, 0 },
};

static unsigned char random_slot(struct rnd *r, unsigned int kind)
{
	unsigned long at = rnd_below(r, 100);

	if (at < kinds[kind].free)
		return 0;
	at -= kinds[kind].free;
	if (at < kinds[kind].cheap)
		return rnd_range(r, 1, 9);
	at -= kinds[kind].cheap;
	if (at < kinds[kind].wait)
		return CB_SLOT_WAIT;
	at -= kinds[kind].wait;
	if (at < kinds[kind].blocked)
		return rnd_range(r, CB_SLOT_REF, CB_SLOT_HELD);
	return rnd_below(r, CB_SLOT_COST_MAX + 1);
}

/**
 * plan_slots() - set up a question about random slots
 * @c: the case; plan_free() it later
 * @r: random numbers
 * @nr: number of slots
 */
void plan_slots(struct plan_case *c, struct rnd *r, unsigned long nr)
{
	static const unsigned long fees[] = { 0, 0, 1, 3, 12, 48, 192, 192 };
	unsigned int kind = rnd_below(r, ARRAY_SIZE(kinds));
	unsigned char *slot = exact_alloc(nr);
	unsigned long i;

	for (i = 0; i < nr; i++)
		slot[i] = i && rnd_chance(r, kinds[kind].stay) ?
			  slot[i - 1] : random_slot(r, kind);
	*c = (struct plan_case){ .plan = {
		.slot = slot,
		.nr_slots = nr,
		.fee = rnd_chance(r, 80) ? fees[rnd_below(r, 8)] :
		       rnd_below(r, 600),
		.doubtful = rnd_chance(r, 50),
	} };
}

/**
 * plan_free() - end a case
 */
void plan_free(struct plan_case *c)
{
	free((void *)c->plan.slot);
	free(c->range);
}

/**
 * plan_show() - print a case
 */
void plan_show(const struct plan_case *c)
{
	const struct cb_plan *p = &c->plan;
	unsigned long i;

	print_error("\nneed %lu fee %lu doubtful %d price %ld, %lu slots:",
		    p->need, p->fee, p->doubtful, p->price, p->nr_slots);
	for (i = 0; i < p->nr_slots && i < 200; i++)
		print_error(" %d", p->slot[i]);
	print_error("\ntaken %lu total %ld ranges:", c->taken, c->total);
	for (i = 0; i < c->nr && i < 200; i++)
		print_error(" %u+%u", c->range[i].start, c->range[i].nr);
	print_error("\n");
}

/* Ranges ascend, do not touch, lie within the slots, and add up. */
static void check_ranges(struct plan_case *c)
{
	const struct cb_plan *p = &c->plan;
	unsigned long end = 0, i, s;
	const struct cb_range *range;
	long cost, sum;

	for (i = 0; i < c->nr; i++) {
		range = &c->range[i];
		if (!range->nr || range->start < end + !!i ||
		    range->start >= p->nr_slots ||
		    range->nr > p->nr_slots - range->start)
			plan_fail(c, "range %lu is misplaced", i);
		end = (unsigned long)range->start + range->nr;
		for (s = range->start, sum = 0; s < end; s++, sum += cost) {
			cost = ref_cost(p->slot[s], p->doubtful);
			if (cost < 0)
				plan_fail(c, "slot %lu cannot be had", s);
		}
		if (range->cost != (unsigned long)sum)
			plan_fail(c, "range %lu costs %ld", i, sum);
		c->taken += range->nr;
		c->total += sum + (long)p->fee;
	}
}

/**
 * plan_make() - have the plan made, for @c->plan.need slots
 * @c: the case; may be used again for another need
 */
void plan_make(struct plan_case *c)
{
	struct cb_plan *p = &c->plan;
	unsigned long can = ref_takeable(p->slot, p->nr_slots, p->doubtful);
	unsigned long found;

	free(c->range);
	c->taken = 0;
	c->total = 0;
	c->nr = 0;
	p->price = -1;
	p->nr_ranges = ~0UL;
	found = cb_plan_price(p);
	/* ASan sees it if more is used. */
	c->range = exact_alloc(2 * p->nr_ranges * sizeof(*c->range));
	memset(c->range, 0xff, 2 * p->nr_ranges * sizeof(*c->range));
	c->nr = cb_plan_ranges(p, c->range);
	if (c->nr > p->nr_ranges)
		plan_fail(c, "more than the %lu ranges foretold", p->nr_ranges);
	check_ranges(c);
	if (c->taken != (p->need < can ? p->need : can))
		plan_fail(c, "wrong number of slots, %lu can be had", can);
	if (found > can || found < c->taken)
		plan_fail(c, "found %lu, %lu can be had", found, can);
}
