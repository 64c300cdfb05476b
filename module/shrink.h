/* SPDX-License-Identifier: GPL-2.0-only */
/* Pools give chunks back when memory is short. */
#ifndef CMA_BULK_SHRINK_H
#define CMA_BULK_SHRINK_H

int cb_shrink_init(void);
void cb_shrink_exit(void);

#endif
