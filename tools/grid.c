// SPDX-License-Identifier: GPL-2.0-only
/* Tables on the terminal. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "term.h"
#include "text.h"

void grid_cell(struct grid *g, const char *s)
{
	/* In steps, as a list may be long. */
	if (g->cells % 64 == 0)
		g->cell = mem_grow(g->cell, g->cells + 64, sizeof(*g->cell));
	g->cell[g->cells++] = s && *s ? shown(s) : mem_copy("-");
}

static bool is_number(const struct grid *g, size_t c)
{
	return strchr(g->column[c], '>');
}

static int heading_len(const struct grid *g, size_t c)
{
	return strcspn(g->column[c], ">");
}

/* Sets the width of each column, and returns that of all. */
static size_t layout(const struct grid *g, size_t *width)
{
	size_t c, i, w, sum = 0;

	for (c = 0; c < g->columns; c++) {
		width[c] = heading_len(g, c);
		for (i = c; i < g->cells; i += g->columns) {
			w = text_width(g->cell[i]);
			if (w > width[c])
				width[c] = w;
		}
		sum += width[c] + (c ? 2 : 0);
	}
	return sum;
}

static void print_cell(const struct grid *g, size_t c, size_t width,
		       const char *s, int len)
{
	/* printf() counts bytes. */
	int blanks = (int)(width - text_width(mem_copy_n(s, len)));
	bool last = c + 1 == g->columns;

	if (c)
		fputs("  ", stdout);
	if (is_number(g, c))
		printf("%*s%.*s", blanks, "", len, s);
	else
		printf("%.*s%*s", len, s, last ? 0 : blanks, "");
}

static void print_lines(const struct grid *g)
{
	size_t i, c;

	for (i = 0; i < g->cells; i += g->columns) {
		if (i)
			putchar('\n');
		for (c = 0; c < g->columns; c++)
			print_wrapped(0, "%.*s: %s", heading_len(g, c),
				      g->column[c], g->cell[i + c]);
	}
}

void grid_print(const struct grid *g)
{
	size_t *width = mem_get(g->columns, sizeof(*width)), c, i;

	if (layout(g, width) > term.width) {
		print_lines(g);
		return;
	}
	fputs(paint(PAINT_DIM), stdout);
	for (c = 0; c < g->columns; c++)
		print_cell(g, c, width[c], g->column[c], heading_len(g, c));
	printf("%s\n", paint(PAINT_PLAIN));
	for (i = 0; i < g->cells; i += g->columns) {
		for (c = 0; c < g->columns; c++)
			print_cell(g, c, width[c], g->cell[i + c],
				   (int)strlen(g->cell[i + c]));
		putchar('\n');
	}
}
