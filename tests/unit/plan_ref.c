// SPDX-License-Identifier: GPL-2.0-only
/*
 * Three slow planners: all subsets, the textbook dynamic programme for an exact
 * number of slots, and the one for a price. The first is beyond doubt, the
 * others are checked against it.
 *
 * "Total" is the cost of the slots taken and a fee for each run of them.
 */
#include "plan_ref.h"

/**
 * ref_cost() - what a slot costs
 * @value: the slot
 * @doubtful: slots that the kernel would have to wait for may be taken
 *
 * Return: its cost, -1 if it cannot be had.
 */
long ref_cost(unsigned char value, int doubtful)
{
	if (value <= 200)
		return value;
	return doubtful && value == CB_SLOT_WAIT ? 400 : -1;
}

/**
 * ref_takeable() - how many slots can be had
 */
unsigned long ref_takeable(const unsigned char *slot, unsigned long nr,
			   int doubtful)
{
	unsigned long i, n = 0;

	for (i = 0; i < nr; i++)
		n += ref_cost(slot[i], doubtful) >= 0;
	return n;
}

/**
 * ref_subsets() - the lowest total for every number of slots, from all subsets
 * @best: by the number of slots, 0 to @nr; REF_NEVER if there are not as many
 */
void ref_subsets(const unsigned char *slot, unsigned int nr, int doubtful,
		 long fee, long *best)
{
	unsigned int i, set, n;
	long total, cost;

	assert_true(nr <= REF_SUBSET_MAX);
	for (n = 0; n <= nr; n++)
		best[n] = REF_NEVER;
	for (set = 0; set < 1u << nr; set++) {
		total = fee * __builtin_popcount(set & ~(set << 1));
		for (i = 0, n = 0; i < nr; i++) {
			if (!(set & 1u << i))
				continue;
			cost = ref_cost(slot[i], doubtful);
			if (cost < 0)
				break;
			total += cost;
			n++;
		}
		if (i == nr && total < best[n])
			best[n] = total;
	}
}

/**
 * ref_exact() - the lowest total for every number of slots up to @max
 * @best: by the number of slots; REF_NEVER if there are not as many
 *
 * Takes time and the like of @nr times @max.
 */
void ref_exact(const unsigned char *slot, unsigned long nr, int doubtful,
	       long fee, unsigned long max, long *best)
{
	/* The last slot is taken; @best: whether or not it is. */
	long *open = exact_alloc((max + 1) * sizeof(*open));
	unsigned long i, n;
	long cost, extend;

	for (n = 0; n <= max; n++) {
		best[n] = REF_NEVER;
		open[n] = REF_NEVER;
	}
	best[0] = 0;
	for (i = 0; i < nr; i++) {
		cost = ref_cost(slot[i], doubtful);
		for (n = i + 1 < max ? i + 1 : max; n; n--) {
			extend = best[n - 1] + fee;
			if (open[n - 1] < extend)
				extend = open[n - 1];
			open[n] = cost < 0 || extend >= REF_NEVER ?
				  REF_NEVER : extend + cost;
		}
		open[0] = REF_NEVER;
		for (n = i + 1 < max ? i + 1 : max; n; n--)
			if (open[n] < best[n])
				best[n] = open[n];
	}
	free(open);
}

struct profit {
	long loss;
	unsigned long taken;
};

static struct profit better(struct profit a, struct profit b)
{
	if (a.loss != b.loss)
		return a.loss < b.loss ? a : b;
	return a.taken <= b.taken ? a : b;
}

/**
 * ref_at_price() - the best choice if every slot taken earns a price
 * @price: the price, in its own unit
 * @taken: the number of slots of the smallest best choice
 *
 * Return: the lowest (total - @price * slots), in the unit of the price.
 */
long ref_at_price(const unsigned char *slot, unsigned long nr, int doubtful,
		  long fee, long price, unsigned long *taken)
{
	struct profit closed = { 0, 0 }, open = { REF_NEVER, 0 }, begin;
	unsigned long i;
	long cost;

	for (i = 0; i < nr; i++) {
		cost = ref_cost(slot[i], doubtful);
		begin = closed;
		begin.loss += fee * REF_PRICE_UNIT;
		open = better(open, begin);
		open.loss += cost * REF_PRICE_UNIT - price;
		open.taken++;
		if (cost < 0)
			open = (struct profit){ REF_NEVER, 0 };
		closed = better(closed, open);
	}
	*taken = closed.taken;
	return closed.loss;
}
