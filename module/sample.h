/* SPDX-License-Identifier: GPL-2.0-only */
/* One struct page, read without locks. */
#ifndef CMA_BULK_SAMPLE_H
#define CMA_BULK_SAMPLE_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>

#include "compat/page.h"
#include "core/classify.h"

/*
 * The page flags that a sample is made of: bits of page->flags, which may be
 * none in a kernel, and what they become in a sample. The last two become
 * nothing, but decide how the rest of the page is read.
 */
static const struct {
	unsigned long pg;
	unsigned int s;
} cb_sampled_flags[] __maybe_unused = {
	{ BIT(PG_lru), CB_S_LRU },
	{ BIT(PG_locked), CB_S_LOCKED },
	{ BIT(PG_writeback), CB_S_WRITEBACK },
	{ BIT(PG_dirty), CB_S_DIRTY },
	{ BIT(PG_swapbacked), CB_S_SWAPBACKED },
	{ CB_PG_SWAPCACHE, CB_S_SWAPCACHE },
	{ CB_PG_PRIVATE, CB_S_PRIVATE },
	{ BIT(PG_reserved), CB_S_RESERVED },
	{ CB_PG_HWPOISON, CB_S_HWPOISON },
	{ CB_PG_SLAB, CB_S_SLAB },
	{ CB_PG_MOVABLE_OPS, 0 },
	{ BIT(PG_head), 0 },
};

/* All of them: pages that differ in other flags only have the same sample. */
static __always_inline unsigned long cb_sampled_mask(void)
{
	unsigned long mask = 0;
	unsigned int i;

	static_assert(ARRAY_SIZE(cb_sampled_flags) <= 16);
	/* Without a loop this is a constant, and it is asked for each page. */
#pragma GCC unroll 16
	for (i = 0; i < ARRAY_SIZE(cb_sampled_flags); i++)
		mask |= cb_sampled_flags[i].pg;
	return mask;
}

unsigned long cb_page_sample(unsigned long pfn, struct cb_sample *s);

#endif
