// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words: how they are told apart and combined into a request, which word is
 * blamed, how much input is too much; and lists of numbers.
 */
#include "parse_case.h"

static void test_nothing(void **state)
{
	(void)state;
	accept_none("");
	accept_none(" ");
	accept_none("\n");
	accept_none(" \t\r\n \n");
}

static void test_any_order(void **state)
{
	(void)state;
	accept_two("order=4 count=4800", 4, 4800);
	accept_two("count=4800 order=4", 4, 4800);
	accept_two("\t order=4\r\n\ncount=4800\n", 4, 4800);
}

static void test_all_keys(void **state)
{
	static const char text[] =
		"pool=0 floor_mb=-1 engine=single workers=11 salvage=0 partial=1 timeout_ms=10 "
		"retry_delay_ms=9 retries=-1 fast=1 align=8 count=7 order=6\n";
	static const long long want[CB_NR_KEYS] = {
		6, 7, 8, 1, -1, 9, 10, 1, 0, 11, CB_ENGINE_SINGLE, -1, 0,
	};
	struct parse_case c;

	(void)state;
	parse_text(&c, text, sizeof(text) - 1);
	assert_int_equal(c.ret, 0);
	assert_memory_equal(c.req.value, want, sizeof(want));
}

static void test_bare(void **state)
{
	(void)state;
	accept_one("4800", CB_K_COUNT, 4800);
	accept_one(" 4800\n", CB_K_COUNT, 4800);
	accept_one("18446744073709551615", CB_K_COUNT, -1);
	accept_two("4 4800", 4, 4800);
	accept_two("\t4\t4800\n", 4, 4800);
	accept_two("0 1", 0, 1);
	reject("[0]");
	reject("[18446744073709551616]");
	reject("[31] 1");
	reject("4 [0]");
	reject("4 4800 [1]");
	reject("4 4800 [1] 2");
	reject("4 [4800x] 1");
	reject("[4x] 4800");
	reject("[4x]");
	reject("[4=4]");
	reject("[-1]");
	reject("4 [-1]");
	reject("4 [+1]");
}

/* Bare numbers and keys do not mix, whichever comes first. */
static void test_bare_and_keys(void **state)
{
	(void)state;
	reject("4 [order=4]");
	reject("4 [count=4800]");
	reject("4 4800 [fast=1]");
	reject("[4800] order=4");
	reject("order=4 [4800]");
	reject("fast=1 [4] 4800");
}

static void test_unknown(void **state)
{
	(void)state;
	reject("[orde=4]");
	reject("[orders=4]");
	reject("[Order=4]");
	reject("[=4]");
	reject("[=]");
	reject("[order]");
	reject("[order] =4");
	reject("[order=] 4");
	reject("[order==4]");
	reject("[order=4=]");
	reject("[order=4,count=1]");
	reject("[timeout=1]");
	reject("[nonsense]");
	reject("order=4 [foo=1] count=1");
	reject("order=4 count=1 [;]");
}

static void test_twice(void **state)
{
	(void)state;
	reject("order=4 [order=4]");
	reject("order=4 count=1 [order=5]");
	reject("count=1 fast=0 [count=2] fast=1");
	reject("engine=bulk [engine=bulk]");
}

/* Many words are wrong: the first is named. */
static void test_first_bad_word(void **state)
{
	(void)state;
	reject("[order=x] count=x");
	reject("order=1 [count=0] foo order=2");
	reject("\n\n  [order=99]\n\n");
}

/* What comes before a bad word does not take effect: see parse_text(). */
static void test_all_or_nothing(void **state)
{
	(void)state;
	reject("order=1 count=2 align=3 fast=1 retries=4 [salvage=9]");
	reject("1 2 [3]");
	reject("1 [x]");
}

static void test_nul(void **state)
{
	static const struct {
		const char *text;
		unsigned long len, at, bad_len;
	} t[] = {
		{ "\0", 1, 0, 1 },
		{ "order=4\0", 8, 0, 8 },
		{ "order=\0", 7, 0, 7 },
		{ "order\0=4", 8, 0, 8 },
		{ "order=4 \0", 9, 8, 1 },
		{ "order=4\0count=1", 15, 0, 15 },
		{ "4800\0", 5, 0, 5 },
		{ "4 4800\0", 7, 2, 5 },
		{ "4 4800 \0", 8, 7, 1 },
		{ "engine=bulk\0", 12, 0, 12 },
	};
	struct parse_case c;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		parse_text(&c, t[i].text, t[i].len);
		assert_int_equal(c.ret, -1);
		assert_int_equal(c.bad_at, t[i].at);
		assert_int_equal(c.bad_len, t[i].bad_len);
	}
}

/* Blanks, with @word at the end. */
static void parse_padded(struct parse_case *c, unsigned long len,
			 const char *word)
{
	static char text[2 * CB_INPUT_MAX];

	assert_true(len <= sizeof(text));
	memset(text, ' ', len);
	memcpy(text + len - strlen(word), word, strlen(word));
	parse_text(c, text, len);
}

static void test_length(void **state)
{
	static const unsigned long long_ones[] = { 4097, 4098, 8192 };
	struct parse_case c;
	unsigned int i;

	(void)state;
	assert_int_equal(CB_INPUT_MAX, 4096);
	parse_padded(&c, 4096, "order=5");
	assert_int_equal(c.ret, 0);
	assert_int_equal(c.req.value[CB_K_ORDER], 5);
	parse_padded(&c, 4096, "");
	assert_int_equal(c.ret, 0);
	for (i = 0; i < ARRAY_SIZE(long_ones); i++) {
		parse_padded(&c, long_ones[i], "order=5");
		assert_int_equal(c.ret, -1);
		assert_int_equal(c.bad_at, 0);
		assert_int_equal(c.bad_len, long_ones[i]);
		parse_padded(&c, long_ones[i], "");
		assert_int_equal(c.ret, -1);
	}
}

static void test_long_words(void **state)
{
	static char text[CB_INPUT_MAX];
	struct parse_case c;

	(void)state;
	memset(text, '0', sizeof(text));
	text[sizeof(text) - 1] = '9';
	parse_text(&c, text, sizeof(text));
	assert_int_equal(c.ret, 0);
	assert_int_equal(c.req.value[CB_K_COUNT], 9);
	memset(text, '1', sizeof(text));
	parse_text(&c, text, sizeof(text));
	assert_int_equal(c.ret, -1);
	assert_int_equal(c.bad_len, sizeof(text));
}

/* Read the whole of @text; @want ends with a 0. */
static void numbers(const char *text, unsigned long len,
		    const unsigned long long *want, long bad_at,
		    unsigned long bad_len)
{
	char *copy = exact_alloc(len);
	const char *at = copy, *end = copy + len, *bad = NULL;
	unsigned long long number = 0;
	unsigned long nr = 0;
	int ret;

	memcpy(copy, text, len);
	for (;;) {
		ret = cb_numbers_next(&at, end, &number, &bad, &nr);
		assert_true(at >= copy && at <= end);
		if (ret != 1)
			break;
		assert_int_equal(number, *want);
		want++;
	}
	assert_int_equal(*want, 0);
	if (ret) {
		assert_int_equal(ret, -1);
		assert_ptr_equal(bad, copy + bad_at);
		assert_int_equal(nr, bad_len);
	} else {
		assert_ptr_equal(at, end);
		assert_null(bad);
		assert_int_equal(bad_at, -1);
	}
	free(copy);
}

#define NUMBERS(text, at, len, ...) \
	numbers(text, sizeof(text) - 1, \
		(const unsigned long long []){ __VA_ARGS__ }, at, len)

static void test_numbers(void **state)
{
	(void)state;
	NUMBERS("", -1, 0, 0);
	NUMBERS(" \n", -1, 0, 0);
	NUMBERS("3", -1, 0, 3, 0);
	NUMBERS("3 5 7", -1, 0, 3, 5, 7, 0);
	NUMBERS("\t3\n\n007 \r", -1, 0, 3, 7, 0);
	NUMBERS("18446744073709551615", -1, 0, ~0ULL, 0);
	NUMBERS("18446744073709551616", 0, 20, 0);
	NUMBERS("3 5x 7", 2, 2, 3, 0);
	NUMBERS("3 -5", 2, 2, 3, 0);
	NUMBERS("3,5", 0, 3, 0);
	NUMBERS("all", 0, 3, 0);
	NUMBERS("3\0 5", 0, 2, 0);
	NUMBERS("1 2 \0", 4, 1, 1, 2, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_all_keys),
		cmocka_unit_test(test_bare),
		cmocka_unit_test(test_bare_and_keys),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_first_bad_word),
		cmocka_unit_test(test_all_or_nothing),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_long_words),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
