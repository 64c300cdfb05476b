// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts for the fuzzer: words of the grammar with values that are mostly good,
 * or at the edge of good, then damaged; bare numbers; raw bytes. About half of
 * them are well-formed.
 */
#include "fuzz.h"

static const char *const keys[] = {
	"order", "count", "align", "fast", "retries", "retry_delay_ms",
	"timeout_ms", "partial", "salvage", "workers", "engine",
	"floor_mb", "pool",
};

static const char *const engines[] = {
	"bulk", "linear", "cma_alloc", "cma_alloc_block", "single",
};

/* The edges of every range, of 32 and of 64 bits; and no numbers at all. */
static const char *const edges[] = {
	"0", "1", "-1", "2", "-2", "9", "10", "30", "31", "63", "64", "65",
	"2147483647", "2147483648", "-2147483648", "4294967295", "4294967296",
	"4294967297", "9223372036854775807", "9223372036854775808",
	"-9223372036854775808", "-9223372036854775809",
	"18446744073709551614", "18446744073709551615",
	"18446744073709551616", "18446744073709551617",
	"18446744073709551620", "184467440737095516150",
	"-18446744073709551615", "-18446744073709551616",
	"00000000000000000000000000000007", "-00000000000000000000000001",
	"-0", "+1", "", "-", "--1", "0x1", "1e1", "4K", "all", "1,2",
};

/* What a byte is replaced with, or what is put between two. */
static const char bytes[] = "0123456789=-+ \t\n\r\v\f/:;,._aobcemnrst\x80\xff";

static unsigned long put(char *text, unsigned long at, const char *word)
{
	unsigned long len = strlen(word);

	memcpy(text + at, word, len);
	return at + len;
}

static unsigned long put_edge(struct rnd *r, char *text, unsigned long at)
{
	return put(text, at, edges[rnd_below(r, ARRAY_SIZE(edges))]);
}

static unsigned long put_number(struct rnd *r, char *text, unsigned long at)
{
	/* All lengths alike: up to all of 64 bits. */
	unsigned long long n = rnd_next(r) >> rnd_below(r, 64);
	char digits[20];
	int i = 0;

	do {
		digits[i++] = '0' + n % 10;
		n /= 10;
	} while (n);
	while (i)
		text[at++] = digits[--i];
	return at;
}

static unsigned long put_blanks(struct rnd *r, char *text, unsigned long at)
{
	do {
		text[at++] = "          \t\n\r "[rnd_below(r, 14)];
	} while (rnd_chance(r, 15));
	return at;
}

static unsigned long put_value(struct rnd *r, char *text, unsigned long at,
			       unsigned int key)
{
	/* A value that every key takes, in most cases. */
	if (rnd_chance(r, 85)) {
		if (key == CB_K_ENGINE)
			return put(text, at, engines[rnd_below(r, 5)]);
		return put(text, at, rnd_chance(r, 50) ? "1" : "01");
	}
	if (rnd_chance(r, 50))
		return put_number(r, text, at);
	if (rnd_chance(r, 10))
		return put(text, at, engines[rnd_below(r, 5)]);
	return put_edge(r, text, at);
}

static unsigned long put_pairs(struct rnd *r, char *text, unsigned long at)
{
	unsigned int nr = rnd_below(r, 6), key = rnd_below(r, CB_NR_KEYS);

	while (nr--) {
		at = put(text, at, keys[key]);
		text[at++] = '=';
		at = put_value(r, text, at, key);
		at = put_blanks(r, text, at);
		/* A step of 0 or of all keys gives one twice. */
		key = (key + rnd_below(r, CB_NR_KEYS + 1)) % CB_NR_KEYS;
	}
	return at;
}

static unsigned long put_bare(struct rnd *r, char *text, unsigned long at)
{
	unsigned int nr = rnd_range(r, 1, rnd_chance(r, 80) ? 2 : 4);

	while (nr--) {
		if (rnd_chance(r, 40))
			at = put_edge(r, text, at);
		else if (rnd_chance(r, 60))
			text[at++] = '1' + rnd_below(r, 9);
		else
			at = put_number(r, text, at);
		at = put_blanks(r, text, at);
	}
	return at;
}

static unsigned long put_raw(struct rnd *r, char *text, unsigned long at)
{
	unsigned int nr = rnd_below(r, 40);

	while (nr--)
		text[at++] = rnd_chance(r, 50) ? (char)rnd_next(r) :
			     bytes[rnd_below(r, sizeof(bytes))];
	return at;
}

static unsigned long damage(struct rnd *r, char *text, unsigned long len)
{
	unsigned long at = rnd_below(r, len), from = rnd_below(r, len);

	switch (rnd_below(r, 6)) {
	case 0:
		text[at] ^= 1 << rnd_below(r, 8);
		break;
	case 1:
		text[at] = bytes[rnd_below(r, sizeof(bytes))];
		break;
	case 2:
		memmove(text + at + 1, text + at, len++ - at);
		text[at] = bytes[rnd_below(r, sizeof(bytes))];
		break;
	case 3:
		memmove(text + at, text + at + 1, --len - at);
		break;
	case 4:
		len = at;
		break;
	default:
		memmove(text + at, text + from, len - (at > from ? at : from));
		break;
	}
	return len;
}

/* As long as the parser takes, or one more, or so. */
static unsigned long pad(struct rnd *r, char *text, unsigned long len)
{
	unsigned long to = rnd_range(r, CB_INPUT_MAX - 4, FUZZ_MAX);
	unsigned long at = rnd_chance(r, 50) ? 0 : len;
	char fill = ' ';

	if (rnd_chance(r, 30))
		fill = bytes[rnd_below(r, sizeof(bytes))];
	memmove(text + at + to - len, text + at, len - at);
	memset(text + at, fill, to - len);
	return to;
}

/**
 * fuzz_request() - make a text that may be a request
 * @r: random numbers
 * @text: room for FUZZ_MAX bytes
 *
 * Return: its length.
 */
unsigned long fuzz_request(struct rnd *r, char *text)
{
	unsigned long len = 0, kind = rnd_below(r, 100);

	if (rnd_chance(r, 5))
		len = put_blanks(r, text, len);
	if (kind < 75)
		len = put_pairs(r, text, len);
	else if (kind < 90)
		len = put_bare(r, text, len);
	else
		len = put_raw(r, text, len);
	while (len && rnd_chance(r, 20))
		len = damage(r, text, len);
	/* 4 KiB take as long as a hundred others. */
	if (!rnd_below(r, 4000))
		len = pad(r, text, len);
	return len;
}

/**
 * fuzz_numbers() - make a text that may be a list of numbers
 * @r: random numbers
 * @text: room for FUZZ_MAX bytes
 *
 * Return: its length.
 */
unsigned long fuzz_numbers(struct rnd *r, char *text)
{
	unsigned long len = 0;

	while (rnd_chance(r, 75))
		len = put_bare(r, text, len > 1024 ? 0 : len);
	while (len && rnd_chance(r, 20))
		len = damage(r, text, len);
	return len;
}
