// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classes of pages, for every combination of flags: suspicion only grows, with
 * more references, with more pins, after a drain. And a page that is part of
 * something, or that has a type, is never free.
 */
#include "unit.h"

#define ALL_FLAGS	((CB_S_STUCK << 1) - 1)

/* Whatever its references are, such a page is not free. */
#define NEVER_FREE	(CB_S_TAIL | CB_S_HUGETLB | CB_S_HWPOISON | CB_S_LRU | \
			 CB_S_RESERVED | CB_S_ANY_TYPE)

/* What holds for any single sample. */
static enum cb_class classify_any(const struct cb_sample *s, int drained)
{
	enum cb_reason reason = CB_NR_REASONS;
	enum cb_class class = cb_classify(s, drained, &reason);
	int blocks = class > CB_DIRTY;
	int free = class == CB_FREE && !(s->flags & CB_S_BUDDY);

	if (class > CB_BUSY || (free && s->flags & NEVER_FREE) || reason >= CB_NR_REASONS ||
	    blocks != !!reason || (drained && class == CB_REF) ||
	    cb_classify(s, drained, NULL) != class)
		fail_msg("flags %#x order %u refs %ld maps %ld pins %ld: %d %s",
			 s->flags, s->order, s->refs, s->maps, s->pins, class,
			 cb_reason_name(reason));
	return class;
}

/* A ladder of reference counts for samples that are alike in all else. */
static void climb(struct cb_sample *s)
{
	static const long rungs[] = {
		INT_MIN, -1, 0, 1, 2, 3, 4, 15, 16, 17, 18, 511, 512, 513, 514,
		1023, 1024, 1025, 1026, 1027, 1535, 1536, 1540, 5000, INT_MAX,
	};
	enum cb_class class, drained, last = CB_FREE, last_drained = CB_FREE;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rungs); i++) {
		s->refs = rungs[i];
		class = classify_any(s, 0);
		drained = classify_any(s, 1);
		if (class < last || drained < last_drained)
			fail_msg("flags %#x order %u maps %ld: more than %ld",
				 s->flags, s->order, s->maps, rungs[i - 1]);
		/* A drain only settles what was in doubt. */
		if (drained != (class == CB_REF ? CB_BUSY : class))
			fail_msg("flags %#x refs %ld: drained", s->flags,
				 s->refs);
		last = class;
		last_drained = drained;
	}
}

static void test_more_references(void **state)
{
	static const struct {
		unsigned int order;
		long maps;
	} at[] = { { 0, -1 }, { 0, 1 }, { 4, 0 }, { 9, 512 } };
	unsigned int flags, i;

	(void)state;
	for (flags = 0; flags <= ALL_FLAGS; flags++)
		for (i = 0; i < ARRAY_SIZE(at); i++) {
			struct cb_sample s = {
				flags, at[i].order, 0, at[i].maps, 0
			};

			climb(&s);
		}
}

static void test_more_pins(void **state)
{
	struct rnd r = rnd_start(__func__);
	enum cb_class class, last;
	struct cb_sample s;
	int i, drained;

	(void)state;
	for (i = 0; i < 1000000; i++) {
		s.flags = rnd_next(&r) & ALL_FLAGS;
		s.order = rnd_below(&r, 11);
		s.refs = rnd_below(&r, 1200);
		s.maps = rnd_below(&r, 1200);
		drained = i & 1;
		last = CB_FREE;
		for (s.pins = -1; s.pins < 3; s.pins++) {
			class = classify_any(&s, drained);
			assert_true(class >= last);
			last = class;
		}
	}
}

/* A page in transition may show anything, in any combination. */
static void test_garbage(void **state)
{
	struct rnd r = rnd_start(__func__);
	struct cb_sample s;
	int i;

	(void)state;
	for (i = 0; i < 1000000; i++) {
		s.flags = rnd_next(&r);
		s.order = rnd_next(&r) >> rnd_range(&r, 32, 63);
		s.refs = (int)rnd_next(&r);
		s.maps = (int)rnd_next(&r);
		s.pins = (int)rnd_next(&r);
		classify_any(&s, i & 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_more_references),
		cmocka_unit_test(test_more_pins),
		cmocka_unit_test(test_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
