// SPDX-License-Identifier: GPL-2.0-only
/* How eagerly a pool is filled up: fast, then patiently, then after rests. */
#include "unit.h"

#include "pace.h"

/* A piece of 10 chunks, of which @got are had: how it goes on. */
static void step(struct cb_pace *p, unsigned long got, unsigned int rest,
		 int fast)
{
	assert_int_equal(cb_pace_next(p, 10, got), rest);
	assert_int_equal(!p->fast, !fast);
}

static void test_enough(void **state)
{
	struct cb_pace p;
	int i;

	(void)state;
	cb_pace_start(&p);
	assert_true(p.fast);
	for (i = 0; i < 100; i++)
		step(&p, 10, 0, 1);
}

static void test_patient(void **state)
{
	struct cb_pace p;
	int i;

	(void)state;
	cb_pace_start(&p);
	step(&p, 9, 0, 0);
	for (i = 0; i < 100; i++)
		step(&p, 10, 0, 0);
	step(&p, 9, CB_PACE_FIRST_MS, 1);
}

/* The rests double up to the longest, and begin anew when a piece is complete. */
static void test_rests(void **state)
{
	unsigned int rest = CB_PACE_FIRST_MS;
	struct cb_pace p;
	int i;

	(void)state;
	cb_pace_start(&p);
	for (i = 0; i < 100; i++) {
		step(&p, 0, 0, 0);
		step(&p, i % 10, rest, 1);
		rest = rest * 2 < CB_PACE_LAST_MS ? rest * 2 : CB_PACE_LAST_MS;
	}
	assert_int_equal(rest, CB_PACE_LAST_MS);
	step(&p, 0, 0, 0);
	step(&p, 10, 0, 0);
	step(&p, 0, CB_PACE_FIRST_MS, 1);
}

/* Whatever happens, a try follows within the longest rest. */
static void test_any(void **state)
{
	struct rnd rnd = { .state = 1 };
	unsigned long rested = 0, tries = 0;
	struct cb_pace p;
	int i;

	(void)state;
	cb_pace_start(&p);
	for (i = 0; i < 100000; i++) {
		unsigned long wanted = 1 + rnd_below(&rnd, 256);
		unsigned int rest = cb_pace_next(&p, wanted,
						 rnd_below(&rnd, wanted + 1));

		assert_true(rest <= CB_PACE_LAST_MS);
		if (rest)
			assert_true(p.fast);
		rested += !!rest;
		tries++;
	}
	/* Never two rests without a fast and a patient try between them. */
	assert_true(rested && rested <= tries / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_enough),
		cmocka_unit_test(test_patient),
		cmocka_unit_test(test_rests),
		cmocka_unit_test(test_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
