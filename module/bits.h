/* SPDX-License-Identifier: GPL-2.0-only */
/* Bitmaps of any length. */
#ifndef CMA_BULK_BITS_H
#define CMA_BULK_BITS_H

#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/slab.h>

/* All zero; kvfree() frees it. NULL without memory. */
static inline unsigned long *cb_bits_alloc(unsigned long nr)
{
	return kvcalloc(BITS_TO_LONGS(nr), sizeof(long), GFP_KERNEL);
}

#endif
