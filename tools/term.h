/* SPDX-License-Identifier: GPL-2.0-only */
/* The terminal: how wide it is, what it can show; text and tables for it. */
#ifndef CMA_BULK_TOOL_TERM_H
#define CMA_BULK_TOOL_TERM_H

#include <stdbool.h>
#include <stddef.h>

#include "mem.h"

struct term {
	bool tty;
	bool colour;
	bool ascii;
	size_t width;	/* (size_t)-1: not limited */
	size_t height;
};

extern struct term term;

enum paint {
	PAINT_PLAIN,
	PAINT_BOLD,
	PAINT_DIM,
	PAINT_RED,
	PAINT_GREEN,
	PAINT_YELLOW,
	PAINT_BLUE,
	PAINT_CYAN,
};

void term_init(bool ascii);
/* Anew, after the terminal's size has changed. */
void term_measure(void);
/* What switches to it, or nothing without colours. */
const char *paint(enum paint paint);
/* As this terminal can show it. */
char *shown(const char *s);

/* Wrapped at the width; each line begins with @indent blanks. */
void print_wrapped(size_t indent, const char *fmt, ...) __printf(2, 3);
void print_title(const char *fmt, ...) __printf(1, 2);
/* "key:   value", with the value wrapped. */
void print_pair(const char *key, const char *fmt, ...) __printf(2, 3);

/*
 * A table; where it does not fit, each row becomes lines "COLUMN: cell". Columns
 * whose heading ends with ">" are of numbers.
 */
struct grid {
	const char *const *column;
	size_t columns;
	char **cell;
	size_t cells;
};

void grid_cell(struct grid *g, const char *s);
void grid_print(const struct grid *g);

#endif
