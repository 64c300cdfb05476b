// SPDX-License-Identifier: GPL-2.0-only
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "clear.h"

/**
 * cb_clear_chunks() - clear chunks, one after the other
 * @pages: first page of each
 * @nr: number of chunks
 * @order: a chunk is 2^order pages
 *
 * Context: process context; may be scheduled away.
 */
void cb_clear_chunks(struct page **pages, size_t nr, unsigned int order)
{
	unsigned long i;

	for (; nr; pages++, nr--) {
		for (i = 0; i < 1UL << order; i++)
			clear_highpage(*pages + i);
		cond_resched();
	}
}
