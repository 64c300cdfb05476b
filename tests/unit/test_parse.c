// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values: every key takes its whole range and nothing beside it, whatever the
 * number of digits; names and defaults are those of the design.
 */
#include <stdio.h>

#include "parse_case.h"

/* From the design, section 3 and 4, not from the code. */
static const struct {
	enum cb_key key;
	const char *name;
	const char *min, *max, *below, *above;
	long long min_value, max_value, initial;
} ranges[] = {
	{ CB_K_ORDER, "order", "0", "30", "-1", "31", 0, 30, 4 },
	{ CB_K_COUNT, "count", "1", "18446744073709551615", "0",
	  "18446744073709551616", 1, -1, 1 },
	{ CB_K_ALIGN, "align", "0", "30", "-1", "31", 0, 30, 0 },
	{ CB_K_FAST, "fast", "0", "1", "-1", "2", 0, 1, 0 },
	{ CB_K_RETRIES, "retries", "-1", "2147483647", "-2", "2147483648",
	  -1, INT_MAX, 0 },
	{ CB_K_RETRY_DELAY_MS, "retry_delay_ms", "0", "2147483647", "-1",
	  "2147483648", 0, INT_MAX, 100 },
	{ CB_K_TIMEOUT_MS, "timeout_ms", "0", "2147483647", "-1",
	  "2147483648", 0, INT_MAX, 0 },
	{ CB_K_PARTIAL, "partial", "0", "1", "-1", "2", 0, 1, 1 },
	{ CB_K_SALVAGE, "salvage", "0", "1", "-1", "2", 0, 1, 1 },
	{ CB_K_WORKERS, "workers", "0", "64", "-1", "65", 0, 64, 0 },
	{ CB_K_ENGINE, "engine", "bulk", "single", "bul", "bulkk",
	  CB_ENGINE_BULK, CB_ENGINE_SINGLE, CB_ENGINE_BULK },
	{ CB_K_FLOOR_MB, "floor_mb", "-1", "2147483647", "-2", "2147483648",
	  -1, INT_MAX, -1 },
	{ CB_K_POOL, "pool", "0", "1", "-1", "2", 0, 1, 1 },
};

static const char *const engines[] = {
	[CB_ENGINE_BULK] = "bulk",
	[CB_ENGINE_LINEAR] = "linear",
	[CB_ENGINE_CMA_ALLOC] = "cma_alloc",
	[CB_ENGINE_CMA_ALLOC_BLOCK] = "cma_alloc_block",
	[CB_ENGINE_SINGLE] = "single",
};

static void accept_value(unsigned int i, const char *value, long long number)
{
	char text[80];

	snprintf(text, sizeof(text), "%s=%s", ranges[i].name, value);
	accept_one(text, ranges[i].key, number);
}

static void reject_value(unsigned int i, const char *value)
{
	char text[160];

	snprintf(text, sizeof(text), "[%s=%s]", ranges[i].name, value);
	reject(text);
}

static void test_ranges(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(ARRAY_SIZE(ranges), CB_NR_KEYS);
	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		accept_value(i, ranges[i].min, ranges[i].min_value);
		accept_value(i, ranges[i].max, ranges[i].max_value);
		reject_value(i, ranges[i].below);
		reject_value(i, ranges[i].above);
	}
}

/* Numbers that look small once somebody has cut them to 32 or 64 bits. */
static void test_no_wrap(void **state)
{
	static const char *const values[] = {
		"4294967296", "4294967297", "-4294967295", "-4294967296",
		"9223372036854775808", "-9223372036854775807",
		"-9223372036854775808", "-9223372036854775809",
		"18446744073709551615", "-18446744073709551615",
		"18446744073709551616", "18446744073709551617",
		"18446744073709551620", "-18446744073709551617",
		"99999999999999999999", "100000000000000000000",
		"340282366920938463463374607431768211457",
	};
	unsigned int i, v;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ranges); i++)
		for (v = 0; v < ARRAY_SIZE(values); v++)
			if (ranges[i].key != CB_K_COUNT)
				reject_value(i, values[v]);
	reject("[count=18446744073709551617]");
	reject("[count=36893488147419103233]");
	accept_one("count=9223372036854775808", CB_K_COUNT, LLONG_MIN);
	accept_one("count=18446744073709551614", CB_K_COUNT, -2);
}

static void test_not_a_number(void **state)
{
	static const char *const values[] = {
		"", "-", "--1", "+1", "-0", "0x1", "1x", "x1", "1.0",
		"1e0", "1,", "1=", "=1", "/", ":", "1/", "1:", "\x80", "\xff",
		"1\x80", "1\v", "1\f", "\xb1", "true", "max",
	};
	unsigned int i, v;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ranges); i++)
		for (v = 0; v < ARRAY_SIZE(values); v++)
			reject_value(i, values[v]);
}

static void test_leading_zeros(void **state)
{
	(void)state;
	accept_one("order=00000000000000000000000000004", CB_K_ORDER, 4);
	accept_one("count=0004800", CB_K_COUNT, 4800);
	accept_one("retries=-01", CB_K_RETRIES, -1);
	reject("[count=000]");
}

static void test_engines(void **state)
{
	char text[40];
	int i;

	(void)state;
	assert_int_equal(ARRAY_SIZE(engines), CB_NR_ENGINES);
	for (i = 0; i < CB_NR_ENGINES; i++) {
		snprintf(text, sizeof(text), "engine=%s", engines[i]);
		accept_one(text, CB_K_ENGINE, i);
		assert_string_equal(cb_engine_name(i), engines[i]);
	}
	reject("[engine=]");
	reject("[engine=0]");
	reject("[engine=Bulk]");
	reject("[engine=cma_allo]");
	reject("[engine=cma_alloc_]");
	reject("[engine=cma_alloc_blocks]");
}

static void test_names_and_defaults(void **state)
{
	struct cb_request req;
	unsigned int i;

	(void)state;
	memset(&req, 0x5a, sizeof(req));
	cb_request_defaults(&req);
	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		assert_int_equal(ranges[i].key, i);
		assert_string_equal(cb_key_name(i), ranges[i].name);
		assert_int_equal(req.value[i], ranges[i].initial);
	}
}

/* One value alone, as a knob file passes it on: not terminated. */
static void test_value(void **state)
{
	static const char digits[] = { '3', '0', '0' };
	long long value = 77;

	(void)state;
	assert_int_equal(cb_value_parse(CB_K_ORDER, digits, 2, &value), 0);
	assert_int_equal(value, 30);
	value = 77;
	assert_int_equal(cb_value_parse(CB_K_ORDER, digits, 3, &value), -1);
	assert_int_equal(cb_value_parse(CB_K_ORDER, digits, 0, &value), -1);
	assert_int_equal(cb_value_parse(CB_K_COUNT, digits, 0, &value), -1);
	assert_int_equal(cb_value_parse(CB_K_COUNT, "0", 1, &value), -1);
	assert_int_equal(cb_value_parse(CB_K_ENGINE, "bulk", 3, &value), -1);
	assert_int_equal(cb_value_parse(CB_K_ENGINE, "bulk", 5, &value), -1);
	assert_int_equal(cb_value_parse(CB_K_RETRIES, "-1", 1, &value), -1);
	assert_int_equal(cb_value_parse(CB_K_RETRIES, "-2", 2, &value), -1);
	assert_int_equal(value, 77);
	assert_int_equal(cb_value_parse(CB_K_RETRIES, "-1", 2, &value), 0);
	assert_int_equal(value, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_no_wrap),
		cmocka_unit_test(test_not_a_number),
		cmocka_unit_test(test_leading_zeros),
		cmocka_unit_test(test_engines),
		cmocka_unit_test(test_names_and_defaults),
		cmocka_unit_test(test_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
