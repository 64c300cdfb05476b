// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plans of the size of a real region, against references that take no time (a
 * price at a time, sorting) or a second (the exact dynamic programme).
 */
#include "plan_case.h"
#include "plan_ref.h"

#define SLOTS	10000

/* The @need cheapest slots, whatever the runs: by counting each cost. */
static long cheapest(const struct plan_case *c)
{
	unsigned long of_cost[401] = { 0 }, i, n, need = c->taken;
	long cost, sum = 0;

	for (i = 0; i < c->plan.nr_slots; i++) {
		cost = ref_cost(c->plan.slot[i], c->plan.doubtful);
		if (cost >= 0)
			of_cost[cost]++;
	}
	for (cost = 0; cost <= 400; cost++) {
		n = of_cost[cost] < need ? of_cost[cost] : need;
		sum += cost * (long)n;
		need -= n;
	}
	return sum;
}

static void random_case(struct plan_case *c, struct rnd *r)
{
	unsigned long can;

	plan_slots(c, r, rnd_range(r, SLOTS / 2, SLOTS));
	can = ref_takeable(c->plan.slot, c->plan.nr_slots, c->plan.doubtful);
	/* Now and then a little more than there is. */
	c->plan.need = rnd_below(r, 1 + 11 * can / 10);
}

static void test_no_fee(void **state)
{
	struct rnd r = rnd_start(__func__);
	struct plan_case c;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		random_case(&c, &r);
		c.plan.fee = 0;
		plan_make(&c);
		if (c.total != cheapest(&c))
			plan_fail(&c, "%ld is possible", cheapest(&c));
		plan_free(&c);
	}
}

static long at_price(const struct plan_case *c, long price,
		     unsigned long *taken)
{
	return ref_at_price(c->plan.slot, c->plan.nr_slots, c->plan.doubtful,
			    (long)c->plan.fee, price, taken);
}

/* The price is the lowest that is enough; the rest as in test_plan_gap.c. */
static void check_price(struct plan_case *c)
{
	long total = c->total * REF_PRICE_UNIT, least;
	unsigned long base, full;

	least = at_price(c, c->plan.price, &full);
	if (full < c->taken)
		plan_fail(c, "price takes %lu", full);
	if (full == c->taken && total != least + c->plan.price * (long)full)
		plan_fail(c, "exact price, and too dear");
	least = at_price(c, c->plan.price - 1, &base);
	if (base >= c->plan.need)
		plan_fail(c, "one less takes %lu", base);
	least += (c->plan.price - 1) * (long)c->taken;
	if (total > least + (long)(c->taken - base) +
		    2 * (long)c->plan.fee * REF_PRICE_UNIT)
		plan_fail(c, "too far from %ld", least);
}

static void test_price(void **state)
{
	struct rnd r = rnd_start(__func__);
	struct plan_case c;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		random_case(&c, &r);
		plan_make(&c);
		if (c.taken)
			check_price(&c);
		plan_free(&c);
	}
}

static void test_exact(void **state)
{
	struct rnd r = rnd_start(__func__);
	long *best = exact_alloc((SLOTS + 1) * sizeof(*best));
	struct plan_case c;
	int i;

	(void)state;
	for (i = 0; i < 12; i++) {
		plan_slots(&c, &r, SLOTS);
		if (i < 3)
			c.plan.fee = 0;
		c.plan.need = rnd_range(&r, 100, 4800);
		plan_make(&c);
		ref_exact(c.plan.slot, SLOTS, c.plan.doubtful,
			  (long)c.plan.fee, c.taken, best);
		print_message("need %lu fee %lu: %ld, best %ld\n", c.plan.need,
			      c.plan.fee, c.total, best[c.taken]);
		if (c.total < best[c.taken] ||
		    (!c.plan.fee && c.total != best[c.taken]))
			plan_fail(&c, "%ld is possible", best[c.taken]);
		if (c.taken)
			check_price(&c);
		plan_free(&c);
	}
	free(best);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_fee),
		cmocka_unit_test(test_price),
		cmocka_unit_test(test_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
