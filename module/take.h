/* SPDX-License-Identifier: GPL-2.0-only */
/* Taking a range of slots, around what blocks. */
#ifndef CMA_BULK_TAKE_H
#define CMA_BULK_TAKE_H

#include <linux/mm.h>
#include <linux/sizes.h>

struct cb_job;
struct cb_range;
struct cb_window;

/*
 * The most that one call takes. A pageblock is isolated, and so lost to all
 * others, for as long as the call lasts; above this size the cost of a call no
 * longer shows. Two make the classic 300 MiB, one for each of two threads.
 */
#define CB_CALL_PAGES	((160UL * SZ_1M) >> PAGE_SHIFT)

unsigned int cb_call_slots(const struct cb_window *w, unsigned long pages);
int cb_take_range(struct cb_job *job, struct cb_window *w,
		  const struct cb_range *range);

#endif
