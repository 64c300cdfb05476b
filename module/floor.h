/* SPDX-License-Identifier: GPL-2.0-only */
/* How much memory migration may use up. */
#ifndef CMA_BULK_FLOOR_H
#define CMA_BULK_FLOOR_H

#include <linux/types.h>

unsigned long cb_floor_pages(s64 floor_mb);
bool cb_floor_begin(unsigned long floor, unsigned long pages, bool may_wait);
void cb_floor_end(unsigned long pages);
unsigned long cb_floor_spare(void);

#endif
