/* SPDX-License-Identifier: GPL-2.0-only */
/* A region as a map of its pageblocks. */
#ifndef CMA_BULK_TOOL_MAP_H
#define CMA_BULK_TOOL_MAP_H

#include "blocks.h"

/* On the terminal, in at most @lines for the cells; with the legend. */
void map_print(const struct region *r, const struct blocks *b, size_t lines);
/* Again and again, until a key or a signal ends it. */
enum status map_watch(const struct region *r, unsigned int interval_ms);

#endif
