// SPDX-License-Identifier: GPL-2.0-only
/*
 * From pages to slots: however a scan cuts the region into runs, each slot gets
 * what a look at its pages one by one says, and so do the masks of pageblocks.
 */
#include <stdio.h>

#include "unit.h"

#define MAX_PAGES	700

/* A region: the class of every page, and the question. */
struct region {
	struct cb_geometry geo;
	enum cb_class mask_from;
	unsigned char class[MAX_PAGES];
};

/* A naive slot: all its pages, then all pages of its pageblock. */
static unsigned char naive_slot(const struct region *r, unsigned long i)
{
	static const unsigned int cost[] = { 0, 4, 6, 9 };
	static const unsigned char blocked[CB_NR_CLASSES] = {
		[CB_WAIT] = CB_SLOT_WAIT, [CB_REF] = CB_SLOT_REF,
		[CB_BUSY] = CB_SLOT_BUSY, [CB_CLAIMED] = CB_SLOT_CLAIMED,
		[CB_HELD] = CB_SLOT_HELD,
	};
	const struct cb_geometry *g = &r->geo;
	unsigned long start = g->first + i * g->stride, pfn;
	unsigned int class, worst = 0, sum = 0, unit = 1;

	for (pfn = start; pfn < start + g->size; pfn++) {
		class = r->class[pfn - g->base];
		worst = class > worst ? class : worst;
		sum += class <= CB_DIRTY ? cost[class] : 0;
	}
	if (blocked[worst])
		return blocked[worst];
	if (g->size <= g->block)
		for (pfn = g->base; pfn < g->base + g->pages; pfn++) {
			class = r->class[pfn - g->base];
			if (pfn / g->block == start / g->block &&
			    class >= r->mask_from && class <= CB_BUSY)
				return CB_SLOT_MASKED;
		}
	while (g->size / unit > 16)
		unit *= 2;
	assert_true((sum + unit - 1) / unit <= CB_SLOT_COST_MAX);
	return (sum + unit - 1) / unit;
}

enum cut { WHOLE_RUNS, SINGLE_PAGES, AT_RANDOM, NR_CUTS };

static void fold(const struct region *r, unsigned char *slot, enum cut cut,
		 struct rnd *rnd)
{
	const struct cb_geometry *g = &r->geo;
	unsigned long from, to;
	struct cb_slotmap m;

	memset(&m, 0xff, sizeof(m));
	cb_slotmap_start(&m, g, slot, r->mask_from);
	for (from = 0; from < g->pages; from = to) {
		for (to = from + 1; to < g->pages; to++)
			if (r->class[to] != r->class[from] ||
			    cut == SINGLE_PAGES ||
			    (cut == AT_RANDOM && rnd_chance(rnd, 10)))
				break;
		cb_slotmap_add(&m, g->base + from, to - from, r->class[from]);
	}
	cb_slotmap_finish(&m);
}

static void show(const struct region *r, int cut, unsigned long slot)
{
	const struct cb_geometry *g = &r->geo;
	unsigned long i;

	fprintf(stderr, "base %lu pages %lu block %lu size %lu stride %lu\n",
		g->base, g->pages, g->block, g->size, g->stride);
	fprintf(stderr, "mask %d cut %d slot %lu\n", r->mask_from, cut, slot);
	for (i = 0; i < g->pages; i++)
		fprintf(stderr, "%s%d", (g->base + i) % g->block ? "" : " ",
			r->class[i]);
	fprintf(stderr, "\n");
	fail();
}

static void check_region(const struct region *r, struct rnd *rnd)
{
	unsigned char *slot = exact_alloc(r->geo.nr_slots);
	unsigned long i;
	int cut;

	for (cut = 0; cut < NR_CUTS; cut++) {
		memset(slot, 0x5a, r->geo.nr_slots);
		fold(r, slot, cut, rnd);
		for (i = 0; i < r->geo.nr_slots; i++)
			if (slot[i] != naive_slot(r, i))
				show(r, cut, i);
	}
	free(slot);
}

/* Runs of random length; now and then a page that is in the way. */
static void random_classes(struct region *r, struct rnd *rnd)
{
	unsigned long i = 0, n;
	unsigned int longest = rnd_chance(rnd, 50) ? 5 : 150;
	unsigned int trouble = rnd_below(rnd, 30);
	unsigned char class;

	while (i < r->geo.pages) {
		class = rnd_chance(rnd, trouble) ?
			rnd_range(rnd, CB_WAIT, CB_HELD) :
			rnd_below(rnd, CB_WAIT);
		n = class < CB_WAIT ? rnd_range(rnd, 1, longest) :
		    rnd_range(rnd, 1, 3);
		while (n-- && i < r->geo.pages)
			r->class[i++] = class;
	}
}

static int random_region(struct region *r, struct rnd *rnd)
{
	unsigned long block = 1UL << rnd_range(rnd, 2, 7);
	unsigned long base = rnd_range(rnd, 0, 600);
	unsigned long pages = rnd_range(rnd, 1, MAX_PAGES);

	if (rnd_chance(rnd, 60))
		base &= ~(block - 1);
	if (rnd_chance(rnd, 10))
		base += ~0UL << 48;
	memset(r, 0, sizeof(*r));
	r->mask_from = rnd_chance(rnd, 70) ?
		       rnd_range(rnd, CB_WAIT, CB_BUSY) :
		       rnd_below(rnd, CB_NR_CLASSES + 1);
	return cb_geometry_init(&r->geo, base, pages, block,
				rnd_below(rnd, 8), rnd_below(rnd, 8));
}

static void test_random(void **state)
{
	struct rnd rnd = rnd_start(__func__);
	unsigned int above = 0, wide = 0;
	struct region r;
	int i;

	(void)state;
	for (i = 0; i < 12000; i++) {
		if (random_region(&r, &rnd))
			continue;
		random_classes(&r, &rnd);
		check_region(&r, &rnd);
		above += r.geo.size > r.geo.block;
		wide += r.geo.stride > r.geo.size;
	}
	/* Chunks above a pageblock, and gaps between slots, were among them. */
	assert_true(above > 1000);
	assert_true(wide > 1000);
}

/* A chunk full of the dearest pages still has a cost, at every order. */
static void test_cost_fits(void **state)
{
	static const unsigned char full[] = { 0, 64, 96, 144 };
	struct cb_geometry g;
	struct cb_slotmap m;
	unsigned int order;
	unsigned char slot;
	int class;

	(void)state;
	for (order = 4; order <= 20; order++) {
		cb_geometry_init(&g, 1UL << order, 1UL << order, 512, order, 0);
		assert_int_equal(g.nr_slots, 1);
		for (class = CB_FREE; class <= CB_DIRTY; class++) {
			cb_slotmap_start(&m, &g, &slot, CB_NR_CLASSES);
			cb_slotmap_add(&m, g.base, g.pages, class);
			cb_slotmap_finish(&m);
			assert_int_equal(slot, full[class]);
		}
		/* One page in use is not for nothing, whatever the rest. */
		cb_slotmap_start(&m, &g, &slot, CB_NR_CLASSES);
		cb_slotmap_add(&m, g.base, g.pages - 1, CB_FREE);
		cb_slotmap_add(&m, g.base + g.pages - 1, 1, CB_CLEAN);
		cb_slotmap_finish(&m);
		assert_in_range(slot, 1, 4);
	}
}

/*
 * A run that goes on into the next pageblock, as a scan makes them: what it
 * covers of the first stays masked, and a slot that it completes stays busy.
 */
static void test_run_over_blocks(void **state)
{
	static const unsigned char want[] = {
		CB_SLOT_BUSY, CB_SLOT_MASKED, CB_SLOT_MASKED, CB_SLOT_MASKED,
		16, 16, 16, 16,
	};
	unsigned char slot[ARRAY_SIZE(want)];
	struct cb_geometry g;
	struct cb_slotmap m;

	(void)state;
	assert_int_equal(cb_geometry_init(&g, 0, 32, 16, 2, 0), 0);
	cb_slotmap_start(&m, &g, slot, CB_WAIT);
	cb_slotmap_add(&m, 0, 1, CB_BUSY);
	cb_slotmap_add(&m, 1, 31, CB_CLEAN);
	cb_slotmap_finish(&m);
	assert_memory_equal(slot, want, sizeof(want));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_cost_fits),
		cmocka_unit_test(test_run_over_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
