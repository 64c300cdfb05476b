/* SPDX-License-Identifier: GPL-2.0-only */
/* Summary of a pageblock. */
#ifndef CMA_BULK_CORE_BLOCKS_H
#define CMA_BULK_CORE_BLOCKS_H

#include "classify.h"

/**
 * struct cb_block - summary of one pageblock, in pages
 * @free: free
 * @movable: in use, and the kernel can move them
 * @busy: in use, and something keeps them (or another request claims them)
 * @held: handed out by this module
 */
struct cb_block {
	unsigned int free;
	unsigned int movable;
	unsigned int busy;
	unsigned int held;
};

void cb_block_add(struct cb_block *b, enum cb_class class, unsigned int nr);
const char *cb_block_state(const struct cb_block *b);

#endif
