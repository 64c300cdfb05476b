// SPDX-License-Identifier: GPL-2.0-only
/* From classes of pages to slots: where could a chunk lie, at what cost? */
#include "slots.h"

/*
 * What it costs to empty a page, relative to each other: dropping clean cache
 * is cheaper than copying a page, and a dirty page may need its file system.
 * Small enough that sixteen of the dearest fit CB_SLOT_COST_MAX.
 */
static const unsigned char page_cost[CB_NR_CLASSES] = {
	[CB_FREE]	= 0,
	[CB_CLEAN]	= 4,
	[CB_COPY]	= 6,
	[CB_DIRTY]	= 9,
};

/* Chunks above this order count their cost in coarser units, see slot_value(). */
#define CB_EXACT_ORDER	4

static unsigned int cost_shift(unsigned int order)
{
	return order > CB_EXACT_ORDER ? order - CB_EXACT_ORDER : 0;
}

static unsigned long round_up_pow2(unsigned long value, unsigned long pow2)
{
	return (value + pow2 - 1) & ~(pow2 - 1);
}

/**
 * cb_geometry_init() - find the slots of a region
 * @g: filled in
 * @base: first pfn of the region
 * @pages: length of the region in pages
 * @block: pages in a pageblock, a power of two
 * @order: a chunk is 2^order pages, naturally aligned
 * @align: and aligned to 2^align pages, if that is more
 *
 * Return: 0, or -1 if the region has no slot of that order and alignment, or
 * more than an int can number.
 */
int cb_geometry_init(struct cb_geometry *g, unsigned long base,
		     unsigned long pages, unsigned long block,
		     unsigned int order, unsigned int align)
{
	const unsigned int bits = sizeof(long) * 8 - 2;
	unsigned int stride = align > order ? align : order;

	if (stride > bits)
		return -1;

	g->base = base;
	g->pages = pages;
	g->block = block;
	g->order = order;
	g->size = 1UL << order;
	g->stride = 1UL << stride;
	g->first = round_up_pow2(base, g->stride);
	g->nr_slots = 0;
	/* The first test also catches a @first that wrapped. */
	if (g->first < base || g->first - base > pages ||
	    pages - (g->first - base) < g->size)
		return -1;
	g->nr_slots = (pages - (g->first - base) - g->size) / g->stride + 1;
	return g->nr_slots > ~0U >> 1 ? -1 : 0;
}

static unsigned long min_of(unsigned long a, unsigned long b)
{
	return a < b ? a : b;
}

static unsigned char slot_value(const struct cb_slotmap *m)
{
	unsigned int shift = cost_shift(m->geo->order);

	switch (m->worst) {
	case CB_HELD:
		return CB_SLOT_HELD;
	case CB_CLAIMED:
		return CB_SLOT_CLAIMED;
	case CB_BUSY:
		return CB_SLOT_BUSY;
	case CB_REF:
		return CB_SLOT_REF;
	case CB_WAIT:
		return CB_SLOT_WAIT;
	default:
		/* Rounded up: a slot with a page in use is never for nothing. */
		return (m->cost + (1UL << shift) - 1) >> shift;
	}
}

static unsigned int seen_bit(enum cb_class worst)
{
	switch (worst) {
	case CB_WAIT:
		return CB_SEEN_WAIT;
	case CB_REF:
		return CB_SEEN_REF;
	case CB_CLAIMED:
		return CB_SEEN_CLAIMED;
	default:
		return 0;
	}
}

static void close_slot(struct cb_slotmap *m)
{
	if (m->index < m->geo->nr_slots) {
		m->slot[m->index] = slot_value(m);
		m->seen |= seen_bit(m->worst);
	}
	m->index = m->geo->nr_slots;
	m->cost = 0;
	m->worst = CB_FREE;
}

/* First slot that begins at @pfn or after it. */
static unsigned long slot_from(const struct cb_geometry *geo, unsigned long pfn)
{
	if (pfn <= geo->first)
		return 0;
	return (pfn - geo->first + geo->stride - 1) / geo->stride;
}

/* How many slots end at @pfn or before it. */
static unsigned long slots_before(const struct cb_geometry *geo,
				  unsigned long pfn)
{
	if (pfn < geo->first + geo->size)
		return 0;
	return min_of((pfn - geo->first - geo->size) / geo->stride + 1,
		      geo->nr_slots);
}

/*
 * Slots are naturally aligned, so they either lie within one pageblock or
 * cover whole ones; a slot of the latter kind has its own blocking pages.
 */
static void close_block(struct cb_slotmap *m)
{
	unsigned long end = m->block_start + m->geo->block;
	unsigned long i, last;

	if (m->block_blocked && m->geo->size <= m->geo->block) {
		close_slot(m);
		last = slot_from(m->geo, end);
		for (i = slot_from(m->geo, m->block_start);
		     i < last && i < m->geo->nr_slots; i++)
			if (m->slot[i] <= CB_SLOT_COST_MAX) {
				m->slot[i] = CB_SLOT_MASKED;
				m->seen |= CB_SEEN_MASKED;
			}
	}
	m->block_blocked = 0;
}

/* Keep track of the pageblock that a run of pages at @pfn lies in. */
static void mask_add(struct cb_slotmap *m, unsigned long pfn,
		     enum cb_class class)
{
	unsigned long block = pfn & ~(m->geo->block - 1);

	if (block != m->block_start) {
		close_block(m);
		m->block_start = block;
	}
	if (class >= m->mask_from && class <= CB_BUSY)
		m->block_blocked = 1;
}

/**
 * cb_slotmap_start() - begin to fold a scan into slots
 * @m: the fold
 * @geo: where the slots are; must outlive the fold
 * @slot: an array of @geo->nr_slots
 * @mask_from: the lowest class of page that makes its whole pageblock
 *	untouchable, CB_NR_CLASSES if none does
 */
void cb_slotmap_start(struct cb_slotmap *m, const struct cb_geometry *geo,
		      unsigned char *slot, enum cb_class mask_from)
{
	m->geo = geo;
	m->slot = slot;
	m->mask_from = mask_from;
	m->seen = 0;
	m->index = geo->nr_slots;
	m->cost = 0;
	m->worst = CB_FREE;
	m->block_start = geo->base & ~(geo->block - 1);
	m->block_blocked = 0;
	if (geo->nr_slots)
		__builtin_memset(slot, 0, geo->nr_slots);
}

/* Pages of one slot, which may have more. */
static void add_part(struct cb_slotmap *m, unsigned long slot, unsigned long nr,
		     enum cb_class class)
{
	if (slot != m->index) {
		close_slot(m);
		m->index = slot;
	}
	m->cost += nr * page_cost[class];
	if (class > m->worst)
		m->worst = class;
}

/* All pages of neighbouring slots: they come out alike. */
static void add_whole(struct cb_slotmap *m, unsigned long from, unsigned long to,
		      enum cb_class class)
{
	add_part(m, from, m->geo->size, class);
	close_slot(m);
	__builtin_memset(m->slot + from, m->slot[from], to - from);
}

static void add_run(struct cb_slotmap *m, unsigned long pfn, unsigned long nr,
		    enum cb_class class)
{
	const struct cb_geometry *geo = m->geo;
	unsigned long end = pfn + nr, next, whole_end, start;

	if (class == CB_FREE)
		return;
	next = slot_from(geo, pfn);
	whole_end = slots_before(geo, end);
	if (next) {
		/* The slot before may reach into the run. */
		start = cb_slot_start(geo, next - 1);
		if (next <= geo->nr_slots && start + geo->size > pfn)
			add_part(m, next - 1, min_of(end, start + geo->size) - pfn,
				 class);
	}
	if (next < whole_end) {
		add_whole(m, next, whole_end, class);
		next = whole_end;
	}
	start = cb_slot_start(geo, next);
	if (next < geo->nr_slots && start < end)
		add_part(m, next, end - start, class);
}

/**
 * cb_slotmap_add() - fold in a run of pages of one class
 * @m: the fold
 * @pfn: first page of the run; runs come in ascending order
 * @nr: length of the run in pages
 * @class: their class
 */
void cb_slotmap_add(struct cb_slotmap *m, unsigned long pfn, unsigned long nr,
		    enum cb_class class)
{
	const unsigned long block = m->geo->block;
	unsigned long part;

	if (m->mask_from >= CB_NR_CLASSES) {
		add_run(m, pfn, nr, class);
		return;
	}
	/* A pageblock is masked when all of its slots are complete. */
	for (; nr; pfn += part, nr -= part) {
		part = block - (pfn & (block - 1));
		if (part > nr)
			part = nr;
		mask_add(m, pfn, class);
		add_run(m, pfn, part, class);
	}
}

/**
 * cb_slotmap_settle() - which slots are complete, in the middle of a fold?
 * @m: the fold
 * @pfn: all pages before this one were added; at the end of a pageblock
 *
 * Return: how many slots from the first on are complete and can be read.
 */
unsigned long cb_slotmap_settle(struct cb_slotmap *m, unsigned long pfn)
{
	unsigned long nr = slots_before(m->geo, pfn);

	if (m->index < nr)
		close_slot(m);
	if (m->mask_from < CB_NR_CLASSES) {
		close_block(m);
		m->block_start = pfn;
	}
	return nr;
}

/**
 * cb_slots_find_free() - find neighbouring slots that cost nothing
 * @slot: the slots
 * @from: first slot that was not looked at by an earlier call
 * @to: end of the slots that are complete
 * @need: how many neighbours are wanted
 * @run: in and out: how many slots before @from, or @to, are free
 *
 * Return: the first of @need free slots, or ~0UL if there are none before @to.
 */
unsigned long cb_slots_find_free(const unsigned char *slot, unsigned long from,
				 unsigned long to, unsigned long need,
				 unsigned long *run)
{
	for (; from < to && *run < need; from++)
		*run = slot[from] ? 0 : *run + 1;
	return *run < need ? ~0UL : from - need;
}

/**
 * cb_slotmap_finish() - end a fold; the slots are complete after it
 * @m: the fold
 */
void cb_slotmap_finish(struct cb_slotmap *m)
{
	close_slot(m);
	if (m->mask_from < CB_NR_CLASSES)
		close_block(m);
}

/**
 * cb_plan_fee() - what a call of alloc_contig_range() costs beside its pages
 * @order: order of the chunks, which sets the unit
 *
 * Draining the per-CPU lists and the LRU batches of every CPU costs as much as
 * copying some dozens of pages; a plan avoids a call if that migrates fewer.
 *
 * Return: the cost in the unit of a slot's cost.
 */
unsigned long cb_plan_fee(unsigned int order)
{
	const unsigned long pages = 32;
	unsigned long fee = pages * page_cost[CB_COPY] >> cost_shift(order);

	return fee ? fee : 1;
}
