/* SPDX-License-Identifier: GPL-2.0-only */
/* Where an area of the kernel lies. */
#ifndef CMA_BULK_COMPAT_RANGES_H
#define CMA_BULK_COMPAT_RANGES_H

#include <linux/types.h>

struct cma;

bool cb_area_has_handle(struct cma *cma, unsigned int ranges);
bool cb_area_next_range(struct cma *cma, unsigned long *pfn,
			unsigned long *nr);
bool cb_areas_have_ranges(void);

#endif
