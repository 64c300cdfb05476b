// SPDX-License-Identifier: GPL-2.0-only
/* The terminal: how wide it is, what it can show. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "term.h"
#include "text.h"

/* Below this nothing can be laid out. */
#define MIN_WIDTH	20

struct term term = { .width = SIZE_MAX, .height = 24 };

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

/* Unicode, unless something says that it is not understood. */
static bool poor_terminal(void)
{
	static const char *const name[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *type = getenv("TERM");
	size_t i;

	if (type && !strcmp(type, "dumb"))
		return true;
	for (i = 0; i < ARRAY_SIZE(name); i++)
		if (is_set(name[i]))
			return !strcasestr(getenv(name[i]), "UTF-8") &&
			       !strcasestr(getenv(name[i]), "UTF8");
	return false;
}

void term_measure(void)
{
	struct winsize size = { 0 };
	uint64_t columns;

	term.width = SIZE_MAX;
	if (term.tty && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size)) {
		term.width = size.ws_col ? size.ws_col : 80;
		term.height = size.ws_row ? size.ws_row : 24;
	}
	/* For what is not printed on a terminal. */
	if ((!term.tty || !size.ws_col) && text_u64(getenv("COLUMNS"), &columns) &&
	    columns && columns < 10000)
		term.width = columns;
	if (term.width < MIN_WIDTH)
		term.width = MIN_WIDTH;
}

void term_init(bool ascii)
{
	const char *type = getenv("TERM");

	term.tty = isatty(STDOUT_FILENO);
	term.colour = term.tty && !is_set("NO_COLOR") &&
		      (!type || strcmp(type, "dumb"));
	term.ascii = ascii || poor_terminal();
	term_measure();
}

const char *paint(enum paint paint)
{
	static const char *const code[] = {
		[PAINT_PLAIN] = "\033[0m",
		[PAINT_BOLD] = "\033[1m",
		[PAINT_DIM] = "\033[2m",
		[PAINT_RED] = "\033[31m",
		[PAINT_GREEN] = "\033[32m",
		[PAINT_YELLOW] = "\033[33m",
		[PAINT_BLUE] = "\033[34m",
		[PAINT_CYAN] = "\033[36m",
	};

	return term.colour ? code[paint] : "";
}

char *shown(const char *s)
{
	return term.ascii ? text_ascii(s) : text_utf8(s, true);
}

/* Bytes of @s that fill @columns. */
static size_t bytes_of(const char *s, size_t columns)
{
	size_t i;

	for (i = 0; s[i]; i++)
		if ((s[i] & 0xc0) != 0x80 && !columns--)
			break;
	return i;
}

/* Where the line that begins with @s ends: at a blank, or in a word too long. */
static size_t break_at(const char *s, size_t columns)
{
	size_t len = bytes_of(s, columns), i = len;

	if (!s[len])
		return len;
	while (i && s[i] != ' ')
		i--;
	return i ? i : len;
}

/* The first line has @used columns already. */
static void wrap(const char *s, size_t indent, size_t used)
{
	size_t columns, len;

	if (indent + 10 > term.width)
		indent = 0;
	columns = term.width == SIZE_MAX ? SIZE_MAX : term.width - indent;
	if (!used)
		printf("%*s", (int)indent, "");
	do {
		len = break_at(s, columns);
		printf("%.*s\n", (int)len, s);
		s += len;
		while (*s == ' ')
			s++;
		if (*s)
			printf("%*s", (int)indent, "");
	} while (*s);
}

static char *format(const char *fmt, va_list args)
{
	char *s, *copy;

	if (vasprintf(&s, fmt, args) < 0)
		return mem_copy("");
	copy = shown(s);
	free(s);
	return copy;
}

void print_wrapped(size_t indent, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	wrap(format(fmt, args), indent, 0);
	va_end(args);
}

void print_title(const char *fmt, ...)
{
	va_list args;

	fputs(paint(PAINT_BOLD), stdout);
	va_start(args, fmt);
	wrap(format(fmt, args), 0, 0);
	va_end(args);
	fputs(paint(PAINT_PLAIN), stdout);
}

void print_pair(const char *key, const char *fmt, ...)
{
	size_t indent = term.width < 60 ? 4 : 16, used;
	va_list args;
	char *value;

	va_start(args, fmt);
	value = format(fmt, args);
	va_end(args);
	used = printf("%s:", key);
	if (used + 1 > indent) {
		putchar('\n');
		wrap(value, indent, 0);
		return;
	}
	printf("%*s", (int)(indent - used), "");
	wrap(value, indent, indent);
}
