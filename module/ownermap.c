// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two bytes for each page of a region: the number of its owner. Neighbours mostly
 * share one, so four pages are compared and set at a time.
 */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/time64.h>

#include "ownermap.h"
#include "owners.h"
#include "region.h"

/* Fewer where each page is looked at, too. */
#define RELEASE_PIECE	4096UL

/* See cb_owners_released(). */
#define RECENT_NS	(10 * NSEC_PER_MSEC)

/* How many of the numbers from @pos to @end are as the first, at least 1. */
static unsigned long extent(const u16 *who, unsigned long pos,
			    unsigned long end)
{
	u64 four = who[pos] * 0x0001000100010001ULL;
	unsigned long p = pos + 1;

	while (p < end && p % 4 && who[p] == who[pos])
		p++;
	if (p < end && p % 4)
		return p - pos;
	for (; p + 8 <= end; p += 8)
		if ((*(const u64 *)(who + p) ^ four) |
		    (*(const u64 *)(who + p + 4) ^ four))
			break;
	while (p < end && who[p] == who[pos])
		p++;
	return p - pos;
}

static void fill(u16 *who, unsigned long pos, unsigned long end, u16 id)
{
	u64 four = id * 0x0001000100010001ULL;

	while (pos < end && pos % 4)
		who[pos++] = id;
	for (; pos + 4 <= end; pos += 4)
		*(u64 *)(who + pos) = four;
	while (pos < end)
		who[pos++] = id;
}

/* The pages from @pos to @end get an owner, or none; the caller holds the lock. */
static void assign(struct cb_owners *o, unsigned long pos, unsigned long end,
		   u16 id)
{
	unsigned long n;
	u16 old;

	for (; pos < end; pos += n) {
		n = extent(o->who, pos, end);
		old = o->who[pos];
		if (old == id)
			continue;
		fill(o->who, pos, pos + n, id);
		if (id)
			o->owner[id].refs += n;
		if (old)
			cb_owner_unref(o, old, n);
	}
}

/**
 * cb_owners_set() - a range of pages was handed out
 * @region: the region
 * @pfn: first page
 * @nr: number of pages
 * @id: their owner, 0 if it is not known
 *
 * Context: any.
 */
void cb_owners_set(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr, u16 id)
{
	unsigned long pos = pfn - region->base_pfn, end = pos + nr, stop, flags;

	for (; pos < end; pos = stop) {
		stop = min(end, pos + CB_OWNERS_PIECE);
		if (!cb_owners_lock(region, &flags)) {
			atomic_long_inc(&region->owners->dropped);
			continue;
		}
		assign(region->owners, pos, stop, id);
		cb_owners_unlock(region, flags);
	}
}

/**
 * cb_owners_clear() - a range of pages goes back
 * @region: the region
 * @pfn: first page
 * @nr: number of pages
 *
 * Context: any.
 */
void cb_owners_clear(struct cma_bulk_region *region, unsigned long pfn,
		     unsigned long nr)
{
	cb_owners_set(region, pfn, nr, 0);
}

/* Those of the pages that are free. */
static void clear_free(struct cma_bulk_region *region, unsigned long pos,
		       unsigned long end)
{
	for (; pos < end; pos++)
		if (!page_ref_count(pfn_to_page(region->base_pfn + pos)))
			assign(region->owners, pos, pos + 1, 0);
}

/**
 * cb_owners_released() - cma_release() was called for a range of pages
 * @region: the region
 * @pfn: first page
 * @nr: number of pages
 *
 * Kernels tell it after they have freed the pages, and by then these may have been
 * handed out again, and that have been told. So what was handed out a moment ago
 * is forgotten only if it is free.
 *
 * Context: any.
 */
void cb_owners_released(struct cma_bulk_region *region, unsigned long pfn,
			unsigned long nr)
{
	unsigned long pos = pfn - region->base_pfn, end = pos + nr, stop, flags;
	struct cb_owners *o = region->owners;
	u64 now = ktime_get_mono_fast_ns();
	const struct cb_owner *owner;

	for (; pos < end; pos = stop) {
		stop = min(end, pos + RELEASE_PIECE);
		if (!cb_owners_lock(region, &flags))
			continue;
		stop = pos + extent(o->who, pos, stop);
		owner = &o->owner[o->who[pos]];
		if (o->who[pos] && owner->kind == CB_OWNER_CMA) {
			if (now - owner->when < RECENT_NS)
				clear_free(region, pos, stop);
			else
				assign(o, pos, stop, 0);
		}
		cb_owners_unlock(region, flags);
	}
}

/**
 * cb_owners_forget() - forget owners of a kind
 * @region: the region
 * @kind: the kind
 *
 * Context: may sleep.
 */
void cb_owners_forget(struct cma_bulk_region *region, enum cb_owner_kind kind)
{
	unsigned long pos = 0, end = region->nr_pages, stop, n, flags;
	struct cb_owners *o = region->owners;

	for (; pos < end; pos = stop) {
		stop = min(end, pos + CB_OWNERS_PIECE);
		cb_owners_lock(region, &flags);
		for (; pos < stop; pos += n) {
			n = extent(o->who, pos, stop);
			if (o->who[pos] && o->owner[o->who[pos]].kind == kind)
				assign(o, pos, pos + n, 0);
		}
		cb_owners_unlock(region, flags);
		cond_resched();
	}
}

/**
 * cb_owners_alike() - how many pages from one on share its owner?
 * @region: the region
 * @pfn: first page
 * @nr: how many to look at, from 1 to CB_OWNERS_PIECE
 * @owner: set to a copy of the owner; its kind is CB_OWNER_NONE without one
 *
 * Context: may not be an NMI.
 *
 * Return: at least 1, at most @nr.
 */
unsigned long cb_owners_alike(struct cma_bulk_region *region, unsigned long pfn,
			      unsigned long nr, struct cb_owner *owner)
{
	unsigned long pos = pfn - region->base_pfn, flags;
	struct cb_owners *o = region->owners;

	cb_owners_lock(region, &flags);
	nr = extent(o->who, pos, pos + nr);
	*owner = o->owner[o->who[pos]];
	if (!o->who[pos])
		owner->kind = CB_OWNER_NONE;
	cb_owners_unlock(region, flags);
	return nr;
}
