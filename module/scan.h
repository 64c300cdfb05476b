/* SPDX-License-Identifier: GPL-2.0-only */
/* The scan: pages of a region as runs of one class. */
#ifndef CMA_BULK_SCAN_H
#define CMA_BULK_SCAN_H

#include "core/classify.h"

struct cma_bulk_region;

enum { CB_SCAN_DRAINED = 1, CB_SCAN_OWN_CLAIM = 2 };

typedef void (*cb_scan_fn)(void *arg, unsigned long pfn, unsigned long nr,
			   enum cb_class class);

void cb_scan(struct cma_bulk_region *region, unsigned long pfn,
	     unsigned long nr, unsigned int flags, cb_scan_fn fn, void *arg);

#endif
