/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages that block the slots of a request, and what becomes of them. */
#ifndef CMA_BULK_WATCHED_H
#define CMA_BULK_WATCHED_H

#include <linux/types.h>

#include "core/slots.h"

struct cb_range;
struct cma_bulk_region;

/**
 * struct cb_watchlist - pages that block slots
 * @region: where
 * @geo: the slots
 * @page: the pages, in ascending order of their slots; NULL, or room for the most
 *	there can be
 * @nr: how many
 * @doubtful: one was let go that may be in an LRU batch, which has to be drained
 * @filled: for the second time or later
 */
struct cb_watchlist {
	struct cma_bulk_region *region;
	struct cb_geometry geo;
	struct cb_watched *page;
	unsigned int nr;
	bool doubtful;
	bool filled;
};

typedef int (*cb_empty_fn)(void *arg, unsigned long pfn, unsigned long nr,
			   unsigned long in_use);

bool cb_watchlist_fill(struct cb_watchlist *l, const struct cb_geometry *geo,
		       const unsigned char *slot);
void cb_watchlist_free(struct cb_watchlist *l);
bool cb_watchlist_look(struct cb_watchlist *l, bool *changed);
unsigned int cb_watchlist_opened(struct cb_watchlist *l, struct cb_range *range,
				 unsigned int max);
int cb_watchlist_let_go(struct cb_watchlist *l, cb_empty_fn empty, void *arg);

#endif
