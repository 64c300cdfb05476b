// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of this process that lies in a region.
 *
 * The kernel serves movable memory from CMA only while more than half of what
 * is free is CMA. So memory outside is soaked up first, and then about every
 * other new page comes from a CMA area.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"

/* Room for pages that come from elsewhere before the balance is struck. */
#define ROOM	4096

#define MEMINFO	"/proc/meminfo"

/*
 * The kernel keeps a reserve outside of CMA. With transparent huge pages that is
 * more than a small area has, and soaking would end at the OOM killer.
 */
#define RESERVE		"/proc/sys/vm/min_free_kbytes"
#define RESERVE_KB	2048

size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

static __u64 *word_at(const struct live *live, size_t i, size_t k)
{
	return (__u64 *)(live->addr + i * page_size()) + k;
}

static __u64 pattern(const struct live *live, size_t i, size_t k)
{
	__u64 x = live->seed + i * 0x9e3779b97f4a7c15ULL + k +
		     ((__u64)live->generation[i] << 40);

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	return x ^ (x >> 27);
}

static void fill(struct live *live, size_t i)
{
	size_t k;

	for (k = 0; k < page_size() / sizeof(__u64); k++)
		*word_at(live, i, k) = pattern(live, i, k);
}

/*
 * Pages on lists of the CPUs are handed out first, without any balance, and
 * that may be an eighth of all memory. Taking a page of the region drains them.
 */
static void drain_cpus(const struct region *region)
{
	int ret = region_alloc(region, "order=0 count=1");

	if (ret)
		bail("a page of the region", ret);
	region_free_all(region);
}

/* Return: what it was before. */
static long long reserve_set(long long kb)
{
	char text[32];
	long long was;
	long ret = file_read(RESERVE, text, sizeof(text));

	if (ret < 0)
		bail(RESERVE, ret);
	was = atoll(text);
	snprintf(text, sizeof(text), "%lld", kb);
	ret = file_write(RESERVE, text);
	if (ret)
		bail(RESERVE, ret);
	return was;
}

/*
 * Where there is high memory, a process is given that first, and an area of cma=
 * lies there: low memory is no part of the balance.
 */
static long long free_beside_cma(void)
{
	char text[16384];
	long ret = file_read(MEMINFO, text, sizeof(text));

	if (ret < 0)
		bail(MEMINFO, ret);
	return file_key(MEMINFO, strstr(text, "HighFree:") ? "HighFree" : "MemFree");
}

static int soak(void)
{
	long long free_kb = free_beside_cma();
	long long cma_kb = file_key(MEMINFO, "CmaFree");
	int fd = memfd_create("soak", MFD_CLOEXEC);

	if (fd < 0)
		bail("memfd_create", errno);
	if (free_kb > 2 * cma_kb &&
	    fallocate(fd, 0, 0, (free_kb - 2 * cma_kb) * 1024))
		bail("soaking up memory", errno);
	return fd;
}

/* Return: pfn of page @i, 0 if it has none. */
__u64 live_pfn(const struct live *live, size_t i)
{
	static int fd = -1;
	static pid_t owner;
	__u64 entry, addr = (uintptr_t)word_at(live, i, 0);

	/* The file tells of the process that opened it. */
	if (owner != getpid()) {
		if (fd >= 0)
			close(fd);
		fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
		owner = getpid();
	}
	if (pread(fd, &entry, sizeof(entry), addr / page_size() * 8) !=
	    sizeof(entry))
		bail("pagemap", errno);
	return entry >> 63 ? entry & ((1ULL << 55) - 1) : 0;
}

/* Return: how many pages lie in the region now. */
size_t live_inside(const struct live *live)
{
	size_t i, n = 0;

	for (i = 0; i < live->pages; i++)
		n += region_has(live->region, live_pfn(live, i));
	return n;
}

/*
 * Get memory, @inside pages of which lie in the region; as many again or more
 * lie elsewhere. Memory outside stays short until live_unsoak().
 */
void live_init(struct live *live, const struct region *region, size_t inside)
{
	size_t room = ROOM + 8 * inside, have = 0;

	live->region = region;
	live->pages = 0;
	live->seed = 1;
	live->generation = calloc(room, sizeof(*live->generation));
	live->addr = mmap(NULL, room * page_size(), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (!live->generation || live->addr == MAP_FAILED)
		bail("memory", ENOMEM);
	madvise(live->addr, room * page_size(), MADV_NOHUGEPAGE);
	live->reserve_kb = reserve_set(RESERVE_KB);
	drain_cpus(region);
	live->soak = soak();
	while (have < inside && live->pages < room) {
		fill(live, live->pages);
		have += region_has(region, live_pfn(live, live->pages));
		live->pages++;
	}
	munmap(live->addr + live->pages * page_size(),
	       (room - live->pages) * page_size());
	if (have < inside)
		bail("memory in the region", ENOSPC);
}

void live_unsoak(struct live *live)
{
	if (live->soak < 0)
		return;
	close(live->soak);
	live->soak = -1;
	reserve_set(live->reserve_kb);
}

void live_free(struct live *live)
{
	live_unsoak(live);
	munmap(live->addr, live->pages * page_size());
	free(live->generation);
}

/* New pages, with new content. */
void live_renew(struct live *live, size_t first, size_t nr)
{
	size_t i;

	if (madvise(word_at(live, first, 0), nr * page_size(), MADV_DONTNEED))
		bail("madvise", errno);
	for (i = first; i < first + nr; i++) {
		live->generation[i]++;
		fill(live, i);
	}
}

/* Return: how many pages do not hold what was written. */
size_t live_damaged(const struct live *live)
{
	size_t i, k, words = page_size() / sizeof(__u64), n = 0;

	for (i = 0; i < live->pages; i++) {
		for (k = 0; k < words; k++)
			if (*word_at(live, i, k) != pattern(live, i, k))
				break;
		n += k < words;
	}
	return n;
}
