// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where slots lie: every naturally aligned place in a region is a slot, and
 * nothing else is, also at the ends of the address space. And that a call's fee
 * is in the unit of a slot's cost.
 */
#include "unit.h"

static int fits(unsigned long pfn, unsigned long size, unsigned long stride,
		unsigned long base, unsigned long pages)
{
	return pfn % stride == 0 && pfn >= base &&
	       pfn + size <= base + pages;
}

/* Compare with every pfn of the region, one by one. */
static void check_geometry(unsigned long base, unsigned long pages,
			   unsigned int order, unsigned int align)
{
	unsigned long stride = 1UL << (order > align ? order : align);
	unsigned long size = 1UL << order, pfn, n = 0;
	struct cb_geometry g;
	int ret;

	memset(&g, 0xff, sizeof(g));
	ret = cb_geometry_init(&g, base, pages, 64, order, align);
	for (pfn = base; pfn < base + pages; pfn++) {
		if (!fits(pfn, size, stride, base, pages))
			continue;
		assert_int_equal(ret, 0);
		assert_true(n < g.nr_slots);
		assert_int_equal(g.first + n * g.stride, pfn);
		n++;
	}
	assert_int_equal(ret, n ? 0 : -1);
	assert_int_equal(g.nr_slots, n);
	if (ret)
		return;
	assert_int_equal(g.base, base);
	assert_int_equal(g.pages, pages);
	assert_int_equal(g.block, 64);
	assert_int_equal(g.order, order);
	assert_int_equal(g.size, size);
	assert_int_equal(g.stride, stride);
}

static void test_geometry(void **state)
{
	struct rnd r = rnd_start(__func__);
	unsigned long base, pages;
	int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		base = rnd_below(&r, 300);
		if (rnd_chance(&r, 30))
			base += 1UL << 40;
		if (rnd_chance(&r, 30))
			base &= ~63UL;
		pages = rnd_below(&r, 400);
		if (rnd_chance(&r, 30))
			pages &= ~63UL;
		check_geometry(base, pages, rnd_below(&r, 9),
			       rnd_below(&r, 10));
	}
}

/* Nothing overflows where the numbers end. */
static void test_extremes(void **state)
{
	const unsigned long top = 1UL << 63;
	struct cb_geometry g;

	(void)state;
	assert_int_equal(cb_geometry_init(&g, 0, ~0UL, 512, 63, 0), -1);
	assert_int_equal(cb_geometry_init(&g, 0, ~0UL, 512, 64, 0), -1);
	assert_int_equal(cb_geometry_init(&g, 0, ~0UL, 512, 0, ~0U), -1);
	assert_int_equal(cb_geometry_init(&g, 0, ~0UL, 512, ~0U, 0), -1);
	assert_int_equal(cb_geometry_init(&g, top, top, 512, 62, 0), 0);
	assert_int_equal(g.nr_slots, 2);
	assert_int_equal(cb_geometry_init(&g, ~0UL - 9, 9, 512, 4, 0), -1);
	assert_int_equal(cb_geometry_init(&g, ~0UL - 9, 9, 512, 0, 20), -1);
	assert_int_equal(cb_geometry_init(&g, 1, top, 512, 30, 62), 0);
	assert_int_equal(g.first, 1UL << 62);
	assert_int_equal(cb_geometry_init(&g, 0, 0, 512, 0, 0), -1);
}

/* No more slots than a range can number. */
static void test_too_many(void **state)
{
	struct cb_geometry g;

	(void)state;
	assert_int_equal(cb_geometry_init(&g, 0, INT_MAX, 512, 0, 0), 0);
	assert_int_equal(g.nr_slots, INT_MAX);
	assert_int_equal(cb_geometry_init(&g, 0, 1UL << 31, 512, 0, 0), -1);
	assert_int_equal(cb_geometry_init(&g, 0, 1UL << 32, 512, 0, 0), -1);
	assert_int_equal(cb_geometry_init(&g, 0, 1UL << 32, 512, 2, 0), 0);
	assert_int_equal(cb_geometry_init(&g, 0, ~0UL, 512, 0, 0), -1);
}

/* A call costs as much as copying 32 pages, in whatever unit slots are. */
static void test_fee(void **state)
{
	static const unsigned long fees[] = {
		192, 192, 192, 192, 192, 96, 48, 24, 12, 6, 3, 1, 1, 1,
	};
	unsigned char slot[32];
	struct cb_geometry g;
	struct cb_slotmap m;
	unsigned int order;
	unsigned long sum;

	(void)state;
	for (order = 0; order < ARRAY_SIZE(fees); order++)
		assert_int_equal(cb_plan_fee(order), fees[order]);
	assert_int_equal(cb_plan_fee(30), 1);
	for (order = 0; order <= 5; order++) {
		assert_int_equal(cb_geometry_init(&g, 0, 32, 512, order, 0), 0);
		cb_slotmap_start(&m, &g, slot, CB_NR_CLASSES);
		cb_slotmap_add(&m, 0, 32, CB_COPY);
		cb_slotmap_finish(&m);
		for (sum = 0; g.nr_slots; g.nr_slots--)
			sum += slot[g.nr_slots - 1];
		assert_int_equal(cb_plan_fee(order), sum);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_geometry),
		cmocka_unit_test(test_extremes),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_fee),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
