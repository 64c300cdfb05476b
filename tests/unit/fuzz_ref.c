// SPDX-License-Identifier: GPL-2.0-only
/*
 * A second parser of requests, written from the design with the C library and
 * with no thought for speed or for input that is not a string: split into
 * words, look each up, convert it, compare it with its range.
 */
#include <errno.h>

#include "fuzz.h"

static const struct {
	const char *name;
	long long min, max;
} ref_keys[CB_NR_KEYS] = {
	{ "order", 0, 30 }, { "count", 1, 0 }, { "align", 0, 30 },
	{ "fast", 0, 1 }, { "retries", -1, 0x7fffffff },
	{ "retry_delay_ms", 0, 0x7fffffff }, { "timeout_ms", 0, 0x7fffffff },
	{ "partial", 0, 1 }, { "salvage", 0, 1 }, { "workers", 0, 64 },
	{ "engine", 0, 0 }, { "floor_mb", -1, 0x7fffffff },
	{ "pool", 0, 1 },
};

static const char *const ref_engines[] = {
	"bulk", "linear", "cma_alloc", "cma_alloc_block", "single",
};

/**
 * ref_number() - convert a word of decimal digits
 * @word: a string
 * @number: the number
 *
 * Return: whether it is one, and fits 64 bits.
 */
int ref_number(const char *word, unsigned long long *number)
{
	if (!*word || word[strspn(word, "0123456789")])
		return 0;
	errno = 0;
	*number = strtoull(word, NULL, 10);
	return !errno;
}

static int ref_signed(const char *word, long long *number)
{
	const char *digits = word + (*word == '-');

	if (!*digits || digits[strspn(digits, "0123456789")])
		return 0;
	errno = 0;
	*number = strtoll(word, NULL, 10);
	/* There is no negative zero. */
	return !errno && !(*word == '-' && !*number);
}

static int ref_value(int key, const char *word, long long *value)
{
	unsigned long long count;
	long long number;
	size_t i;

	if (key == CB_K_ENGINE) {
		for (i = 0; i < ARRAY_SIZE(ref_engines); i++) {
			if (!strcmp(word, ref_engines[i])) {
				*value = i;
				return 1;
			}
		}
		return 0;
	}
	if (key == CB_K_COUNT) {
		if (!ref_number(word, &count) || !count)
			return 0;
		*value = (long long)count;
		return 1;
	}
	if (!ref_signed(word, &number) || number < ref_keys[key].min ||
	    number > ref_keys[key].max)
		return 0;
	*value = number;
	return 1;
}

static int ref_pair(struct cb_request *req, char *word, int *given)
{
	char *value = strchr(word, '=');
	int key;

	if (!value)
		return 0;
	*value++ = '\0';
	for (key = 0; key < CB_NR_KEYS; key++)
		if (!strcmp(word, ref_keys[key].name))
			return !given[key]++ &&
			       ref_value(key, value, &req->value[key]);
	return 0;
}

/* Which of the @nr words is wrong? @nr if none is. */
static int ref_words(struct cb_request *req, char **word, int nr)
{
	int given[CB_NR_KEYS] = { 0 }, i;

	if (nr && strchr("0123456789", *word[0])) {
		i = 0;
		if (nr > 1 && !ref_value(CB_K_ORDER, word[i++],
					 &req->value[CB_K_ORDER]))
			return 0;
		if (!ref_value(CB_K_COUNT, word[i], &req->value[CB_K_COUNT]))
			return i;
		return i + 1;
	}
	for (i = 0; i < nr; i++)
		if (!ref_pair(req, word[i], given))
			break;
	return i;
}

/**
 * ref_request() - judge a text
 * @v: the verdict; on entry @v->req holds the values of what the text omits
 * @text: the text
 * @len: its length
 */
void ref_request(struct fuzz_verdict *v, const char *text, unsigned long len)
{
	/* A word and a blank take two bytes. */
	static char copy[FUZZ_MAX + 1], *word[FUZZ_MAX / 2 + 1];
	char *rest = copy, *next;
	unsigned long i;
	int nr = 0, bad;

	v->ok = 0;
	v->bad_at = 0;
	v->bad_len = len;
	if (len > CB_INPUT_MAX)
		return;
	/* To a parser of strings, a NUL is no better than any other byte. */
	for (i = 0; i < len; i++)
		copy[i] = text[i] ? text[i] : '\1';
	copy[len] = '\0';
	while ((next = strsep(&rest, " \t\n\r")))
		if (*next)
			word[nr++] = next;
	bad = ref_words(&v->req, word, nr);
	v->ok = bad == nr;
	if (v->ok)
		return;
	v->bad_at = word[bad] - copy;
	/* ref_pair() has cut the word in two. */
	v->bad_len = strlen(word[bad]);
	if (v->bad_at + v->bad_len < len && text[v->bad_at + v->bad_len] == '=')
		v->bad_len += 1 + strlen(word[bad] + v->bad_len + 1);
}
