// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classes of pages: what typical pages look like, which flag outranks which,
 * and, for every combination of flags, that suspicion only grows: with more
 * references, with more pins, after a drain.
 */
#include "unit.h"

#define ALL_FLAGS	((CB_S_NOMAPS << 1) - 1)
#define FILE_LRU	(CB_S_FILE | CB_S_LRU)
#define ANON_LRU	(CB_S_ANON | CB_S_SWAPBACKED | CB_S_LRU)
#define SHMEM_LRU	(CB_S_FILE | CB_S_SWAPBACKED | CB_S_LRU)

/* What the file system, the memory manager and drivers leave in the area. */
static const struct {
	const char *what;
	struct cb_sample s;
	enum cb_class class, drained;
	enum cb_reason reason;
} pages[] = {
	{ "buddy", { CB_S_BUDDY, 9, 0, 0, 0 }, CB_FREE, CB_FREE, 0 },
	{ "buddy being taken", { CB_S_BUDDY, 0, 1, 0, 0 },
	  CB_FREE, CB_FREE, 0 },
	{ "per-CPU list", { 0, 0, 0, 0, 0 }, CB_FREE, CB_FREE, 0 },
	{ "frozen folio", { ANON_LRU, 0, 0, 3, 0 }, CB_FREE, CB_FREE, 0 },
	{ "garbage count", { 0, 0, -5, 7, 0 }, CB_FREE, CB_FREE, 0 },

	{ "page cache", { FILE_LRU, 0, 1, 0, 0 }, CB_CLEAN, CB_CLEAN, 0 },
	{ "mapped page cache", { FILE_LRU, 0, 3, 2, 0 },
	  CB_CLEAN, CB_CLEAN, 0 },
	{ "page cache with buffers", { FILE_LRU | CB_S_PRIVATE, 0, 2, 0, 0 },
	  CB_CLEAN, CB_CLEAN, 0 },
	{ "large folio", { FILE_LRU, 4, 16, 0, 0 }, CB_CLEAN, CB_CLEAN, 0 },
	{ "mapped large folio with buffers",
	  { FILE_LRU | CB_S_PRIVATE, 9, 512 + 1 + 40, 40, 0 },
	  CB_CLEAN, CB_CLEAN, 0 },
	{ "dirty page cache", { FILE_LRU | CB_S_DIRTY, 0, 1, 0, 0 },
	  CB_DIRTY, CB_DIRTY, 0 },
	{ "anonymous", { ANON_LRU, 0, 1, 1, 0 }, CB_COPY, CB_COPY, 0 },
	{ "dirty anonymous", { ANON_LRU | CB_S_DIRTY, 0, 1, 1, 0 },
	  CB_COPY, CB_COPY, 0 },
	{ "lazily freed", { CB_S_ANON | CB_S_LRU, 0, 1, 1, 0 },
	  CB_COPY, CB_COPY, 0 },
	{ "forked", { ANON_LRU, 0, 7, 7, 0 }, CB_COPY, CB_COPY, 0 },
	{ "huge", { ANON_LRU, 9, 1, 1, 0 }, CB_COPY, CB_COPY, 0 },
	{ "in the swap cache", { ANON_LRU | CB_S_SWAPCACHE, 0, 2, 1, 0 },
	  CB_COPY, CB_COPY, 0 },
	{ "huge in the swap cache", { ANON_LRU | CB_S_SWAPCACHE, 9, 513, 1, 0 },
	  CB_COPY, CB_COPY, 0 },
	{ "shmem", { SHMEM_LRU, 0, 1, 0, 0 }, CB_COPY, CB_COPY, 0 },
	{ "zsmalloc", { CB_S_MOVABLE, 0, 1, 0, 0 }, CB_COPY, CB_COPY, 0 },
	{ "zsmalloc with a type", { CB_S_MOVABLE | CB_S_TYPED, 0, 1, 0, 0 },
	  CB_COPY, CB_COPY, 0 },
	{ "huge, map count unknown", { ANON_LRU | CB_S_NOMAPS, 9, 600, 0, 0 },
	  CB_COPY, CB_COPY, 0 },

	{ "writeback", { FILE_LRU | CB_S_WRITEBACK, 0, 1, 0, 0 },
	  CB_WAIT, CB_WAIT, CB_R_WRITEBACK },
	{ "writeback with a bio", { FILE_LRU | CB_S_WRITEBACK, 0, 2, 0, 0 },
	  CB_WAIT, CB_WAIT, CB_R_WRITEBACK },
	{ "locked", { FILE_LRU | CB_S_LOCKED, 0, 1, 0, 0 },
	  CB_WAIT, CB_WAIT, CB_R_LOCKED },
	{ "locked by a reader", { FILE_LRU | CB_S_LOCKED, 0, 2, 0, 0 },
	  CB_WAIT, CB_WAIT, CB_R_LOCKED },
	{ "hugetlb", { CB_S_HUGETLB | CB_S_FILE, 9, 1, 1, 0 },
	  CB_WAIT, CB_WAIT, CB_R_HUGETLB },

	{ "one reference too many", { ANON_LRU, 0, 2, 1, 0 },
	  CB_REF, CB_BUSY, CB_R_PINNED },
	{ "large folio with one too many", { FILE_LRU, 4, 17, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_PINNED },
	{ "both caches at once", { SHMEM_LRU | CB_S_SWAPCACHE, 0, 2, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_PINNED },
	{ "buffers gone, reference not", { FILE_LRU, 0, 2, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_PINNED },
	{ "1023 too many", { ANON_LRU, 0, 1024, 1, 0 },
	  CB_REF, CB_BUSY, CB_R_PINNED },
	{ "truncated, still batched", { CB_S_LRU, 0, 2, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_UNKNOWN },

	{ "FOLL_PIN", { ANON_LRU, 0, 1 + 1024, 1, 0 },
	  CB_BUSY, CB_BUSY, CB_R_DMA_PINNED },
	{ "FOLL_PIN and locked", { ANON_LRU | CB_S_LOCKED, 0, 1025, 1, 0 },
	  CB_BUSY, CB_BUSY, CB_R_DMA_PINNED },
	{ "FOLL_PIN of a huge page", { ANON_LRU, 9, 2, 1, 1 },
	  CB_BUSY, CB_BUSY, CB_R_DMA_PINNED },
	{ "FOLL_PIN, map count unknown", { ANON_LRU | CB_S_NOMAPS, 9, 2, 0, 1 },
	  CB_BUSY, CB_BUSY, CB_R_DMA_PINNED },
	{ "slab", { CB_S_SLAB, 3, 1, 0, 0 }, CB_BUSY, CB_BUSY, CB_R_SLAB },
	{ "page table", { CB_S_PGTABLE, 0, 1, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_PAGETABLE },
	{ "reserved", { CB_S_RESERVED, 0, 1, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_RESERVED },
	{ "vmalloc, with a type", { CB_S_TYPED, 0, 1, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_KERNEL },
};

/* Pages without a mapping are something else after a drain. */
static const struct {
	struct cb_sample s;
	enum cb_reason drained;
} bare[] = {
	{ { 0, 0, 1, 0, 0 }, CB_R_CMA_USER },
	{ { 0, 0, 1, -1, 0 }, CB_R_CMA_USER },
	{ { CB_S_LOCKED | CB_S_PRIVATE, 0, 1, 0, 0 }, CB_R_CMA_USER },
	{ { 0, 0, 2, 0, 0 }, CB_R_KERNEL },
	{ { 0, 0, 1, 1, 0 }, CB_R_KERNEL },
	{ { CB_S_LRU, 0, 1, 0, 0 }, CB_R_KERNEL },
};

/* The first flag of these that an in-use page has decides. */
static const struct {
	unsigned int flag;
	enum cb_class class;
	enum cb_reason reason;
} rank[] = {
	{ CB_S_RESERVED, CB_BUSY, CB_R_RESERVED },
	{ CB_S_BUDDY, CB_FREE, CB_R_NONE },
	{ CB_S_SLAB, CB_BUSY, CB_R_SLAB },
	{ CB_S_PGTABLE, CB_BUSY, CB_R_PAGETABLE },
	{ CB_S_HUGETLB, CB_WAIT, CB_R_HUGETLB },
	{ CB_S_MOVABLE, CB_COPY, CB_R_NONE },
	{ CB_S_TYPED, CB_BUSY, CB_R_KERNEL },
};

static void test_table(void **state)
{
	enum cb_reason reason;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		reason = CB_NR_REASONS;
		if (cb_classify(&pages[i].s, 0, &reason) != pages[i].class ||
		    reason != pages[i].reason)
			fail_msg("%s: %s", pages[i].what,
				 cb_reason_name(reason));
		if (cb_classify(&pages[i].s, 1, &reason) != pages[i].drained)
			fail_msg("%s, drained", pages[i].what);
		if (reason != pages[i].reason && reason != CB_R_KERNEL)
			fail_msg("%s, drained: %s", pages[i].what,
				 cb_reason_name(reason));
	}
}

static void test_bare(void **state)
{
	enum cb_reason reason;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bare); i++) {
		assert_int_equal(cb_classify(&bare[i].s, 0, &reason), CB_REF);
		assert_int_equal(reason, CB_R_UNKNOWN);
		assert_int_equal(cb_classify(&bare[i].s, 1, &reason), CB_BUSY);
		assert_int_equal(reason, bare[i].drained);
	}
}

static void test_rank(void **state)
{
	enum cb_reason reason;
	unsigned int flags, i;
	enum cb_class class;
	int drained;

	(void)state;
	for (flags = 0; flags <= ALL_FLAGS; flags++) {
		for (i = 0; i < ARRAY_SIZE(rank); i++)
			if (flags & rank[i].flag)
				break;
		if (i == ARRAY_SIZE(rank))
			continue;
		for (drained = 0; drained < 2; drained++) {
			struct cb_sample s = { flags, 0, 2, 1, 0 };

			class = cb_classify(&s, drained, &reason);
			assert_int_equal(class, rank[i].class);
			assert_int_equal(reason, rank[i].reason);
		}
	}
}

/* What holds for any single sample. */
static enum cb_class classify_any(const struct cb_sample *s, int drained)
{
	enum cb_reason reason = CB_NR_REASONS;
	enum cb_class class = cb_classify(s, drained, &reason);
	int blocks = class > CB_DIRTY;

	if (class > CB_BUSY || reason >= CB_NR_REASONS ||
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
	static const long maps[] = { -1, 0, 1, 3, 512 };
	static const unsigned int orders[] = { 0, 4, 9 };
	unsigned int flags, o, m;

	(void)state;
	for (flags = 0; flags <= ALL_FLAGS; flags++)
		for (o = 0; o < ARRAY_SIZE(orders); o++)
			for (m = 0; m < ARRAY_SIZE(maps); m++) {
				struct cb_sample s = {
					flags, orders[o], 0, maps[m], 0
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

static void test_reason_names(void **state)
{
	static const char *const names[CB_NR_REASONS] = {
		"none", "pinned", "dma_pinned", "writeback", "locked",
		"kernel", "slab", "pagetable", "reserved", "hugetlb",
		"cma_user", "unknown",
	};
	int i;

	(void)state;
	for (i = 0; i < CB_NR_REASONS; i++)
		assert_string_equal(cb_reason_name(i), names[i]);
	assert_string_equal(cb_reason_name(CB_NR_REASONS), "unknown");
	assert_string_equal(cb_reason_name(-1), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_bare),
		cmocka_unit_test(test_rank),
		cmocka_unit_test(test_more_references),
		cmocka_unit_test(test_more_pins),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_reason_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
