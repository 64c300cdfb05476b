// SPDX-License-Identifier: GPL-2.0-only
/*
 * Summary of a pageblock: every page is counted once and in the right column,
 * however it came in runs, and the state follows from the counts.
 */
#include "unit.h"

static unsigned int *column(struct cb_block *b, enum cb_class class)
{
	switch (class) {
	case CB_FREE:
		return &b->free;
	case CB_CLEAN:
	case CB_COPY:
	case CB_DIRTY:
		return &b->movable;
	case CB_WAIT:
	case CB_REF:
	case CB_BUSY:
	case CB_CLAIMED:
		return &b->busy;
	case CB_HELD:
		return &b->held;
	default:
		fail();
		return NULL;
	}
}

static void test_columns(void **state)
{
	int class;

	(void)state;
	for (class = 0; class < CB_NR_CLASSES; class++) {
		struct cb_block b = { 1, 2, 3, 4 }, want = b;

		cb_block_add(&b, class, 70);
		*column(&want, class) += 70;
		assert_memory_equal(&b, &want, sizeof(b));
		cb_block_add(&b, class, 0);
		assert_memory_equal(&b, &want, sizeof(b));
	}
}

static void test_sums(void **state)
{
	struct rnd r = rnd_start(__func__);
	int i, n;

	(void)state;
	for (i = 0; i < 1000; i++) {
		struct cb_block b = { 0 }, want = { 0 };

		for (n = rnd_below(&r, 50); n; n--) {
			enum cb_class class = rnd_below(&r, CB_NR_CLASSES);
			unsigned int nr = rnd_below(&r, 8192), first;

			first = rnd_below(&r, nr + 1);
			cb_block_add(&b, class, first);
			cb_block_add(&b, class, nr - first);
			*column(&want, class) += nr;
		}
		assert_memory_equal(&b, &want, sizeof(b));
	}
}

static void test_states(void **state)
{
	static const struct {
		struct cb_block b;
		const char *state;
	} t[] = {
		{ { 0, 0, 0, 0 }, "free" },
		{ { 512, 0, 0, 0 }, "free" },
		{ { 0, 512, 0, 0 }, "movable" },
		{ { 511, 1, 0, 0 }, "movable" },
		{ { 0, 0, 512, 0 }, "busy" },
		{ { 511, 0, 1, 0 }, "busy" },
		{ { 0, 511, 1, 0 }, "busy" },
		{ { 0, 0, 0, 512 }, "held" },
		{ { 511, 0, 0, 1 }, "mixed" },
		{ { 0, 1, 0, 511 }, "mixed" },
		{ { 0, 0, 1, 511 }, "mixed" },
		{ { 1, 1, 1, 1 }, "mixed" },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(t); i++)
		assert_string_equal(cb_block_state(&t[i].b), t[i].state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
