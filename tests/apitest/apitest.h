/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CMA_BULK_APITEST_H
#define CMA_BULK_APITEST_H

/* slow.c: at load and unload; does nothing without the parameter slow_ms */
int slow_init(void);
void slow_exit(void);

#endif
