/* SPDX-License-Identifier: GPL-2.0-only */
/* alloc_contig_range() and what it isolates, on every kernel. */
#ifndef CMA_BULK_COMPAT_CONTIG_H
#define CMA_BULK_COMPAT_CONTIG_H

#include <linux/gfp.h>
#include <linux/mmzone.h>

#include <cma_bulk_probed.h>

#include "symbols.h"

/* Both are integers: the wrong one would compile. */
#ifdef CMA_BULK_HAVE_CONTIG_ACR_FLAGS
#define CB_CONTIG_CMA	ACR_FLAGS_CMA
#else
#define CB_CONTIG_CMA	MIGRATE_CMA
#endif

/**
 * cb_alloc_contig() - take a range of pages of a CMA region out of the kernel
 * @pfn: first page
 * @nr: number of pages
 *
 * Context: sleeps; migrates pages, drains every CPU. cb_symbols_have_contig().
 *
 * Return: 0 with every page of the range at reference count 1, or -EBUSY,
 * -EINTR (fatal signal), -ENOMEM.
 */
static inline int cb_alloc_contig(unsigned long pfn, unsigned long nr)
{
#ifdef CMA_BULK_GKI
	return cb_symbols.alloc_contig(pfn, pfn + nr, CB_CONTIG_CMA,
				       GFP_KERNEL | __GFP_NOWARN);
#else
	return alloc_contig_range(pfn, pfn + nr, CB_CONTIG_CMA,
				  GFP_KERNEL | __GFP_NOWARN);
#endif
}

/*
 * alloc_contig_range() isolates whole units of this many pages around the
 * range. A second call that meets an isolated pageblock fails with -EBUSY, so
 * no two calls of ours may touch the same unit at a time. It is a pageblock
 * since 6.0 (commit b2c9e2fbba32); before, the larger of that and a MAX_ORDER
 * buddy. Taking the larger everywhere also keeps calls from meeting in a free
 * buddy that spans two pageblocks.
 */
#define CB_UNIT_PAGES \
	max_t(unsigned long, pageblock_nr_pages, MAX_ORDER_NR_PAGES)

#endif
