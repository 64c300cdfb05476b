// SPDX-License-Identifier: GPL-2.0-only
/* cma-bulk map: a region as a map of its pageblocks. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include "commands.h"
#include "map.h"
#include "term.h"
#include "text.h"
#include "tree.h"

/* As in the demo: what is light can be had. */
static const struct {
	const char *cell;
	char ascii;
	enum paint paint;
	const char *legend;
} look[BLOCK_STATES] = {
	[BLOCK_FREE] = { "\xc2\xb7", '.', PAINT_DIM, "free" },
	[BLOCK_MOVABLE] = { "\xe2\x96\x92", 'm', PAINT_CYAN, "movable" },
	[BLOCK_HELD] = { "\xe2\x96\xa0", '#', PAINT_GREEN, "held" },
	[BLOCK_MIXED] = { "\xe2\x96\xa3", '+', PAINT_YELLOW, "partly held" },
	[BLOCK_BUSY] = { "\xe2\x96\x88", 'X', PAINT_RED, "a page blocks" },
};

/* Lines of a map that is not limited by a screen. */
#define MAP_LINES	64
#define MAP_WIDTH	80
/* "0x1234567890 " before a line, if there is room. */
#define MARGIN		13

static void print_cell(enum block_state state)
{
	if (term.ascii)
		putchar(look[state].ascii);
	else
		fputs(look[state].cell, stdout);
}

static void print_line(const struct blocks *b, size_t first, size_t cells,
		       size_t scale)
{
	int before = -1, state;
	size_t i;

	for (i = first; i < b->nr && i < first + cells * scale; i += scale) {
		state = blocks_cell(b, i, scale);
		if (state != before)
			fputs(before < 0 ? paint(look[state].paint) :
			      mem_format("%s%s", paint(PAINT_PLAIN),
					 paint(look[state].paint)), stdout);
		before = state;
		print_cell(state);
	}
	printf("%s\n", paint(PAINT_PLAIN));
}

static void print_legend(size_t width)
{
	size_t used = 0, i, len;

	for (i = 0; i < BLOCK_STATES; i++) {
		len = 2 + text_width(look[i].legend);
		if (used && used + 2 + len > width) {
			putchar('\n');
			used = 0;
		}
		printf("%s%s", used ? "  " : "", paint(look[i].paint));
		print_cell(i);
		printf("%s %s", paint(PAINT_PLAIN), look[i].legend);
		used += len + (used ? 2 : 0);
	}
	putchar('\n');
}

void map_print(const struct region *r, const struct blocks *b, size_t lines)
{
	size_t width = term.width == SIZE_MAX ? MAP_WIDTH : term.width;
	size_t margin = width >= 60 ? MARGIN : 0, cells, scale, i;

	/* A power of two, so that addresses at the margin are round. */
	for (cells = 1; cells * 2 <= width - margin && cells < 128; cells *= 2)
		;
	if (!lines)
		lines = 1;
	for (scale = 1; (b->nr + scale - 1) / scale > cells * lines; scale *= 2)
		;
	print_wrapped(0, "%s: %s, a cell is %s", r->name, text_bytes(r->bytes),
		      scale == 1 ? mem_format("a pageblock of %s",
				text_bytes(r->block_pages * r->page_size)) :
		      mem_format("%zu pageblocks (%s)", scale,
				 text_bytes(scale * r->block_pages *
					    r->page_size)));
	for (i = 0; i < b->nr; i += cells * scale) {
		if (margin)
			printf("%s%*s%s ", paint(PAINT_DIM), MARGIN - 1,
			       mem_format("0x%" PRIx64, r->base +
					  i * r->block_pages * r->page_size),
			       paint(PAINT_PLAIN));
		print_line(b, i, cells, scale);
	}
	print_legend(width);
}

enum status cmd_map(const struct options *o)
{
	const struct region *r;
	struct regions rs;
	enum status status;
	struct blocks b;

	regions_load(&rs);
	r = region_pick(&rs, o->region, false, &status);
	if (!r)
		return status;
	if (o->watch)
		return map_watch(r, o->interval_ms);
	blocks_load(&b, r);
	map_print(r, &b, MAP_LINES);
	return STATUS_GOOD;
}
