/* SPDX-License-Identifier: GPL-2.0-only */
/* Clear the pages of a buffer. */
#ifndef CMA_BULK_HEAP_ZERO_H
#define CMA_BULK_HEAP_ZERO_H

#include <linux/types.h>

struct page;

int cb_heap_zero_setup(void);
void cb_heap_zero_teardown(void);
int cb_heap_zero(struct page **pages, size_t chunks, unsigned int order);

#endif
