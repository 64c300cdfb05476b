/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The test harness: loads the modules through libkmod, plays a process whose
 * memory lies in a region, and prints KTAP. Functions return 0 or a negative
 * errno unless they say otherwise.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdnoreturn.h>

#include <linux/types.h>

#include <cma_bulk/pinner_uapi.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BULK		"cma_bulk"
#define PINNER		"cma_bulk_pinner"

#define ktap_diag(fmt, ...) printf("# " fmt "\n", ##__VA_ARGS__)

/* ktap.c: results. The plan is the scenario's, see main.c. */
void ktap_begin(unsigned int planned);
int ktap_end(void);
bool ktap_ok(bool ok, const char *name);
bool ktap_same(const char *name, long long got, long long wanted);
bool ktap_errno(const char *name, int got, int wanted);
void ktap_skip(const char *name, const char *why);
const char *err_name(int err);
noreturn void bail(const char *what, int err);

/* modules.c */
int module_load(const char *name, const char *params);
int module_unload(const char *name);
int module_refs(const char *name);

/* files.c: small files, time, waiting, and how often something is repeated. */
long file_read(const char *path, char *text, size_t size);
int file_write(const char *path, const char *text);
long long file_key(const char *path, const char *key);
double seconds(void);
void sleep_ms(unsigned int ms);
noreturn void wait_for_signal(void);
unsigned int often(unsigned int n);

/* region.c */
struct region {
	char dir[256];
	__u64 base;		/* pfn */
	__u64 pages;
};

void region_find(struct region *region, const char *name);
bool region_has(const struct region *region, __u64 pfn);
FILE *region_open(const struct region *region, const char *name);
void region_cma_users(const struct region *region,
		      void (*found)(void *arg, __u64 pfn), void *arg);
size_t region_slots(const struct region *region, unsigned int order);
int region_alloc(const struct region *region, const char *request);
int region_alloc_slots(const struct region *region, unsigned int order,
		       size_t slots);
int region_free(const struct region *region, const char *batches);
void region_free_all(const struct region *region);
void region_give_back(const struct region *region, long long batch);
long long region_own_batch(const struct region *region);
long long region_last(const struct region *region, const char *key);
void region_check_whole(const struct region *region, const char *name);

/* live.c: anonymous memory, part of which lies in a region. */
struct live {
	const struct region *region;
	unsigned char *addr;
	size_t pages;
	__u64 seed;
	unsigned int *generation;	/* of the content of each page */
	int soak;			/* keeps memory outside short, or -1 */
	long long reserve_kb;		/* of the kernel, before that */
};

size_t page_size(void);
void live_init(struct live *live, const struct region *region, size_t inside);
void live_unsoak(struct live *live);
void live_free(struct live *live);
size_t live_inside(const struct live *live);
__u64 live_pfn(const struct live *live, size_t i);
void live_renew(struct live *live, size_t first, size_t nr);
size_t live_damaged(const struct live *live);

/* pinner.c */
int pinner_open(void);
void pinner_arg(struct cma_bulk_pinner_map *arg, const struct live *live,
		unsigned int mode);
int pinner_map(int fd, struct cma_bulk_pinner_map *arg);
int pinner_unmap(int fd, __u64 iova, __u64 size);
int pinner_query(int fd, __u64 iova, struct cma_bulk_pinner_query *q);
long long pinner_stat(const char *key);
void pinner_knob(const char *name, int value);

/* What benchmarks need: theory.c, neighbour.c, processors.c, heap_node.c. */
void theory(const struct region *region, unsigned int order, size_t count);
void anonymous(const struct region *region, size_t pages);
void starve(void);
void clear_memory(size_t bytes, unsigned int processes);
void gup_load(void);
void heap_time(const struct region *region, size_t bytes);
void heap_clear(const struct region *region, size_t bytes);

/* devices.c */
int devices(double duration);

/* owners.c, splice.c: until SIGTERM */
noreturn void camera(const char *device);
noreturn void handover(const struct region *region);
noreturn void splice_page(const struct region *region, bool shared);

/* oom.c: beside a process that takes memory until the kernel kills it. */
bool beside_hog(void (*turn)(void *arg, unsigned int i), void *arg);

/*
 * kinds.c makes pages of each kind, referee.c compares what the module says of
 * them with what alloc_contig_range() does.
 */
enum page_kind {
	KIND_OTHER, KIND_ANON, KIND_MLOCKED, KIND_KSM, KIND_THP, KIND_THP_PART,
	KIND_THP_PTES, KIND_SHMEM, KIND_CACHE, KIND_DIRTY, KIND_SWAPPED,
	KIND_VMSPLICE, KIND_HUGETLB, KIND_SHMEM_HUGE, KIND_SURPLUS,
	KIND_ZSMALLOC, KIND_ODIRECT,
	/* Known by the flags that /proc/kpageflags shows of them. */
	KIND_FREE, KIND_SWAPCACHE, KIND_POOL, KIND_POISON,
	KIND_CMA_USER, KIND_PINNED, KIND_DMA_PINNED, KIND_OFFLINE,
	KIND_SLAB, KIND_PAGETABLE,
	NR_KINDS
};

struct kinds {
	const struct region *region;
	unsigned char *kind;		/* of each page */
	const char *dir;		/* on a disk, for page cache */
	bool no_poison;			/* which lasts until the next boot */
	unsigned int rounds;		/* to get enough of a kind there */
};

void kinds_make(struct kinds *k);
bool kinds_odirect_lasts(void);
void referee(const struct region *region, const char *dir);

/* The scenarios, one file each. */
void scenario_modules(const struct region *region, const char *arg);
void scenario_ioctl(const struct region *region, const char *arg);
void scenario_longterm(const struct region *region, const char *arg);
void scenario_transient(const struct region *region, const char *arg);
void scenario_mirror(const struct region *region, const char *arg);
void scenario_duel(const struct region *region, const char *arg);
void scenario_kill(const struct region *region, const char *arg);
void scenario_busy(const struct region *region, const char *arg);
void scenario_writers(const struct region *region, const char *arg);
void scenario_fuzz(const struct region *region, const char *arg);
void scenario_heap(const struct region *region, const char *arg);
void scenario_heaperrors(const struct region *region, const char *arg);
void scenario_heapimport(const struct region *region, const char *arg);
void scenario_heapcapture(const struct region *region, const char *arg);
void scenario_heaprandom(const struct region *region, const char *arg);
void scenario_oom(const struct region *region, const char *arg);
void scenario_rivals(const struct region *region, const char *arg);
void scenario_claims(const struct region *region, const char *arg);
void scenario_search(const struct region *region, const char *arg);
void scenario_named(const struct region *region, const char *arg);
void scenario_holders(const struct region *region, const char *arg);
void scenario_shrink(const struct region *region, const char *arg);
void scenario_faults(const struct region *region, const char *arg);
void scenario_faultload(const struct region *region, const char *arg);

#endif
