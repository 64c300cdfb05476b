/* SPDX-License-Identifier: GPL-2.0-only */
/* Which slots to take, and in which ranges. */
#ifndef CMA_BULK_CORE_PLAN_H
#define CMA_BULK_CORE_PLAN_H

#include "slots.h"

/**
 * struct cb_range - neighbouring slots that go to the kernel in one call
 * @start: first slot
 * @nr: number of slots
 * @cost: sum of their costs
 */
struct cb_range {
	unsigned int start;
	unsigned int nr;
	unsigned long cost;
};

/**
 * struct cb_plan - which slots to take, and in which runs
 * @slot: the slots
 * @nr_slots: how many
 * @need: how many are wanted
 * @fee: what one call of the kernel costs, in the unit of a slot's cost
 * @doubtful: slots with CB_WAIT pages may be taken
 * @free_only: only slots that cost nothing may be taken
 * @pause: called between two pieces of work, for others to run; NULL for none
 * @price: found by cb_plan_price(): the price of a slot at which enough of
 *	them are worth taking, in a finer unit than @fee
 * @nr_ranges: found by cb_plan_price(): cb_plan_ranges() needs room for twice
 *	as many
 */
struct cb_plan {
	const unsigned char *slot;
	unsigned long nr_slots;
	unsigned long need;
	unsigned long fee;
	int doubtful;
	int free_only;
	void (*pause)(void);
	long price;
	unsigned long nr_ranges;
};

unsigned long cb_plan_price(struct cb_plan *p);
unsigned long cb_plan_ranges(const struct cb_plan *p, struct cb_range *out);
unsigned long cb_plan_spare(const struct cb_range *r, unsigned long nr);

#endif
