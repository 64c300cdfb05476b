// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classes of pages: what typical pages look like, and which flag outranks which.
 */
#include "unit.h"

#define ALL_FLAGS	((CB_S_STUCK << 1) - 1)
#define FILE_LRU	(CB_S_FILE | CB_S_LRU)
#define ANON_LRU	(CB_S_ANON | CB_S_SWAPBACKED | CB_S_LRU)
#define SHMEM_LRU	(CB_S_FILE | CB_S_SWAPBACKED | CB_S_LRU)
#define SWAP_LRU	(CB_S_SWAPCACHE | CB_S_SWAPBACKED | CB_S_LRU)
#define HUGETLB_FILE	(CB_S_HUGETLB | CB_S_FILE)
#define BALLOON		(CB_S_MOVABLE | CB_S_OFFLINE)

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
	{ "frozen page", { ANON_LRU, 0, 0, 3, 0 }, CB_COPY, CB_COPY, 0 },
	{ "frozen folio", { ANON_LRU, 9, 0, 3, 0 }, CB_COPY, CB_COPY, 0 },
	{ "frozen swap cache", { SWAP_LRU, 0, 0, 0, 0 }, CB_COPY, CB_COPY, 0 },
	{ "garbage count", { 0, 0, -5, 7, 0 }, CB_FREE, CB_FREE, 0 },
	{ "tail of a folio that came apart", { CB_S_TAIL, 0, -1, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_UNKNOWN },
	{ "frozen, in no list", { 0, 4, 0, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_UNKNOWN },

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
	{ "balloon", { BALLOON, 0, 1, 0, 0 }, CB_COPY, CB_COPY, 0 },
	{ "KSM", { ANON_LRU, 0, 40, 40, 0 }, CB_COPY, CB_COPY, 0 },
	{ "huge, mapped page by page", { ANON_LRU, 9, 512, 512, 0 },
	  CB_COPY, CB_COPY, 0 },
	{ "huge, partially mapped", { ANON_LRU, 9, 37, 37, 0 },
	  CB_COPY, CB_COPY, 0 },

	/* Readahead: nothing maps it yet, and so it has no anon_vma. */
	{ "swap cache, not mapped", { SWAP_LRU, 0, 1, 0, 0 },
	  CB_COPY, CB_COPY, 0 },
	{ "large swap cache, not mapped", { SWAP_LRU, 4, 16, 0, 0 },
	  CB_COPY, CB_COPY, 0 },
	{ "dirty swap cache", { SWAP_LRU | CB_S_DIRTY, 0, 1, 0, 0 },
	  CB_COPY, CB_COPY, 0 },
	{ "swap cache with one too many", { SWAP_LRU, 0, 2, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_PINNED },
	{ "swap cache in a batch",
	  { CB_S_SWAPCACHE | CB_S_SWAPBACKED, 0, 2, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_UNKNOWN },
	{ "swap cache being read",
	  { CB_S_SWAPCACHE | CB_S_SWAPBACKED | CB_S_LOCKED, 0, 2, 0, 0 },
	  CB_WAIT, CB_WAIT, CB_R_LOCKED },
	{ "in both caches at once", { SHMEM_LRU | CB_S_SWAPCACHE, 0, 2, 0, 0 },
	  CB_COPY, CB_COPY, 0 },

	{ "writeback", { FILE_LRU | CB_S_WRITEBACK, 0, 1, 0, 0 },
	  CB_WAIT, CB_WAIT, CB_R_WRITEBACK },
	{ "writeback with a bio", { FILE_LRU | CB_S_WRITEBACK, 0, 2, 0, 0 },
	  CB_WAIT, CB_WAIT, CB_R_WRITEBACK },
	{ "locked", { FILE_LRU | CB_S_LOCKED, 0, 1, 0, 0 },
	  CB_WAIT, CB_WAIT, CB_R_LOCKED },
	{ "locked by a reader", { FILE_LRU | CB_S_LOCKED, 0, 2, 0, 0 },
	  CB_WAIT, CB_WAIT, CB_R_LOCKED },
	{ "reclaimed, being written", { CB_S_FILE | CB_S_WRITEBACK, 0, 2, 0, 0 },
	  CB_WAIT, CB_WAIT, CB_R_WRITEBACK },

	{ "hugetlb file", { HUGETLB_FILE, 9, 513, 1, 0 },
	  CB_WAIT, CB_WAIT, CB_R_HUGETLB },
	{ "hugetlb file, one reference of the cache",
	  { HUGETLB_FILE | CB_S_CACHE_ONE, 9, 2, 1, 0 },
	  CB_WAIT, CB_WAIT, CB_R_HUGETLB },
	{ "anonymous hugetlb", { CB_S_HUGETLB | CB_S_ANON, 9, 1, 1, 0 },
	  CB_WAIT, CB_WAIT, CB_R_HUGETLB },
	{ "hugetlb pool", { CB_S_HUGETLB, 9, 0, 0, 0 },
	  CB_WAIT, CB_WAIT, CB_R_HUGETLB },
	{ "hugetlb pool, stuck", { CB_S_HUGETLB | CB_S_STUCK, 9, 0, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_HUGETLB },
	{ "gigantic", { HUGETLB_FILE | CB_S_STUCK, 18, 3, 3, 0 },
	  CB_BUSY, CB_BUSY, CB_R_HUGETLB },
	{ "hugetlb with one too many",
	  { HUGETLB_FILE | CB_S_CACHE_ONE, 9, 3, 1, 0 },
	  CB_REF, CB_BUSY, CB_R_PINNED },
	{ "hugetlb with one too many, locked by a fault",
	  { HUGETLB_FILE | CB_S_LOCKED, 9, 514, 1, 0 },
	  CB_WAIT, CB_WAIT, CB_R_HUGETLB },
	{ "FOLL_PIN of hugetlb", { CB_S_HUGETLB | CB_S_ANON, 9, 2, 1, 1 },
	  CB_BUSY, CB_BUSY, CB_R_DMA_PINNED },
	{ "poisoned hugetlb", { CB_S_HUGETLB | CB_S_HWPOISON, 9, 0, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_HWPOISON },

	{ "one reference too many", { ANON_LRU, 0, 2, 1, 0 },
	  CB_REF, CB_BUSY, CB_R_PINNED },
	{ "large folio with one too many", { FILE_LRU, 4, 17, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_PINNED },
	{ "buffers gone, reference not", { FILE_LRU, 0, 2, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_PINNED },
	{ "1023 too many", { ANON_LRU, 0, 1024, 1, 0 },
	  CB_REF, CB_BUSY, CB_R_PINNED },
	{ "truncated, in use elsewhere", { CB_S_LRU, 0, 1, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_PINNED },
	{ "truncated, still batched", { CB_S_LRU, 0, 2, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_PINNED },
	{ "in an LRU batch", { CB_S_FILE, 0, 2, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_UNKNOWN },
	{ "anonymous in an LRU batch",
	  { CB_S_ANON | CB_S_SWAPBACKED, 0, 2, 1, 0 },
	  CB_REF, CB_BUSY, CB_R_UNKNOWN },
	{ "with a mapping, on no list", { CB_S_FILE, 0, 1, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_UNKNOWN },
	{ "zsmalloc with one too many", { CB_S_MOVABLE, 0, 2, 0, 0 },
	  CB_REF, CB_BUSY, CB_R_PINNED },
	{ "huge, mapped page by page, stuck",
	  { ANON_LRU | CB_S_STUCK, 9, 512, 512, 0 },
	  CB_BUSY, CB_BUSY, CB_R_SPLIT_THP },

	{ "FOLL_PIN", { ANON_LRU, 0, 1 + 1024, 1, 0 },
	  CB_BUSY, CB_BUSY, CB_R_DMA_PINNED },
	{ "FOLL_PIN and locked", { ANON_LRU | CB_S_LOCKED, 0, 1025, 1, 0 },
	  CB_BUSY, CB_BUSY, CB_R_DMA_PINNED },
	{ "FOLL_PIN of a huge page", { ANON_LRU, 9, 2, 1, 1 },
	  CB_BUSY, CB_BUSY, CB_R_DMA_PINNED },
	{ "FOLL_PIN under writeback",
	  { FILE_LRU | CB_S_WRITEBACK, 0, 1 + 1024, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_DMA_PINNED },
	{ "FOLL_PIN in an LRU batch", { CB_S_FILE, 0, 2 + 1024, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_DMA_PINNED },
	{ "slab", { CB_S_SLAB, 3, 1, 0, 0 }, CB_BUSY, CB_BUSY, CB_R_SLAB },
	{ "page table", { CB_S_PGTABLE, 0, 1, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_PAGETABLE },
	{ "reserved", { CB_S_RESERVED, 0, 1, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_RESERVED },
	{ "frozen slab", { CB_S_SLAB, 0, 0, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_SLAB },
	{ "poisoned, freed", { CB_S_HWPOISON, 0, 0, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_HWPOISON },
	{ "poisoned, in use", { ANON_LRU | CB_S_HWPOISON, 0, 1, 1, 0 },
	  CB_BUSY, CB_BUSY, CB_R_HWPOISON },
	{ "poisoned, in the buddy lists", { CB_S_BUDDY | CB_S_HWPOISON, 0, 0, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_HWPOISON },
	{ "offline", { CB_S_OFFLINE, 0, 1, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_OFFLINE },
	{ "offline, no reference", { CB_S_OFFLINE, 0, 0, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_OFFLINE },
	{ "some type, no reference", { CB_S_TYPED, 0, 0, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_KERNEL },
	{ "vmalloc, with a type", { CB_S_TYPED, 0, 1, 0, 0 },
	  CB_BUSY, CB_BUSY, CB_R_KERNEL },
};

/* What cannot be isolated is something else after a drain. */
static const struct {
	struct cb_sample s;
	enum cb_reason drained;
} bare[] = {
	{ { 0, 0, 1, 0, 0 }, CB_R_CMA_USER },
	{ { 0, 0, 1, -1, 0 }, CB_R_CMA_USER },
	{ { CB_S_LOCKED | CB_S_PRIVATE, 0, 1, 0, 0 }, CB_R_CMA_USER },
	{ { 0, 0, 2, 0, 0 }, CB_R_KERNEL },
	{ { 0, 0, 1, 1, 0 }, CB_R_KERNEL },
	{ { CB_S_TAIL, 0, -1, 0, 0 }, CB_R_KERNEL },
	{ { CB_S_FILE, 0, 1, 0, 0 }, CB_R_KERNEL },
	{ { CB_S_FILE, 0, 2, 0, 0 }, CB_R_PINNED },
	{ { CB_S_SWAPCACHE, 0, 2, 0, 0 }, CB_R_PINNED },
};

/* The first of these that a page with one reference and one map has decides. */
static const struct {
	unsigned int flags;
	enum cb_class class;
	enum cb_reason reason;
} rank[] = {
	{ CB_S_RESERVED, CB_BUSY, CB_R_RESERVED },
	{ CB_S_HWPOISON, CB_BUSY, CB_R_HWPOISON },
	{ CB_S_BUDDY, CB_FREE, CB_R_NONE },
	{ CB_S_SLAB, CB_BUSY, CB_R_SLAB },
	{ CB_S_PGTABLE, CB_BUSY, CB_R_PAGETABLE },
	{ CB_S_HUGETLB | CB_S_STUCK, CB_BUSY, CB_R_HUGETLB },
	{ CB_S_HUGETLB, CB_WAIT, CB_R_HUGETLB },
	{ CB_S_MOVABLE, CB_COPY, CB_R_NONE },
	{ CB_S_OFFLINE, CB_BUSY, CB_R_OFFLINE },
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
		if (reason != pages[i].reason &&
		    pages[i].reason != CB_R_UNKNOWN)
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
			if ((flags & rank[i].flags) == rank[i].flags)
				break;
		if (i == ARRAY_SIZE(rank))
			continue;
		for (drained = 0; drained < 2; drained++) {
			struct cb_sample s = { flags, 0, 1, 1, 0 };

			class = cb_classify(&s, drained, &reason);
			assert_int_equal(class, rank[i].class);
			assert_int_equal(reason, rank[i].reason);
		}
	}
}

static void test_reason_names(void **state)
{
	static const char *const names[CB_NR_REASONS] = {
		"none", "pinned", "dma_pinned", "writeback", "locked",
		"kernel", "slab", "pagetable", "reserved", "hugetlb",
		"cma_user", "unknown", "lingering", "hwpoison", "offline",
		"split_thp", "isolated", "claimed",
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
		cmocka_unit_test(test_reason_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
