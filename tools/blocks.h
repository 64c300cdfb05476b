/* SPDX-License-Identifier: GPL-2.0-only */
/* The pageblocks of a region, by the file "blocks". */
#ifndef CMA_BULK_TOOL_BLOCKS_H
#define CMA_BULK_TOOL_BLOCKS_H

#include "region.h"

/* From the least to the most that is in the way: a cell of a map shows the last. */
enum block_state {
	BLOCK_FREE,
	BLOCK_MOVABLE,
	BLOCK_HELD,
	BLOCK_MIXED,
	BLOCK_BUSY,
	BLOCK_STATES
};

extern const char *const block_name[BLOCK_STATES];

struct blocks {
	size_t nr;
	unsigned char *state;
	uint64_t in_state[BLOCK_STATES];
	/* pages */
	uint64_t free;
	uint64_t movable;
	uint64_t busy;
	uint64_t held;
	/* The longest row of pageblocks without a busy or a held page. */
	uint64_t longest;
};

void blocks_load(struct blocks *b, const struct region *r);
/* What a cell for the pageblocks from @first shows. */
enum block_state blocks_cell(const struct blocks *b, size_t first, size_t nr);

#endif
