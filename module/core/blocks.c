// SPDX-License-Identifier: GPL-2.0-only
/* Summary of a pageblock, as the file "blocks" shows it. */
#include "blocks.h"

/**
 * cb_block_add() - count a run of pages of one class
 * @b: the summary, all zero before the first run
 * @class: the class
 * @nr: number of pages
 */
void cb_block_add(struct cb_block *b, enum cb_class class, unsigned int nr)
{
	switch (class) {
	case CB_FREE:
		b->free += nr;
		break;
	case CB_CLEAN:
	case CB_COPY:
	case CB_DIRTY:
		b->movable += nr;
		break;
	case CB_HELD:
		b->held += nr;
		break;
	default:
		b->busy += nr;
		break;
	}
}

/**
 * cb_block_state() - one word for a pageblock
 * @b: the summary
 *
 * Return: "free" (all free), "movable" (nothing blocks), "busy" (something
 * blocks), "held" (all of it handed out) or "mixed" (part of it handed out).
 */
const char *cb_block_state(const struct cb_block *b)
{
	if (b->held)
		return b->free + b->movable + b->busy ? "mixed" : "held";
	if (b->busy)
		return "busy";
	return b->movable ? "movable" : "free";
}
