/* SPDX-License-Identifier: GPL-2.0-only */
/* One struct page, read without locks. */
#ifndef CMA_BULK_SAMPLE_H
#define CMA_BULK_SAMPLE_H

#include "core/classify.h"

unsigned long cb_page_sample(unsigned long pfn, struct cb_sample *s);

#endif
