// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small plans against all subsets of the slots: the yield is what is possible,
 * without a fee the plan is the cheapest there is, and with one it is the
 * cheapest wherever a price hits the number of slots exactly. The price is
 * the lowest that is enough.
 */
#include "plan_case.h"
#include "plan_ref.h"

#define CASES	12000

/* The number of slots in the smallest best choice at a price. */
static unsigned int taken_at(const long *best, unsigned int nr, long price)
{
	long lowest = 0, loss;
	unsigned int n, at = 0;

	for (n = 1; n <= nr && best[n] < REF_NEVER; n++) {
		loss = best[n] * REF_PRICE_UNIT - price * n;
		if (loss < lowest) {
			lowest = loss;
			at = n;
		}
	}
	return at;
}

static void check_against(struct plan_case *c, const long *best)
{
	const struct cb_plan *p = &c->plan;
	unsigned int base, full;
	long gap;

	gap = c->total - best[c->taken];
	if (gap < 0)
		plan_fail(c, "better than the best: %ld", best[c->taken]);
	if (gap && !p->fee)
		plan_fail(c, "without a fee, %ld is possible", best[c->taken]);
	if (!p->need)
		return;
	base = taken_at(best, p->nr_slots, p->price - 1);
	full = taken_at(best, p->nr_slots, p->price);
	if (base >= p->need || full < c->taken)
		plan_fail(c, "price takes %u, one less %u", full, base);
	if (gap && full == c->taken)
		plan_fail(c, "exact price, %ld is possible", best[c->taken]);
	/* test_plan_gap.c says why. */
	if (gap * REF_PRICE_UNIT > (long)(c->taken - base) +
				   2 * (long)p->fee * REF_PRICE_UNIT)
		plan_fail(c, "%ld is possible", best[c->taken]);
}

static void check_case(struct plan_case *c)
{
	unsigned long nr = c->plan.nr_slots;
	long best[REF_SUBSET_MAX + 1], again[REF_SUBSET_MAX + 1];

	ref_subsets(c->plan.slot, nr, c->plan.doubtful, c->plan.fee, best);
	ref_exact(c->plan.slot, nr, c->plan.doubtful, c->plan.fee, nr, again);
	assert_memory_equal(best, again, (nr + 1) * sizeof(*best));
	for (c->plan.need = 0; c->plan.need <= nr + 2; c->plan.need++) {
		plan_make(c);
		check_against(c, best);
	}
	c->plan.need = ~0UL;
	plan_make(c);
	check_against(c, best);
}

static void test_all_subsets(void **state)
{
	unsigned long i, cases = env_number("CB_CASES", CASES);
	struct rnd r = rnd_start(__func__);
	struct plan_case c;

	(void)state;
	for (i = 0; i < cases; i++) {
		/* All slots are few; most cases need not be the slowest. */
		plan_slots(&c, &r, rnd_chance(&r, 10) ? REF_SUBSET_MAX :
			   rnd_below(&r, 11));
		check_case(&c);
		plan_free(&c);
	}
}

/* A case in which the answer is plain. */
static void expect(unsigned long need, unsigned long fee, int doubtful,
		   const unsigned char *slot, unsigned long nr,
		   const char *taken)
{
	struct plan_case c = { .plan = {
		.slot = slot, .nr_slots = nr, .need = need, .fee = fee,
		.doubtful = doubtful,
	} };
	char *map = exact_alloc(nr + 1);
	unsigned long i;

	memset(map, '.', nr);
	map[nr] = '\0';
	plan_make(&c);
	for (i = 0; i < c.nr; i++)
		memset(map + c.range[i].start, '#', c.range[i].nr);
	assert_string_equal(map, taken);
	free(c.range);
	free(map);
}

#define EXPECT(need, fee, doubtful, taken, ...) do { \
	static const unsigned char slot_[] = { __VA_ARGS__ }; \
	expect(need, fee, doubtful, slot_, sizeof(slot_), taken); \
} while (0)

static void test_examples(void **state)
{
	(void)state;
	expect(3, 192, 1, NULL, 0, "");
	/* The cheapest, wherever they are. */
	EXPECT(2, 0, 0, ".#...#", 5, 1, 9, 9, 5, 2);
	/* One run that costs more beats two that cost less. */
	EXPECT(2, 10, 0, ".....##", 0, 50, 50, 0, 50, 4, 4);
	/* A dear slot is passed over, unless two fees are dearer. */
	EXPECT(4, 10, 0, "##.##", 0, 0, 50, 0, 0);
	EXPECT(5, 10, 0, "#####", 0, 0, 9, 0, 0);
	/* Of what is equally good, the piece that fits. */
	EXPECT(2, 0, 0, "....##", 7, 7, 7, CB_SLOT_BUSY, 7, 7);
	/* The cheapest part of a run, the first of those that cost the same. */
	EXPECT(2, 192, 0, ".##..", 3, 1, 1, 3, 2);
	EXPECT(2, 192, 0, "...##", 3, 3, 1, 1, 0);
	EXPECT(2, 192, 0, "##..", 1, 1, 1, 1);
	/* Doubtful slots only if allowed, and last. */
	EXPECT(3, 192, 0, "##.", 200, 200, CB_SLOT_WAIT);
	EXPECT(3, 192, 1, "###", 200, 200, CB_SLOT_WAIT);
	EXPECT(2, 0, 1, ".##", CB_SLOT_WAIT, 200, 200);
	/* Nothing that is in the way is taken, however much is wanted. */
	EXPECT(9, 1, 1, "#......", 0, CB_SLOT_REF, CB_SLOT_MASKED,
	       CB_SLOT_FAILED, CB_SLOT_BUSY, CB_SLOT_CLAIMED, CB_SLOT_HELD);
}

/* If a second run is out of the question: the cheapest place for one. */
static void test_one_run(void **state)
{
	struct rnd r = rnd_start(__func__);
	long cost, lowest, top = CB_SLOT_COST_MAX + 1;
	unsigned long from, s;
	struct plan_case c;
	int n;

	(void)state;
	for (n = 0; n < 5000; n++) {
		unsigned char slot[60];

		for (s = 0; s < sizeof(slot); s++)
			slot[s] = rnd_below(&r, top);
		c = (struct plan_case){ .plan = {
			.slot = slot,
			.nr_slots = rnd_range(&r, 1, sizeof(slot)),
			.fee = top * sizeof(slot),
		} };
		c.plan.need = rnd_range(&r, 1, c.plan.nr_slots);
		plan_make(&c);
		lowest = LONG_MAX;
		for (from = 0; from + c.taken <= c.plan.nr_slots; from++) {
			for (s = from, cost = 0; s < from + c.taken; s++)
				cost += slot[s];
			lowest = cost < lowest ? cost : lowest;
		}
		if (c.nr != 1 || (long)c.range[0].cost != lowest)
			plan_fail(&c, "one run for %ld is possible", lowest);
		free(c.range);
	}
}

/* Without a fee, nothing is left that is cheaper than what is taken. */
static void test_leaves_the_dear(void **state)
{
	struct rnd r = rnd_start(__func__);
	struct plan_case c;
	unsigned long s, i;
	long cost, dearest, left;
	int n;

	(void)state;
	for (n = 0; n < 20000; n++) {
		plan_slots(&c, &r, rnd_below(&r, 100));
		c.plan.fee = 0;
		c.plan.need = rnd_below(&r, c.plan.nr_slots + 1);
		plan_make(&c);
		dearest = -1;
		left = LONG_MAX;
		for (s = 0, i = 0; s < c.plan.nr_slots; s++) {
			cost = ref_cost(c.plan.slot[s], c.plan.doubtful);
			if (i < c.nr && s == c.range[i].start + c.range[i].nr)
				i++;
			if (i < c.nr && s >= c.range[i].start)
				dearest = cost > dearest ? cost : dearest;
			else if (cost >= 0 && cost < left)
				left = cost;
		}
		if (dearest > left)
			plan_fail(&c, "takes %ld, leaves %ld", dearest, left);
		plan_free(&c);
	}
}

/* The ranges of @p in a block of their own; *@nr is how many. */
static struct cb_range *ranges_of(struct cb_plan *p, unsigned long *nr)
{
	struct cb_range *r;

	cb_plan_price(p);
	r = exact_alloc(2 * p->nr_ranges * sizeof(*r));
	*nr = cb_plan_ranges(p, r);
	return r;
}

/* Of free memory alone: as if all else were in the way. */
static void test_free_only(void **state)
{
	struct rnd r = rnd_start(__func__);
	struct cb_range *free_only, *blocked;
	unsigned long s, nr_free, nr_blocked;
	struct plan_case c;
	unsigned char *slot;
	int n;

	(void)state;
	for (n = 0; n < 20000; n++) {
		plan_slots(&c, &r, rnd_below(&r, 200));
		c.plan.need = rnd_below(&r, c.plan.nr_slots + 2);
		c.plan.free_only = 1;
		free_only = ranges_of(&c.plan, &nr_free);
		assert_int_equal(cb_plan_spare(free_only, nr_free), 0);

		slot = (unsigned char *)c.plan.slot;
		for (s = 0; s < c.plan.nr_slots; s++)
			if (slot[s])
				slot[s] = CB_SLOT_BUSY;
		c.plan.free_only = 0;
		blocked = ranges_of(&c.plan, &nr_blocked);
		assert_int_equal(nr_free, nr_blocked);
		assert_memory_equal(free_only, blocked,
				    nr_free * sizeof(*blocked));
		free(free_only);
		free(blocked);
		plan_free(&c);
	}
}

/* Each call that migrates is worth the same number of others. */
static void test_spare(void **state)
{
	static const struct cb_range r[] = {
		{ 0, 9, 0 }, { 20, 1, 1 }, { 30, 5, 900 }, { 40, 1, 0 }
	};
	unsigned long one = cb_plan_spare(r + 1, 1);

	(void)state;
	assert_int_equal(cb_plan_spare(NULL, 0), 0);
	assert_int_equal(cb_plan_spare(r, 1), 0);
	assert_true(one > 0);
	assert_int_equal(cb_plan_spare(r + 2, 1), one);
	assert_int_equal(cb_plan_spare(r, 4), 2 * one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_all_subsets),
		cmocka_unit_test(test_one_run),
		cmocka_unit_test(test_leaves_the_dear),
		cmocka_unit_test(test_free_only),
		cmocka_unit_test(test_spare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
