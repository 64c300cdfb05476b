// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pass that a plan is built on, which is not visible from outside: at any
 * price it finds the smallest of the best choices; a higher price only adds to
 * it; nothing is worth taking for nothing, and all is at the highest price.
 */
#include "plan_ref.h"
#include "plan.c"

/* A choice of slots is a mask. */
#define SLOTS	64

static unsigned long long choice(const struct cb_plan *p, long price)
{
	struct cb_range out[SLOTS];
	unsigned long long mask = 0;
	unsigned long i, s, nr = 0;
	struct walk w;

	walk_slots(&w, p, price, out);
	for (i = 0; i < w.nr_out; i++) {
		nr += out[i].nr;
		for (s = 0; s < out[i].nr; s++)
			mask |= 1ULL << (out[i].start + s);
	}
	assert_int_equal(nr, w.nr_slots);
	assert_int_equal(nr, __builtin_popcountll(mask));
	return mask;
}

static unsigned long long takeable(const struct cb_plan *p)
{
	unsigned long long mask = 0;
	unsigned long i;

	for (i = 0; i < p->nr_slots; i++)
		if (ref_cost(p->slot[i], p->doubtful) >= 0)
			mask |= 1ULL << i;
	return mask;
}

static void random_plan(struct rnd *r, struct cb_plan *p, unsigned char *slot,
			unsigned long nr)
{
	unsigned long top = rnd_chance(r, 50) ? 10 : CB_SLOT_COST_MAX;
	unsigned long i;

	for (i = 0; i < nr; i++) {
		if (i && rnd_chance(r, 40))
			slot[i] = slot[i - 1];
		else if (rnd_chance(r, 85))
			slot[i] = rnd_below(r, top + 1);
		else
			slot[i] = rnd_range(r, CB_SLOT_WAIT, CB_SLOT_HELD);
	}
	*p = (struct cb_plan){
		.slot = slot, .nr_slots = nr, .doubtful = rnd_chance(r, 50),
		.fee = rnd_chance(r, 30) ? 0 : rnd_below(r, top * 3),
	};
}

static void test_nested(void **state)
{
	struct rnd r = rnd_start(__func__);
	unsigned long long less, more;
	unsigned char slot[SLOTS];
	struct cb_plan p;
	long price, top;
	int i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		random_plan(&r, &p, slot, rnd_below(&r, SLOTS + 1));
		top = (400 + (long)p.fee) * REF_PRICE_UNIT + 1;
		less = choice(&p, 0);
		assert_int_equal(less, 0);
		for (price = 1; price < top;
		     price += rnd_range(&r, 1, REF_PRICE_UNIT)) {
			more = choice(&p, price);
			assert_int_equal(less & ~more, 0);
			less = more;
		}
		assert_int_equal(choice(&p, top), takeable(&p));
	}
}

static long profit(const struct cb_plan *p, unsigned int mask, long price)
{
	long sum = -(long)p->fee * __builtin_popcount(mask & ~(mask << 1));
	long slots = __builtin_popcount(mask);

	for (; mask; mask &= mask - 1)
		sum -= ref_cost(p->slot[__builtin_ctz(mask)], p->doubtful);
	return sum * REF_PRICE_UNIT + slots * price;
}

/* The smallest best choice is within every best choice: their intersection. */
static void test_smallest_best(void **state)
{
	struct rnd r = rnd_start(__func__);
	unsigned int i, mask, common, all;
	unsigned char slot[SLOTS];
	struct cb_plan p;
	long price, best, here;

	(void)state;
	for (i = 0; i < 20000; i++) {
		random_plan(&r, &p, slot, rnd_below(&r, 10));
		price = rnd_below(&r, REF_PRICE_UNIT *
				      (rnd_chance(&r, 50) ? 20 : 300));
		all = takeable(&p);
		best = 0;
		common = 0;
		/* All subsets but the empty one, which comes first. */
		for (mask = all; mask; mask = (mask - 1) & all) {
			here = profit(&p, mask, price);
			if (here > best)
				common = mask;
			else if (here == best)
				common &= mask;
			best = here > best ? here : best;
		}
		assert_int_equal(choice(&p, price), common);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_smallest_best),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
