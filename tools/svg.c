// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures for the report. Their colours are classes of the page's style sheet,
 * which has them for light and for dark.
 */
#include <inttypes.h>

#include "svg.h"
#include "text.h"

/* The map: cells of a row, and their size. */
#define CELLS		64
#define CELL		14
#define ROWS_MAX	64

/* Neighbours of one state are one rectangle. */
static void map_row(FILE *out, const struct region *r, const struct blocks *b,
		    size_t first, size_t scale, size_t y)
{
	enum block_state state;
	size_t x, end;

	for (x = 0; x < CELLS && first + x * scale < b->nr; x = end) {
		state = blocks_cell(b, first + x * scale, scale);
		for (end = x + 1; end < CELLS && first + end * scale < b->nr; end++)
			if (blocks_cell(b, first + end * scale, scale) != state)
				break;
		fprintf(out, "<rect class=\"%s\" x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%d\"><title>%s, from 0x%" PRIx64 "</title></rect>\n",
			block_name[state], x * CELL, y * CELL,
			(end - x) * CELL - 1, CELL - 1, block_name[state],
			r->base + (first + x * scale) * r->block_pages *
			r->page_size);
	}
}

void svg_map(FILE *out, const struct region *r, const struct blocks *b)
{
	size_t scale, rows, y;

	for (scale = 1; (b->nr + scale - 1) / scale > CELLS * ROWS_MAX; scale *= 2)
		;
	rows = (b->nr + CELLS * scale - 1) / (CELLS * scale);
	fprintf(out, "<svg class=\"map\" role=\"img\" aria-label=\"Map of the region\" viewBox=\"0 0 %d %zu\">\n",
		CELLS * CELL, rows * CELL);
	for (y = 0; y < rows; y++)
		map_row(out, r, b, y * CELLS * scale, scale, y);
	fputs("</svg>\n", out);
	fprintf(out, "<p class=\"note\">A cell is %s (%s).</p>\n",
		text_count(scale, "pageblock"),
		text_bytes(scale * r->block_pages * r->page_size));
}

#define BAR		36
#define HEIGHT		180
/* Around the bars: their slanted labels reach left and down. */
#define LEFT		40
#define BELOW		90

/* The bar of a bucket, from below: success, partial, failure. */
static void bar(FILE *out, const struct histogram *h, size_t i, size_t x,
		uint64_t max)
{
	double y = HEIGHT, size;
	unsigned int o;

	for (o = OUTCOME_SUCCESS; o < OUTCOMES; o++) {
		size = (double)h->count[o][i] / max * HEIGHT;
		/* What does not add up would stand out of the picture. */
		if (size > y)
			size = y;
		y -= size;
		if (size > 0)
			fprintf(out, "<rect class=\"%s\" x=\"%zu\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"><title>%s: %" PRIu64 "</title></rect>\n",
				outcome_name[o], LEFT + x * BAR + 3, y + 20, BAR - 6,
				size, outcome_name[o], h->count[o][i]);
	}
	fprintf(out, "<text x=\"%zu\" y=\"%.1f\">%" PRIu64 "</text>\n",
		LEFT + x * BAR + BAR / 2, y + 15, h->count[OUTCOME_ALL][i]);
}

void svg_histogram(FILE *out, const struct histogram *h)
{
	uint64_t max = histogram_max(h);
	size_t first, end, i;

	histogram_span(h, &first, &end);
	if (first == end) {
		fputs("<p class=\"note\">There was no request yet.</p>\n", out);
		return;
	}
	fprintf(out, "<svg class=\"histogram\" role=\"img\" aria-label=\"Latency of requests\" width=\"%zu\" height=\"%d\" viewBox=\"0 0 %zu %d\">\n",
		LEFT + (end - first) * BAR, HEIGHT + BELOW,
		LEFT + (end - first) * BAR, HEIGHT + BELOW);
	fprintf(out, "<line x1=\"%d\" y1=\"%d\" x2=\"%zu\" y2=\"%d\"/>\n",
		LEFT, HEIGHT + 20, LEFT + (end - first) * BAR, HEIGHT + 20);
	for (i = first; i < end; i++) {
		bar(out, h, i, i - first, max);
		fprintf(out, "<text class=\"tick\" transform=\"translate(%zu %d) rotate(-40)\">%s %s</text>\n",
			LEFT + (i - first) * BAR + BAR / 2 + 6, HEIGHT + 34,
			i + 1 == h->nr ? "&#8805;" : "&lt;",
			text_us(i + 1 == h->nr && i ? h->lt[i - 1] : h->lt[i]));
	}
	fputs("</svg>\n", out);
}
