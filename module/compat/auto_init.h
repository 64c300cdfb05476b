/* SPDX-License-Identifier: GPL-2.0-only */
/* Does the kernel clear what it hands out? */
#ifndef CMA_BULK_COMPAT_AUTO_INIT_H
#define CMA_BULK_COMPAT_AUTO_INIT_H

#include <linux/gfp.h>
#include <linux/mm.h>

#include <cma_bulk_probed.h>

/**
 * cb_ranges_come_clear() - are the pages of a range clear when the kernel hands it out?
 *
 * Context: any.
 *
 * Return: true if all of them are.
 */
static inline bool cb_ranges_come_clear(void)
{
#ifdef CMA_BULK_HAVE_AUTO_INIT_RANGES
	return want_init_on_alloc(GFP_USER);
#else
	return false;
#endif
}

#endif
