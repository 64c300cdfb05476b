/* SPDX-License-Identifier: GPL-2.0-only */
/* Giving back what cb_alloc_contig() took, in large blocks. */
#ifndef CMA_BULK_COMPAT_FREE_H
#define CMA_BULK_COMPAT_FREE_H

void cb_free_contig(unsigned long pfn, unsigned long nr, unsigned int order);
const char *cb_free_state(void);

#endif
