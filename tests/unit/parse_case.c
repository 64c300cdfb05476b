// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puts a text to the request parser, and checks what holds for every text:
 * nothing outside of it is read (it ends where its heap block ends, for ASan
 * to see), a malformed text leaves the request untouched, and the offending
 * word lies within the text.
 */
#include "parse_case.h"

/* A value that no text in the tests asks for. */
long long parse_before(int key)
{
	return -7000 - key;
}

void parse_text(struct parse_case *c, const char *text, unsigned long len)
{
	char *copy = exact_alloc(len);
	const char *bad = NULL;
	struct cb_request before;
	int key;

	memcpy(copy, text, len);
	for (key = 0; key < CB_NR_KEYS; key++)
		before.value[key] = parse_before(key);
	c->req = before;
	c->bad_len = 0;
	c->ret = cb_request_parse(&c->req, copy, len, &bad, &c->bad_len);
	if (c->ret) {
		assert_int_equal(c->ret, -1);
		assert_memory_equal(&c->req, &before, sizeof(before));
		assert_non_null(bad);
		assert_true(bad >= copy && bad + c->bad_len <= copy + len);
		assert_true(c->bad_len > 0);
		c->bad_at = bad - copy;
	} else {
		assert_null(bad);
	}
	assert_memory_equal(copy, text, len);
	free(copy);
}

static void parse_good(struct parse_case *c, const char *text)
{
	parse_text(c, text, strlen(text));
	if (c->ret)
		fail_msg("refused: \"%s\"", text);
}

void accept_none(const char *text)
{
	struct parse_case c;
	int key;

	parse_good(&c, text);
	for (key = 0; key < CB_NR_KEYS; key++)
		assert_int_equal(c.req.value[key], parse_before(key));
}

void accept_one(const char *text, enum cb_key key, long long value)
{
	struct parse_case c;
	int other;

	parse_good(&c, text);
	for (other = 0; other < CB_NR_KEYS; other++)
		assert_int_equal(c.req.value[other], other == (int)key ?
				 value : parse_before(other));
}

void accept_two(const char *text, long long order, long long count)
{
	struct parse_case c;
	int key;

	parse_good(&c, text);
	assert_int_equal(c.req.value[CB_K_ORDER], order);
	assert_int_equal(c.req.value[CB_K_COUNT], count);
	for (key = 0; key < CB_NR_KEYS; key++)
		if (key != CB_K_ORDER && key != CB_K_COUNT)
			assert_int_equal(c.req.value[key], parse_before(key));
}

void reject(const char *text)
{
	unsigned long len = 0, from = 0, to = 0;
	char *plain = exact_alloc(strlen(text) + 1);
	struct parse_case c;

	for (; *text; text++) {
		if (*text == '[')
			from = len;
		else if (*text == ']')
			to = len;
		else
			plain[len++] = *text;
	}
	plain[len] = '\0';
	parse_text(&c, plain, len);
	if (!c.ret)
		fail_msg("accepted: \"%s\"", plain);
	if (c.bad_at != from || c.bad_len != to - from)
		fail_msg("\"%s\": blamed \"%.*s\"", plain, (int)c.bad_len,
			 plain + c.bad_at);
	free(plain);
}
