/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a pageblock is for, and how areas of whole pageblocks are aligned.
 *
 * The functions that read the type of a pageblock are exported nowhere; the
 * bitmap that they read is in public structures everywhere. So the type can be
 * read on every kernel for which this builds.
 */
#ifndef CMA_BULK_COMPAT_PAGEBLOCK_H
#define CMA_BULK_COMPAT_PAGEBLOCK_H

#include <linux/cma.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/pageblock-flags.h>

#include <cma_bulk_probed.h>

/**
 * cb_online_page() - the struct page of a pfn, if the kernel manages it
 * @pfn: any
 *
 * A trimmed kernel may lack pfn_to_online_page(). Memory of a device can share
 * a section with ordinary memory, but lies in a zone of its own.
 *
 * Context: any.
 *
 * Return: the page, or NULL.
 */
static inline struct page *cb_online_page(unsigned long pfn)
{
#ifdef CMA_BULK_GKI
	if (!pfn_valid(pfn))
		return NULL;
#ifdef CONFIG_SPARSEMEM
	if (!online_section_nr(pfn_to_section_nr(pfn)))
		return NULL;
#endif
	return is_zone_device_page(pfn_to_page(pfn)) ? NULL : pfn_to_page(pfn);
#else
	return pfn_to_online_page(pfn);
#endif
}

/* The type is in the first three bits of a pageblock: see probes/pageblock.c. */
#define CB_PAGEBLOCK_TYPE_MASK	7UL

/* What the bitmap has of a pageblock, from its lowest bit on. */
static inline unsigned long cb_pageblock_bits(unsigned long pfn)
{
	unsigned long *map, bit;

#ifdef CONFIG_SPARSEMEM
	map = section_to_usemap(__pfn_to_section(pfn));
	bit = pfn & (PAGES_PER_SECTION - 1);
#else
	struct zone *zone = page_zone(pfn_to_page(pfn));

	map = zone->pageblock_flags;
	bit = pfn - round_down(zone->zone_start_pfn, pageblock_nr_pages);
#endif
	bit = (bit >> pageblock_order) * NR_PAGEBLOCK_BITS;
	return READ_ONCE(map[bit / BITS_PER_LONG]) >> (bit % BITS_PER_LONG);
}

/**
 * cb_pageblock_type() - read the type of a pageblock from the bitmap
 * @pfn: a page of it, which cb_online_page() accepts
 *
 * Context: any; the answer may be stale.
 *
 * Return: an enum migratetype.
 */
static inline unsigned int cb_pageblock_type(unsigned long pfn)
{
	return cb_pageblock_bits(pfn) & CB_PAGEBLOCK_TYPE_MASK;
}

/**
 * cb_pageblock_type_hidden() - is the type of a pageblock replaced for now?
 * @pfn: a page of it, as for cb_pageblock_type()
 *
 * Before 6.17 the mark for "isolated" replaces the type for as long as pages
 * of the pageblock are being allocated as a range. Since then it is a bit of
 * its own, and this is never true.
 *
 * Context: any; the answer may be stale.
 *
 * Return: true if the type cannot be told before the isolation ends.
 */
static inline bool cb_pageblock_type_hidden(unsigned long pfn)
{
#ifdef CMA_BULK_HAVE_PAGEBLOCK_ISOLATE_BIT
	return false;
#else
	return IS_ENABLED(CONFIG_MEMORY_ISOLATION) &&
	       cb_pageblock_type(pfn) == MIGRATE_ISOLATE;
#endif
}

/**
 * cb_pageblock_isolated() - is a pageblock of a region isolated?
 * @pfn: a page of it, as for cb_pageblock_type()
 *
 * Then alloc_contig_range() refuses whatever touches it with -EBUSY: another
 * call is at work there, or memory is being taken offline. A pageblock that is
 * not of type CMA any more is refused, too.
 *
 * Context: any; the answer may be stale.
 *
 * Return: true if it is.
 */
static inline bool cb_pageblock_isolated(unsigned long pfn)
{
	unsigned long bits = cb_pageblock_bits(pfn);

#if defined(CMA_BULK_HAVE_PAGEBLOCK_ISOLATE_BIT) && defined(CONFIG_MEMORY_ISOLATION)
	if (bits & BIT(PB_migrate_isolate))
		return true;
#endif
	return (bits & CB_PAGEBLOCK_TYPE_MASK) != MIGRATE_CMA;
}

/**
 * cb_area_alignment() - what base and size of a CMA area are multiples of
 *
 * Kernels before 5.18 do not name it, and want the larger of a pageblock and
 * the largest buddy.
 *
 * Return: bytes, a power of two.
 */
static inline u64 cb_area_alignment(void)
{
#ifdef CMA_MIN_ALIGNMENT_BYTES
	return CMA_MIN_ALIGNMENT_BYTES;
#else
	return (u64)PAGE_SIZE << max_t(unsigned int, MAX_ORDER - 1,
				       pageblock_order);
#endif
}

#endif
