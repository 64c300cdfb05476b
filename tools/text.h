/* SPDX-License-Identifier: GPL-2.0-only */
/* Text that grows, and text of others made fit for where it goes. */
#ifndef CMA_BULK_TOOL_TEXT_H
#define CMA_BULK_TOOL_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "mem.h"

struct text {
	char *s;
	size_t len;
	size_t room;
};

void text_add(struct text *t, const char *fmt, ...) __printf(2, 3);
void text_put(struct text *t, const char *s, size_t len);
const char *text_string(const struct text *t);

/* Valid UTF-8; with @plain, also without control characters. */
char *text_utf8(const char *s, bool plain);
/* Nothing above 0x7e: for terminals that know no more. */
char *text_ascii(const char *s);
char *text_html(const char *s);
/* Of the value of a label, between its quotes. */
char *text_prometheus(const char *s);
/* What seq_escape() of the kernel made of blanks: "\040". */
char *text_unescape(const char *s);

char *text_bytes(uint64_t bytes);
char *text_us(uint64_t us);
char *text_age(uint64_t ms);
bool text_u64(const char *s, uint64_t *value);
bool text_s64(const char *s, int64_t *value);

/* Columns that @s takes on a terminal. */
size_t text_width(const char *s);
/* "1 page", "2 pages". */
char *text_count(uint64_t nr, const char *what);

#endif
