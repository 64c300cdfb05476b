// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ten million random texts: the parser must agree with the naive one on which
 * are requests, on all values, and on which word is wrong; must not touch the
 * request of a malformed text, nor read a byte outside of any.
 */
#include <stdio.h>

#include "fuzz.h"

#define FUZZ_CASES	10000000ULL

/*
 * A heap block for each length, so that the text ends where ASan's red zone
 * begins; kept, since malloc() would take longer than the parser.
 */
static char *exact[FUZZ_MAX + 1];

static char *exact_copy(const char *text, unsigned long len)
{
	if (!exact[len])
		exact[len] = exact_alloc(len);
	memcpy(exact[len], text, len);
	return exact[len];
}

static int exact_free(void **state)
{
	unsigned long len;

	(void)state;
	for (len = 0; len <= FUZZ_MAX; len++) {
		free(exact[len]);
		exact[len] = NULL;
	}
	return 0;
}

static void show(const char *what, unsigned long long i, const char *text,
		 unsigned long len)
{
	unsigned long n;

	fprintf(stderr, "case %llu, %lu bytes, %s: \"", i, len, what);
	for (n = 0; n < len; n++)
		fprintf(stderr, text[n] >= ' ' && text[n] <= '~' ? "%c" :
			"\\x%02x", (unsigned char)text[n]);
	fprintf(stderr, "\"\n");
	fail();
}

/* Knobs, with values that no text can ask for. */
static void knobs(struct cb_request *req)
{
	int key;

	for (key = 0; key < CB_NR_KEYS; key++)
		req->value[key] = -7000 - key;
}

/* Return: whether the text was a request. */
static int one_request(unsigned long long i, const char *text,
		       unsigned long len, unsigned long *given)
{
	struct fuzz_verdict want;
	struct cb_request req, before;
	const char *bad = NULL;
	unsigned long bad_len = 0;
	int ret, key;

	knobs(&before);
	req = before;
	want.req = before;
	ref_request(&want, text, len);
	text = exact_copy(text, len);
	ret = cb_request_parse(&req, text, len, &bad, &bad_len);
	if (ret && ret != -1)
		show("neither 0 nor -1", i, text, len);
	if (want.ok && ret)
		show("refused", i, text, len);
	if (!want.ok && !ret)
		show("accepted", i, text, len);
	if (ret) {
		if (memcmp(&req, &before, sizeof(req)))
			show("touched", i, text, len);
		if (bad != text + want.bad_at || bad_len != want.bad_len)
			show("blames another word", i, text, len);
		return 0;
	}
	if (memcmp(&req, &want.req, sizeof(req)))
		show("other values", i, text, len);
	for (key = 0; key < CB_NR_KEYS; key++)
		given[key] += req.value[key] != before.value[key];
	return 1;
}

static void fuzz_requests(void **state)
{
	unsigned long long cases = env_number("CB_FUZZ", FUZZ_CASES);
	unsigned long given[CB_NR_KEYS] = { 0 };
	struct rnd r = rnd_start(__func__);
	unsigned long long i, good = 0;
	char text[FUZZ_MAX];
	int key;

	(void)state;
	for (i = 0; i < cases; i++)
		good += one_request(i, text, fuzz_request(&r, text), given);
	print_message("%llu texts, %llu of them requests\n", cases, good);
	/* Texts that are all good or all bad would not say much. */
	assert_in_range(good, cases / 4, cases - cases / 4);
	for (key = 0; key < CB_NR_KEYS; key++)
		assert_true(given[key] >= cases / 100);
}

/* Return: how many numbers there were before the end or the first bad word. */
static unsigned long one_list(unsigned long long i, char *copy,
			      unsigned long len)
{
	static char again[FUZZ_MAX + 1];
	const char *text = exact_copy(copy, len), *at = text, *bad = NULL;
	unsigned long long number = 0, want = 0;
	unsigned long bad_len = 0, nr = 0;
	char *rest = again, *word;
	int ret;

	memcpy(again, copy, len);
	again[len] = '\0';
	for (rest = again; rest < again + len; rest++)
		*rest = *rest ? *rest : '\1';
	rest = again;
	while ((word = strsep(&rest, " \t\n\r"))) {
		if (!*word)
			continue;
		ret = cb_numbers_next(&at, text + len, &number, &bad, &bad_len);
		if (!ref_number(word, &want)) {
			if (ret != -1 || bad != text + (word - again) ||
			    bad_len != strlen(word))
				show("blames another word", i, text, len);
			return nr;
		}
		if (ret != 1 || number != want)
			show("other number", i, text, len);
		nr++;
	}
	if (cb_numbers_next(&at, text + len, &number, &bad, &bad_len))
		show("no end", i, text, len);
	return nr;
}

static void fuzz_lists(void **state)
{
	unsigned long long cases = env_number("CB_FUZZ", FUZZ_CASES) / 10;
	struct rnd r = rnd_start(__func__);
	unsigned long long i, numbers = 0;
	char text[FUZZ_MAX];

	(void)state;
	for (i = 0; i < cases; i++)
		numbers += one_list(i, text, fuzz_numbers(&r, text));
	print_message("%llu lists, %llu numbers\n", cases, numbers);
	assert_true(numbers >= cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fuzz_requests),
		cmocka_unit_test(fuzz_lists),
	};

	return cmocka_run_group_tests(tests, NULL, exact_free);
}
