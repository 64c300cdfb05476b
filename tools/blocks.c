// SPDX-License-Identifier: GPL-2.0-only
/* The pageblocks of a region, by the file "blocks". */
#include <string.h>

#include "blocks.h"
#include "mem.h"
#include "tree.h"

const char *const block_name[BLOCK_STATES] = {
	[BLOCK_FREE] = "free",
	[BLOCK_MOVABLE] = "movable",
	[BLOCK_HELD] = "held",
	[BLOCK_MIXED] = "mixed",
	[BLOCK_BUSY] = "busy",
};

static enum block_state state_of(const char *name)
{
	unsigned int i;

	for (i = 0; name && i < BLOCK_STATES; i++)
		if (!strcmp(name, block_name[i]))
			return i;
	return BLOCK_BUSY;
}

void blocks_load(struct blocks *b, const struct region *r)
{
	uint64_t free, movable, busy, held, row = 0;
	struct table t;
	size_t i;

	memset(b, 0, sizeof(*b));
	tree_table(&t, DEBUGFS "/%s/blocks", r->dir);
	b->nr = t.rows;
	b->state = mem_get(t.rows + 1, 1);
	for (i = 0; i < t.rows; i++) {
		table_u64(&t, i, "free", &free);
		table_u64(&t, i, "movable", &movable);
		table_u64(&t, i, "busy", &busy);
		table_u64(&t, i, "held", &held);
		b->state[i] = state_of(table_get(&t, i, "state"));
		b->in_state[b->state[i]]++;
		b->free += free;
		b->movable += movable;
		b->busy += busy;
		b->held += held;
		row = busy || held ? 0 : row + free + movable;
		if (row > b->longest)
			b->longest = row;
	}
}

enum block_state blocks_cell(const struct blocks *b, size_t first, size_t nr)
{
	enum block_state most = BLOCK_FREE;
	size_t i, held = 0;

	for (i = first; i < first + nr && i < b->nr; i++) {
		if (b->state[i] > most)
			most = b->state[i];
		held += b->state[i] == BLOCK_HELD;
	}
	/* Some are ours, and others are not. */
	if (most == BLOCK_HELD && held < i - first)
		return BLOCK_MIXED;
	return most;
}
