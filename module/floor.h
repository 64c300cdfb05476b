/* SPDX-License-Identifier: GPL-2.0-only */
/* How much memory migration may use up. */
#ifndef CMA_BULK_FLOOR_H
#define CMA_BULK_FLOOR_H

#include <linux/types.h>

unsigned long cb_floor_pages(s64 floor_mb);
unsigned long cb_floor_room(unsigned long floor);
unsigned long cb_floor_make_room(unsigned long floor, unsigned long pages);

#endif
