/* SPDX-License-Identifier: GPL-2.0-only */
/* Slots: the places in a window where a chunk could lie, and their cost. */
#ifndef CMA_BULK_CORE_SLOTS_H
#define CMA_BULK_CORE_SLOTS_H

#include "classify.h"

/*
 * A slot is one byte: up to CB_SLOT_COST_MAX what it costs to empty it, above
 * that why it cannot be had in the present mode.
 */
#define CB_SLOT_COST_MAX	200
#define CB_SLOT_WAIT		248	/* has CB_WAIT pages */
#define CB_SLOT_REF		249	/* has CB_REF pages */
#define CB_SLOT_MASKED		250	/* clean, in a pageblock that is not */
#define CB_SLOT_FAILED		251	/* looked clean, the kernel refused it */
#define CB_SLOT_BUSY		252
#define CB_SLOT_CLAIMED		253
#define CB_SLOT_HELD		254

/* Bits of what a fold has come across, beside slots that can be had. */
#define CB_SEEN_WAIT		(1u << 0)
#define CB_SEEN_REF		(1u << 1)
#define CB_SEEN_MASKED		(1u << 2)
#define CB_SEEN_CLAIMED		(1u << 3)

/**
 * struct cb_geometry - where chunks can lie in a region
 * @base: first pfn of the region
 * @pages: its length
 * @first: pfn of the first slot
 * @stride: pages from one slot to the next, a power of two
 * @size: pages in a chunk, a power of two, at most @stride
 * @block: pages in a pageblock, a power of two
 * @nr_slots: how many slots there are
 * @order: log2 of @size
 */
struct cb_geometry {
	unsigned long base;
	unsigned long pages;
	unsigned long first;
	unsigned long stride;
	unsigned long size;
	unsigned long block;
	unsigned long nr_slots;
	unsigned int order;
};

int cb_geometry_init(struct cb_geometry *g, unsigned long base,
		     unsigned long pages, unsigned long block,
		     unsigned int order, unsigned int align);

/* First page of a slot. */
static inline unsigned long cb_slot_start(const struct cb_geometry *g,
					  unsigned long slot)
{
	return g->first + slot * g->stride;
}

/**
 * struct cb_slotmap - folds runs of pages, in address order, into slots
 * @geo: where the slots are
 * @slot: one byte a slot
 * @mask_from: also mask the clean slots of a pageblock that holds a page of
 *	this class up to CB_BUSY; CB_NR_CLASSES masks none
 * @seen: CB_SEEN_* bits of the slots that are complete
 */
struct cb_slotmap {
	const struct cb_geometry *geo;
	unsigned char *slot;
	enum cb_class mask_from;
	unsigned int seen;
	/* private: */
	unsigned long index;		/* slot under construction */
	unsigned long cost;		/* cost of it so far */
	enum cb_class worst;		/* worst class of it so far */
	unsigned long block_start;	/* first pfn of the pageblock under construction */
	int block_blocked;		/* that pageblock has a page that blocks */
};

void cb_slotmap_start(struct cb_slotmap *m, const struct cb_geometry *geo,
		      unsigned char *slot, enum cb_class mask_from);
void cb_slotmap_add(struct cb_slotmap *m, unsigned long pfn, unsigned long nr,
		    enum cb_class class);
unsigned long cb_slotmap_settle(struct cb_slotmap *m, unsigned long pfn);
void cb_slotmap_finish(struct cb_slotmap *m);
unsigned long cb_slots_find_free(const unsigned char *slot, unsigned long from,
				 unsigned long to, unsigned long need,
				 unsigned long *run);

unsigned long cb_plan_fee(unsigned int order);

#endif
