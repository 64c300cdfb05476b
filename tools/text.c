// SPDX-License-Identifier: GPL-2.0-only
/* Text that grows, and text of others made fit for where it goes. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static void make_room(struct text *t, size_t len)
{
	if (t->room - t->len > len)
		return;
	t->room = (t->len + len + 64) * 2;
	t->s = mem_grow(t->s, t->room, 1);
}

void text_put(struct text *t, const char *s, size_t len)
{
	make_room(t, len);
	memcpy(t->s + t->len, s, len);
	t->len += len;
	t->s[t->len] = '\0';
}

void text_add(struct text *t, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		return;
	make_room(t, len);
	va_start(args, fmt);
	vsnprintf(t->s + t->len, len + 1, fmt, args);
	va_end(args);
	t->len += len;
}

const char *text_string(const struct text *t)
{
	return t->s ? t->s : "";
}

/* Bytes of the UTF-8 character at @s, 0 if it is none. */
static size_t utf8_len(const unsigned char *s)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len, i;
	uint32_t c;

	if (*s < 0x80)
		return 1;
	len = *s >= 0xf0 ? 4 : *s >= 0xe0 ? 3 : 2;
	if (*s < 0xc2 || *s > 0xf4)
		return 0;
	c = *s & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	return len;
}

static bool is_control(const unsigned char *s, size_t len)
{
	if (len == 1)
		return *s < 0x20 || *s == 0x7f;
	/* U+0080 to U+009F, and the marks that turn a line around. */
	if (len == 2)
		return *s == 0xc2 && s[1] < 0xa0;
	return len == 3 && *s == 0xe2 &&
	       ((s[1] == 0x80 && (s[2] == 0x8e || s[2] == 0x8f ||
				  (s[2] >= 0xa8 && s[2] <= 0xae))) ||
		(s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9));
}

char *text_utf8(const char *s, bool plain)
{
	const unsigned char *u = (const unsigned char *)s;
	struct text t = { 0 };
	size_t len;

	for (; *u; u += len) {
		len = utf8_len(u);
		if (!len) {
			text_put(&t, "\xef\xbf\xbd", 3);
			len = 1;
		} else if (plain && is_control(u, len)) {
			text_put(&t, "?", 1);
		} else {
			text_put(&t, (const char *)u, len);
		}
	}
	return t.s ? t.s : mem_copy("");
}

char *text_ascii(const char *s)
{
	char *copy = text_utf8(s, true), *from = copy, *to = copy;

	for (; *from; from++) {
		if ((*from & 0xc0) == 0x80)
			continue;
		*to++ = *from & 0x80 ? '?' : *from;
	}
	*to = '\0';
	return copy;
}

char *text_html(const char *s)
{
	struct text t = { 0 };

	for (s = text_utf8(s, true); *s; s++) {
		switch (*s) {
		case '&':
			text_add(&t, "&amp;");
			break;
		case '<':
			text_add(&t, "&lt;");
			break;
		case '>':
			text_add(&t, "&gt;");
			break;
		case '"':
			text_add(&t, "&quot;");
			break;
		case '\'':
			text_add(&t, "&#39;");
			break;
		default:
			text_put(&t, s, 1);
		}
	}
	return t.s ? t.s : mem_copy("");
}

char *text_prometheus(const char *s)
{
	struct text t = { 0 };

	for (s = text_utf8(s, false); *s; s++) {
		if (*s == '\\' || *s == '"')
			text_put(&t, "\\", 1);
		if (*s == '\n')
			text_put(&t, "\\n", 2);
		else
			text_put(&t, s, 1);
	}
	return t.s ? t.s : mem_copy("");
}

static bool is_octal(const char *s)
{
	return s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '7' &&
	       s[2] >= '0' && s[2] <= '7';
}

char *text_unescape(const char *s)
{
	char *copy = mem_copy(s), *to = copy;

	for (; *s; s++) {
		char c = *s;

		if (*s == '\\' && is_octal(s + 1)) {
			c = (s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0');
			s += 3;
		}
		/* A NUL would end the name; nothing writes one. */
		*to++ = c ? c : '?';
	}
	*to = '\0';
	return copy;
}

char *text_bytes(uint64_t bytes)
{
	static const char *const unit[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	unsigned int i = 0;
	uint64_t step = 1;

	while (i + 1 < ARRAY_SIZE(unit) && bytes / step >= 1024) {
		step *= 1024;
		i++;
	}
	if (bytes % step == 0 || bytes / step >= 100)
		return mem_format("%" PRIu64 " %s", bytes / step, unit[i]);
	return mem_format("%.1f %s", (double)bytes / step, unit[i]);
}

char *text_us(uint64_t us)
{
	if (us < 1000)
		return mem_format("%" PRIu64 " us", us);
	if (us < 1000000)
		return mem_format("%.1f ms", us / 1e3);
	return mem_format("%.1f s", us / 1e6);
}

char *text_age(uint64_t ms)
{
	uint64_t s = ms / 1000;

	if (ms < 1000)
		return mem_format("%" PRIu64 " ms", ms);
	if (s < 120)
		return mem_format("%" PRIu64 ".%" PRIu64 " s", s, ms % 1000 / 100);
	if (s < 7200)
		return mem_format("%" PRIu64 " min", s / 60);
	if (s < 172800)
		return mem_format("%" PRIu64 " h", s / 3600);
	return mem_format("%" PRIu64 " days", s / 86400);
}

bool text_u64(const char *s, uint64_t *value)
{
	uint64_t u;
	char *end;

	*value = 0;
	if (!s || *s < '0' || *s > '9')
		return false;
	errno = 0;
	u = strtoull(s, &end, s[0] == '0' && s[1] == 'x' ? 16 : 10);
	if (errno || *end)
		return false;
	*value = u;
	return true;
}

bool text_s64(const char *s, int64_t *value)
{
	uint64_t u;
	bool minus = s && *s == '-';

	*value = 0;
	if (!text_u64(s ? s + minus : NULL, &u) || u > INT64_MAX)
		return false;
	*value = minus ? -(int64_t)u : (int64_t)u;
	return true;
}

size_t text_width(const char *s)
{
	size_t width = 0;

	for (; *s; s++)
		width += (*s & 0xc0) != 0x80;
	return width;
}

char *text_count(uint64_t nr, const char *what)
{
	return mem_format("%" PRIu64 " %s%s", nr, what, nr == 1 ? "" : "s");
}
