// SPDX-License-Identifier: GPL-2.0-only
/* The example of docs/design.rst: what the page says is what the planner does. */
#include "unit.h"

static void test_example(void **state)
{
	static const unsigned char slot[] = {
		0, 0, 9, 0, CB_SLOT_BUSY, 2, 2, CB_SLOT_BUSY,
	};
	struct cb_plan plan = {
		.slot = slot, .nr_slots = 8, .need = 3, .fee = 5,
	};
	struct cb_range range[16];

	(void)state;
	assert_int_equal(cb_plan_price(&plan), 6);
	/* 4.5625, in sixteenths */
	assert_int_equal(plan.price, 73);
	assert_in_range(2 * plan.nr_ranges, 2, ARRAY_SIZE(range));
	assert_int_equal(cb_plan_ranges(&plan, range), 2);
	assert_int_equal(range[0].start, 0);
	assert_int_equal(range[0].nr, 2);
	assert_int_equal(range[0].cost, 0);
	assert_int_equal(range[1].start, 3);
	assert_int_equal(range[1].nr, 1);
	assert_int_equal(range[1].cost, 0);
}

static unsigned int pauses;

static void count_pause(void)
{
	pauses++;
}

/* Others may run at least each 8,192 slots, and it changes nothing. */
static void test_pauses(void **state)
{
	static unsigned char slot[100000];
	struct cb_plan plan = {
		.slot = slot, .nr_slots = sizeof(slot), .need = 50000,
		.fee = 5, .pause = count_pause,
	};
	struct cb_range range[16];

	(void)state;
	pauses = 0;
	assert_int_equal(cb_plan_price(&plan), sizeof(slot));
	assert_in_range(pauses, sizeof(slot) / 8192, ~0U);
	assert_int_equal(cb_plan_ranges(&plan, range), 1);
	assert_int_equal(range[0].nr, 50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_pauses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
