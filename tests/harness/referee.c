// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's verdict on each page against the kernel's. The module's: a page
 * that "blockers" names blocks, any other can be had. The kernel's: what
 * alloc_contig_range() does with the page alone, or with its folio; a refusal
 * counts when it comes twice. Pages that /proc/kpageflags and kpagecount show as
 * changed since "blockers" was read are counted apart.
 *
 * Prints "kind pages agree wrong changed named" for each kind, and up to 20 lines
 * "wrong: ..." with what is known of the page.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "harness.h"

#define REFEREE		"/sys/kernel/debug/cma_bulk_apitest/referee"

#define BIT_ULL(nr)	(1ULL << (nr))

/* linux/kernel-page-flags.h has them as numbers of bits. */
#define F_LOCKED	BIT_ULL(0)
#define F_LRU		BIT_ULL(5)
#define F_SLAB		BIT_ULL(7)
#define F_WRITEBACK	BIT_ULL(8)
#define F_MMAP		BIT_ULL(11)
#define F_ANON		BIT_ULL(12)
#define F_SWAPCACHE	BIT_ULL(13)
#define F_HEAD		BIT_ULL(15)
#define F_TAIL		BIT_ULL(16)
#define F_HUGE		BIT_ULL(17)
#define F_POISON	BIT_ULL(19)
#define F_OFFLINE	BIT_ULL(23)
#define F_PGTABLE	BIT_ULL(26)
#define F_RESERVED	BIT_ULL(32)

/* What a change of tells that the page is not what it was. */
#define F_WATCHED	(F_LOCKED | F_LRU | F_SLAB | F_WRITEBACK | F_MMAP | \
			 F_ANON | F_SWAPCACHE | F_HEAD | F_TAIL | F_HUGE | \
			 F_POISON | F_OFFLINE | F_PGTABLE)

#define FREE_SAMPLE	64
#define OTHER_MAX	4000

static const char *const names[NR_KINDS] = {
	"other", "anon", "mlocked", "ksm", "thp", "thp_part", "thp_ptes",
	"shmem", "cache", "dirty", "swapped", "vmsplice", "hugetlb",
	"shmem_huge", "surplus", "zsmalloc", "odirect", "free",
	"swapcache", "hugetlb_pool", "hwpoison", "cma_user",
	"pinned", "dma_pinned", "offline", "slab", "pagetable",
};

struct look {
	__u64 flags;
	__u64 count;
};

struct court {
	struct kinds kinds;
	struct look *look;
	char (*reason)[16];		/* "" if not named */
	int flags_fd, count_fd, referee_fd;
	size_t pages[NR_KINDS], agree[NR_KINDS];
	size_t wrong[NR_KINDS], changed[NR_KINDS], named[NR_KINDS];
	unsigned int told;
};

static void look(const struct court *c, __u64 pfn, struct look *l, size_t nr)
{
	__u64 buf[512];
	size_t i, n;

	for (; nr; nr -= n, pfn += n, l += n) {
		n = nr < 512 ? nr : 512;
		if (pread(c->flags_fd, buf, n * 8, pfn * 8) != (ssize_t)n * 8)
			bail("/proc/kpageflags", errno);
		for (i = 0; i < n; i++)
			l[i].flags = buf[i] & (F_WATCHED | F_RESERVED);
		if (pread(c->count_fd, buf, n * 8, pfn * 8) != (ssize_t)n * 8)
			bail("/proc/kpagecount", errno);
		for (i = 0; i < n; i++)
			l[i].count = buf[i];
	}
}

static int must_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		bail(path, errno);
	return fd;
}

static void read_blockers(struct court *c)
{
	FILE *f = region_open(c->kinds.region, "blockers");
	char line[512], reason[16];
	__u64 pfn;

	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%llu %*u %15s", &pfn, reason) == 2 &&
		    region_has(c->kinds.region, pfn))
			memcpy(c->reason[pfn - c->kinds.region->base], reason,
			       sizeof(reason));
	fclose(f);
}

/* Kinds that are told by what the kernel, or the module, says of the page. */
static enum page_kind kind_of(const struct court *c, size_t i)
{
	__u64 flags = c->look[i].flags;
	const char *reason = c->reason[i];

	if (flags & F_POISON)
		return KIND_POISON;
	/* A huge page may not have been to be had. */
	if (c->kinds.kind[i] == KIND_SHMEM_HUGE && !(flags & (F_HEAD | F_TAIL)))
		return KIND_SHMEM;
	if (c->kinds.kind[i] && c->kinds.kind[i] != KIND_SWAPPED)
		return c->kinds.kind[i];
	if (flags & F_SWAPCACHE)
		return KIND_SWAPCACHE;
	if (flags & F_HUGE)
		return c->look[i].count || flags & F_ANON ? KIND_HUGETLB :
							    KIND_POOL;
	if (flags & F_SLAB)
		return KIND_SLAB;
	if (flags & F_PGTABLE)
		return KIND_PAGETABLE;
	if (!strcmp(reason, "dma_pinned"))
		return KIND_DMA_PINNED;
	if (!strcmp(reason, "pinned"))
		return KIND_PINNED;
	if (!strcmp(reason, "cma_user"))
		return KIND_CMA_USER;
	if (flags & F_OFFLINE)
		return KIND_OFFLINE;
	if (c->kinds.kind[i])
		return c->kinds.kind[i];
	return flags & (F_LRU | F_HEAD | F_TAIL) || *reason ? KIND_OTHER :
							      KIND_FREE;
}

static size_t folio_pages(const struct court *c, size_t i)
{
	size_t nr = 1;

	if (c->look[i].flags & F_HEAD)
		while (i + nr < c->kinds.region->pages &&
		       c->look[i + nr].flags & F_TAIL)
			nr++;
	return nr;
}

/* Return: 0 or the error of alloc_contig_range(), given a second chance. */
static int kernel_says(const struct court *c, size_t i, size_t nr)
{
	char line[64];
	int tries, n = snprintf(line, sizeof(line), "%llu %zu",
				c->kinds.region->base + i, nr);

	for (tries = 0; tries < 2; tries++)
		if (write(c->referee_fd, line, n) == n)
			return 0;
	if (errno != EBUSY && errno != ENOMEM)
		bail("alloc_contig_range()", errno);
	return errno;
}

/* The kernel moves hugetlb pages since 5.13, at the price of another one. */
static bool hugetlb_moves(void)
{
	unsigned int major = 0, minor = 0;
	struct utsname u;

	if (uname(&u) || sscanf(u.release, "%u.%u", &major, &minor) != 2)
		bail("uname", errno);
	return major > 5 || (major == 5 && minor >= 13);
}

/* Is what the kernel did right, for a page of which "blockers" says that? */
static bool agrees(const char *reason, bool taken)
{
	/* It waits for these, for as long as it has patience. */
	if (!strcmp(reason, "writeback") || !strcmp(reason, "locked"))
		return true;
	if (!strcmp(reason, "hugetlb"))
		return taken == hugetlb_moves();
	return taken == !*reason;
}

static void judge(struct court *c, size_t i, size_t nr, enum page_kind kind)
{
	const char *reason = c->reason[i];
	struct look now;
	bool taken;

	c->pages[kind] += nr;
	look(c, c->kinds.region->base + i, &now, 1);
	if (memcmp(&now, &c->look[i], sizeof(now))) {
		c->changed[kind] += nr;
		return;
	}
	if (*reason)
		c->named[kind] += nr;
	taken = !kernel_says(c, i, nr);
	if (agrees(reason, taken)) {
		c->agree[kind] += nr;
		return;
	}
	c->wrong[kind] += nr;
	if (c->told++ < 20)
		printf("wrong: %s: %s pfn %llu +%zu, reason \"%s\", flags %#llx maps %llu\n",
		       names[kind], taken ? "had" : "refused",
		       c->kinds.region->base + i, nr, reason, now.flags,
		       now.count);
}

static void judge_all(struct court *c)
{
	size_t i, nr, others = 0, free = 0;
	enum page_kind kind;

	for (i = 0; i < c->kinds.region->pages; i += nr) {
		nr = folio_pages(c, i);
		kind = kind_of(c, i);
		if (c->look[i].flags & F_TAIL)
			continue;
		/* Spread over the region: most of it is free. */
		if (kind == KIND_FREE &&
		    (i % (c->kinds.region->pages / FREE_SAMPLE) ||
		     free++ >= FREE_SAMPLE))
			continue;
		if (kind == KIND_OTHER && others++ >= OTHER_MAX)
			continue;
		judge(c, i, nr, kind);
	}
}

/* referee() - make pages of each kind in a region, and compare */
void referee(const struct region *region, const char *dir)
{
	struct court c = {
		.kinds = { .region = region, .dir = dir, .rounds = 20 },
	};
	int kind;

	c.kinds.kind = calloc(region->pages, 1);
	c.look = calloc(region->pages, sizeof(*c.look));
	c.reason = calloc(region->pages, sizeof(*c.reason));
	if (!c.kinds.kind || !c.look || !c.reason)
		bail("memory", ENOMEM);
	c.flags_fd = must_open("/proc/kpageflags", O_RDONLY);
	c.count_fd = must_open("/proc/kpagecount", O_RDONLY);
	c.referee_fd = must_open(REFEREE, O_WRONLY);
	kinds_make(&c.kinds);
	read_blockers(&c);
	look(&c, region->base, c.look, region->pages);
	judge_all(&c);
	if (!kinds_odirect_lasts())
		bail("the reads of a slow disk", ETIME);
	for (kind = 0; kind < NR_KINDS; kind++)
		printf("%s %zu %zu %zu %zu %zu\n", names[kind], c.pages[kind],
		       c.agree[kind], c.wrong[kind], c.changed[kind],
		       c.named[kind]);
}
