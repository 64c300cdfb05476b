// SPDX-License-Identifier: GPL-2.0-only
/*
 * How far a plan can be from the cheapest, when there is a fee.
 *
 * At price p every slot in a run that is worth taking pays for itself, up to a
 * fall of less than the fee in between. The plan is what is worth taking at
 * p - 1, which is the cheapest way to that many slots, and some pieces of what
 * is added at p. For each slot that is missing, any plan at all pays p - 1 or
 * more. The plan pays
 * - for a piece taken whole, less than p for each of its slots (joining two
 *   runs saves a fee, and a run that is new pays for its own), thus less than
 *   one more per slot;
 * - for the one piece that is shrunk, less than p a slot and a fee (the fall),
 *   since its ends are no dearer; and a fee if the cheapest place touches
 *   neither of its neighbours.
 * So it is less than (a unit of the price per missing slot) + 2 * fee above
 * the cheapest.
 */
#include "plan_case.h"
#include "plan_ref.h"

#define CASES	60000
#define SLOTS	48

/* The worst so far, and how it all adds up. */
struct gaps {
	unsigned long cases, exact;
	long worst;
	double fees;
	double sum, sum_best;
};

static void count(struct gaps *g, const struct plan_case *c, long best,
		  double allowance)
{
	long gap = c->total - best;
	double fees;

	g->cases++;
	g->exact += !gap;
	g->sum += (double)gap;
	g->sum_best += (double)best;
	if (gap > g->worst)
		g->worst = gap;
	if (!c->plan.fee)
		return;
	/* Beside what the rounding of the price explains. */
	fees = ((double)gap - allowance) / (double)c->plan.fee;
	if (fees > g->fees)
		g->fees = fees;
}

static void check(struct gaps *g, struct plan_case *c, long best)
{
	const struct cb_plan *p = &c->plan;
	unsigned long base, full;
	long least, missing;

	least = ref_at_price(p->slot, p->nr_slots, p->doubtful, (long)p->fee,
			     p->price - 1, &base);
	ref_at_price(p->slot, p->nr_slots, p->doubtful, (long)p->fee, p->price,
		     &full);
	if (base >= c->taken || full < c->taken)
		plan_fail(c, "price takes %lu, one less %lu", full, base);
	if (c->total < best)
		plan_fail(c, "better than the best: %ld", best);
	if ((full == c->taken || !p->fee) && c->total != best)
		plan_fail(c, "%ld is possible", best);
	missing = (long)(c->taken - base);
	/* Less than the best, and what the reasoning above compares with. */
	least += (p->price - 1) * (long)c->taken;
	assert_true(least <= best * REF_PRICE_UNIT);
	if (c->total * REF_PRICE_UNIT >=
	    least + missing + 2 * (long)p->fee * REF_PRICE_UNIT)
		plan_fail(c, "%ld is possible", best);
	count(g, c, best, (double)missing / REF_PRICE_UNIT);
}

static void test_gap(void **state)
{
	unsigned long i, can, cases = env_number("CB_CASES", CASES);
	struct rnd r = rnd_start(__func__);
	long best[SLOTS + 1];
	struct gaps g = { 0 };
	struct plan_case c;

	(void)state;
	for (i = 0; i < cases; i++) {
		plan_slots(&c, &r, rnd_below(&r, SLOTS + 1));
		can = ref_takeable(c.plan.slot, c.plan.nr_slots,
				   c.plan.doubtful);
		ref_exact(c.plan.slot, c.plan.nr_slots, c.plan.doubtful,
			  c.plan.fee, can, best);
		for (c.plan.need = 1; c.plan.need <= can; c.plan.need++) {
			plan_make(&c);
			check(&g, &c, best[c.plan.need]);
		}
		plan_free(&c);
	}
	print_message("%lu plans, %lu optimal, %.2f %% above it on average\n",
		      g.cases, g.exact, 100.0 * g.sum / g.sum_best);
	print_message("worst: %ld above; beside rounding, %.2f fees\n", g.worst,
		      g.fees);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
