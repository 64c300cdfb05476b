/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CMA_BULK_CLEAR_H
#define CMA_BULK_CLEAR_H

#include <linux/types.h>

struct page;

void cb_clear_chunks(struct page **pages, size_t nr, unsigned int order);

#endif
