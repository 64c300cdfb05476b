/* SPDX-License-Identifier: GPL-2.0-only */
/* How the tests of the request parser put a text to it. */
#ifndef CMA_BULK_PARSE_CASE_H
#define CMA_BULK_PARSE_CASE_H

#include "unit.h"

/**
 * struct parse_case - what became of a text
 * @ret: what cb_request_parse() returned
 * @req: the request; unless a key was given, holds parse_before(key)
 * @bad_at: offset of the offending word in the text
 * @bad_len: its length
 */
struct parse_case {
	int ret;
	struct cb_request req;
	unsigned long bad_at;
	unsigned long bad_len;
};

long long parse_before(int key);
void parse_text(struct parse_case *c, const char *text, unsigned long len);

/* @text is good and changes nothing. */
void accept_none(const char *text);
/* @text is good and gives @key a value, and nothing else. */
void accept_one(const char *text, enum cb_key key, long long value);
/* @text is good and gives order and count, and nothing else. */
void accept_two(const char *text, long long order, long long count);
/* @text, without its brackets, is malformed: the [word] in brackets. */
void reject(const char *text);

#endif
