// SPDX-License-Identifier: GPL-2.0-only
/*
 * The grammar of a request: words "key=value" in any order, or one bare number
 * (count), or two (order, count). Numbers are decimal.
 *
 * A request is parsed whole before any of it takes effect; every value is
 * range checked as a 64-bit number before anybody narrows it.
 */
#include "parse.h"

#define CB_INT_MAX	2147483647LL
/* Shifting a page count by it still fits a long; no region is that large. */
#define CB_ORDER_MAX	30
#define CB_WORKERS_MAX	64

struct word {
	const char *text;
	unsigned long len;
};

static const struct {
	const char *name;
	long long min;
	long long max;
	long long initial;
} keys[CB_NR_KEYS] = {
	[CB_K_ORDER]		= { "order", 0, CB_ORDER_MAX, 4 },
	/* Up to 2^64 - 1, see parse_count(). */
	[CB_K_COUNT]		= { "count", 1, 0, 1 },
	[CB_K_ALIGN]		= { "align", 0, CB_ORDER_MAX, 0 },
	[CB_K_FAST]		= { "fast", 0, 1, 0 },
	[CB_K_RETRIES]		= { "retries", -1, CB_INT_MAX, 0 },
	[CB_K_RETRY_DELAY_MS]	= { "retry_delay_ms", 0, CB_INT_MAX, 100 },
	[CB_K_TIMEOUT_MS]	= { "timeout_ms", 0, CB_INT_MAX, 0 },
	[CB_K_PARTIAL]		= { "partial", 0, 1, 1 },
	[CB_K_SALVAGE]		= { "salvage", 0, 1, 1 },
	[CB_K_WORKERS]		= { "workers", 0, CB_WORKERS_MAX, 0 },
	/* Its values have names. */
	[CB_K_ENGINE]		= { "engine", 0, CB_NR_ENGINES - 1, CB_ENGINE_BULK },
	[CB_K_FLOOR_MB]		= { "floor_mb", -1, CB_INT_MAX, -1 },
	[CB_K_POOL]		= { "pool", 0, 1, 1 },
};

static const char *const engines[CB_NR_ENGINES] = {
	[CB_ENGINE_BULK]		= "bulk",
	[CB_ENGINE_LINEAR]		= "linear",
	[CB_ENGINE_CMA_ALLOC]		= "cma_alloc",
	[CB_ENGINE_CMA_ALLOC_BLOCK]	= "cma_alloc_block",
	[CB_ENGINE_SINGLE]		= "single",
};

static int is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int next_word(const char **text, const char *end, struct word *w)
{
	const char *p = *text;

	while (p < end && is_space(*p))
		p++;
	w->text = p;
	while (p < end && !is_space(*p))
		p++;
	w->len = p - w->text;
	*text = p;
	return w->len != 0;
}

static int word_is(const char *text, unsigned long len, const char *name)
{
	unsigned long i;

	for (i = 0; i < len; i++)
		if (!name[i] || text[i] != name[i])
			return 0;
	return !name[len];
}

/* Digits only, the whole of @text, no overflow. */
static int parse_digits(const char *text, unsigned long len,
			unsigned long long *value)
{
	unsigned long long v = 0;
	unsigned long i;

	if (!len)
		return -1;
	for (i = 0; i < len; i++) {
		unsigned int digit = (unsigned int)text[i] - '0';

		if (digit > 9 || v > (~0ULL - digit) / 10)
			return -1;
		v = v * 10 + digit;
	}
	*value = v;
	return 0;
}

/* The region's size bounds it; that check has an errno of its own. */
static int parse_count(const char *text, unsigned long len, long long *value)
{
	unsigned long long v;

	if (parse_digits(text, len, &v) || !v)
		return -1;
	*value = (long long)v;
	return 0;
}

static int parse_engine(const char *text, unsigned long len, long long *value)
{
	int i;

	for (i = 0; i < CB_NR_ENGINES; i++) {
		if (word_is(text, len, engines[i])) {
			*value = i;
			return 0;
		}
	}
	return -1;
}

/**
 * cb_key_name() - the word for a key
 * @key: the key
 *
 * Return: a constant string.
 */
const char *cb_key_name(enum cb_key key)
{
	return keys[key].name;
}

/**
 * cb_engine_name() - the word for an engine
 * @engine: the engine
 *
 * Return: a constant string.
 */
const char *cb_engine_name(enum cb_engine engine)
{
	return engines[engine];
}

/**
 * cb_value_parse() - read the value of one key
 * @key: the key, which sets the range
 * @text: the value, without blanks around it
 * @len: its length in bytes
 * @value: set if it is good, else untouched
 *
 * Return: 0, or -1 if it is not a number, out of range, or not an engine.
 */
int cb_value_parse(enum cb_key key, const char *text, unsigned long len,
		   long long *value)
{
	unsigned long long v;
	int negative;

	if (key == CB_K_ENGINE)
		return parse_engine(text, len, value);
	if (key == CB_K_COUNT)
		return parse_count(text, len, value);

	negative = len && text[0] == '-';
	if (parse_digits(text + negative, len - negative, &v))
		return -1;
	if (negative) {
		if (!v || v > (unsigned long long)-keys[key].min)
			return -1;
		*value = -(long long)v;
		return 0;
	}
	if (v > (unsigned long long)keys[key].max ||
	    (long long)v < keys[key].min)
		return -1;
	*value = (long long)v;
	return 0;
}

/**
 * cb_value_in_range() - is a value one that cb_value_parse() could have read?
 * @key: the key
 * @value: the value; that of CB_K_COUNT is unsigned
 *
 * Return: 1 if it is, else 0.
 */
int cb_value_in_range(enum cb_key key, long long value)
{
	if (key == CB_K_COUNT)
		return value != 0;
	return value >= keys[key].min && value <= keys[key].max;
}

/**
 * cb_request_defaults() - the values that the knobs begin with
 * @req: filled in
 */
void cb_request_defaults(struct cb_request *req)
{
	int key;

	for (key = 0; key < CB_NR_KEYS; key++)
		req->value[key] = keys[key].initial;
}

/* One word "key=value"; @seen has a bit for each key that came before. */
static int parse_pair(struct cb_request *req, const struct word *w,
		      unsigned int *seen)
{
	unsigned long n = 0;
	int key;

	while (n < w->len && w->text[n] != '=')
		n++;
	if (n == w->len)
		return -1;
	for (key = 0; key < CB_NR_KEYS; key++)
		if (word_is(w->text, n, keys[key].name))
			break;
	/* A key given twice is a mistake whichever of the two was meant. */
	if (key == CB_NR_KEYS || *seen & 1u << key)
		return -1;
	*seen |= 1u << key;
	return cb_value_parse(key, w->text + n + 1, w->len - n - 1,
			      &req->value[key]);
}

static int is_number(const struct word *w)
{
	return w->text[0] >= '0' && w->text[0] <= '9';
}

/* "COUNT" or "ORDER COUNT", with nothing behind it. */
static int parse_bare(struct cb_request *req, struct word *w,
		      const char *text, const char *end)
{
	struct word second = { 0 };

	if (next_word(&text, end, &second)) {
		if (cb_value_parse(CB_K_ORDER, w->text, w->len,
				   &req->value[CB_K_ORDER]))
			return -1;
		*w = second;
	}
	if (cb_value_parse(CB_K_COUNT, w->text, w->len,
			   &req->value[CB_K_COUNT]))
		return -1;
	return next_word(&text, end, w) ? -1 : 0;
}

/**
 * cb_request_parse() - read a request
 * @req: holds the knobs' values on entry; what the text names is replaced.
 *	Untouched if the text is malformed.
 * @text: the text, not necessarily terminated; an empty one asks for what the
 *	knobs say
 * @len: its length in bytes, at most CB_INPUT_MAX
 * @bad: set to the offending word if there is one
 * @bad_len: set to its length
 *
 * Return: 0, or -1 if the text is malformed.
 */
int cb_request_parse(struct cb_request *req, const char *text,
		     unsigned long len, const char **bad,
		     unsigned long *bad_len)
{
	const char *end = text + len;
	struct cb_request new = *req;
	struct word w = { text, len };
	unsigned int seen = 0;
	int words = 0;
	int ret = len > CB_INPUT_MAX ? -1 : 0;

	while (!ret && next_word(&text, end, &w)) {
		if (!words++ && is_number(&w)) {
			ret = parse_bare(&new, &w, text, end);
			break;
		}
		ret = parse_pair(&new, &w, &seen);
	}
	if (ret) {
		*bad = w.text;
		*bad_len = w.len;
		return -1;
	}
	*req = new;
	return 0;
}

/**
 * cb_numbers_next() - take the next number off a list such as "3 5 7"
 * @text: where to read on; moved behind the number
 * @end: end of the list
 * @number: set if there is one
 * @bad: set to the offending word if there is one
 * @bad_len: set to its length
 *
 * Return: 1 with a number, 0 at the end of the list, -1 if the next word is
 * not a number.
 */
int cb_numbers_next(const char **text, const char *end,
		    unsigned long long *number, const char **bad,
		    unsigned long *bad_len)
{
	struct word w;

	if (!next_word(text, end, &w))
		return 0;
	if (!parse_digits(w.text, w.len, number))
		return 1;
	*bad = w.text;
	*bad_len = w.len;
	return -1;
}
