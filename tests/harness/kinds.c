// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes pages of each kind that a process can make. Memory outside of CMA is kept
 * short meanwhile, see live.c, so that about every other page lies in the region.
 * All of it lives until the process ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "kinds.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT		21
#endif
#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE	101
#endif

#define SMALL	256	/* pages of a kind */
#define HUGE	8	/* huge pages of a kind */
#define WANTED	32	/* pages of a kind that should lie in the region */

static size_t huge_size(void)
{
	char text[32];

	if (file_read("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size",
		      text, sizeof(text)) <= 0)
		return 0;
	return strtoull(text, NULL, 10);
}

char *kinds_map(size_t size, int prot, int flags, int fd)
{
	char *addr = mmap(NULL, size, prot, flags, fd, 0);

	return addr == MAP_FAILED ? NULL : addr;
}

/* The pages that are mapped at @addr are of @kind. */
void kinds_mark(struct kinds *k, enum page_kind kind, char *addr, size_t size)
{
	struct live live = { .addr = (void *)addr };
	size_t i;
	__u64 pfn;

	for (i = 0; i < size / page_size(); i++) {
		pfn = live_pfn(&live, i);
		if (pfn && region_has(k->region, pfn))
			k->kind[pfn - k->region->base] = kind;
	}
}

char *kinds_small(struct kinds *k, enum page_kind kind, size_t pages)
{
	size_t i, size = pages * page_size();
	char *addr = kinds_map(size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1);

	if (!addr)
		bail("memory", errno);
	madvise(addr, size, MADV_NOHUGEPAGE);
	for (i = 0; i < pages; i++)
		memset(addr + i * page_size(), 1 + i % 255, page_size());
	kinds_mark(k, kind, addr, size);
	return addr;
}

/* Pairs of equal pages, each pair unlike the others. */
static void make_ksm(struct kinds *k)
{
	size_t i, size = SMALL * page_size();
	char *addr = kinds_small(k, KIND_ANON, SMALL);

	for (i = 0; i < SMALL; i++) {
		unsigned int *word = (unsigned int *)(addr + i * page_size());

		word[1] = 0x5eed0000 + i / 2;
	}
	if (madvise(addr, size, MADV_MERGEABLE))
		return;
	file_write("/sys/kernel/mm/ksm/pages_to_scan", "20000");
	file_write("/sys/kernel/mm/ksm/sleep_millisecs", "20");
	file_write("/sys/kernel/mm/ksm/run", "1");
	sleep_ms(1500);
	file_write("/sys/kernel/mm/ksm/run", "0");
	kinds_mark(k, KIND_KSM, addr, size);
}

/* Huge pages of anonymous memory, where the kernel has them. */
static char *huge(size_t size)
{
	char *addr = kinds_map((HUGE + 1) * size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1);
	size_t i;

	if (!addr)
		bail("memory", errno);
	addr += size - (uintptr_t)addr % size;
	if (madvise(addr, HUGE * size, MADV_HUGEPAGE))
		return NULL;
	for (i = 0; i < HUGE * size; i += page_size())
		addr[i] = 1;
	/* khugepaged would make whole again what comes apart. */
	madvise(addr, HUGE * size, MADV_NOHUGEPAGE);
	return addr;
}

/* Those of 32 MiB would leave no room for the rest. */
size_t kinds_huge_size(void)
{
	size_t size = huge_size();

	return size > 4 << 20 ? 0 : size;
}

static void make_thp(struct kinds *k)
{
	size_t size = kinds_huge_size();
	char *addr = size ? huge(size) : NULL;

	if (addr)
		kinds_mark(k, KIND_THP, addr, HUGE * size);
}

static void make_thp_part(struct kinds *k)
{
	size_t i, size = kinds_huge_size();
	char *addr = size ? huge(size) : NULL;

	if (!addr)
		return;
	for (i = 0; i < HUGE; i++)
		madvise(addr + i * size + page_size(), 5 * page_size(),
			MADV_DONTNEED);
	kinds_mark(k, KIND_THP_PART, addr, HUGE * size);
}

/* A protection of its own for a page splits the mapping, no more. */
static void make_thp_ptes(struct kinds *k)
{
	size_t i, size = kinds_huge_size();
	char *addr = size ? huge(size) : NULL;

	if (!addr)
		return;
	for (i = 0; i < HUGE; i++)
		mprotect(addr + i * size + page_size(), page_size(), PROT_READ);
	kinds_mark(k, KIND_THP_PTES, addr, HUGE * size);
}

/* Two more of the pool in use; as many stay there. */
static void make_hugetlb(struct kinds *k)
{
	size_t size = 2 * kinds_huge_size();
	static unsigned int pool = 4;
	char *addr, text[16];

	pool += 4;
	snprintf(text, sizeof(text), "%u", pool);
	if (!size || file_write("/proc/sys/vm/nr_hugepages", text))
		return;
	addr = kinds_map(size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1);
	if (!addr)
		return;
	memset(addr, 1, size);
	kinds_mark(k, KIND_HUGETLB, addr, size);
}

static char *shmem(size_t size)
{
	int fd = memfd_create("kinds", MFD_CLOEXEC);
	char *addr = NULL;

	if (fd >= 0 && !ftruncate(fd, size))
		addr = kinds_map(size, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	if (!addr)
		bail("memfd", errno);
	memset(addr, 2, size);
	return addr;
}

/* Its memory stays with the file, whose descriptor is open: half is unmapped. */
static void make_shmem(struct kinds *k)
{
	size_t size = SMALL * page_size();
	char *addr = shmem(size);

	kinds_mark(k, KIND_SHMEM, addr, size);
	munmap(addr, size / 2);
}

/* Page cache of a file on a disk, with buffers. */
static void make_file(struct kinds *k, enum page_kind kind)
{
	size_t i, size = SMALL * page_size();
	char path[256], *addr, *page = malloc(page_size());
	static unsigned int files;
	unsigned int sum = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/%u", k->dir, files++);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || !page)
		bail(path, errno);
	memset(page, 3, page_size());
	for (i = 0; i < SMALL; i++)
		if (write(fd, page, page_size()) != (ssize_t)page_size())
			bail(path, errno);
	free(page);
	if (kind != KIND_DIRTY)
		fsync(fd);
	addr = kinds_map(size, PROT_READ, MAP_SHARED, fd);
	if (!addr)
		bail(path, errno);
	for (i = 0; i < size; i += page_size())
		sum += addr[i];
	if (sum != 3 * SMALL)
		bail("the content of a file", EIO);
	kinds_mark(k, kind, addr, size);
	munmap(addr, size / 2);
}

static void make_cache(struct kinds *k)
{
	make_file(k, KIND_CACHE);
}

static void make_dirty(struct kinds *k)
{
	make_file(k, KIND_DIRTY);
}

static void make_mlocked(struct kinds *k)
{
	char *addr = kinds_small(k, KIND_MLOCKED, SMALL);

	if (mlock(addr, SMALL * page_size()))
		bail("mlock", errno);
}

/* References of a pipe. */
static void make_vmsplice(struct kinds *k)
{
	char *addr = kinds_small(k, KIND_VMSPLICE, 64);
	struct iovec iov = { addr, 64 * page_size() };
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) ||
	    fcntl(fds[1], F_SETPIPE_SZ, 64 * page_size()) < 0 ||
	    vmsplice(fds[1], &iov, 1, SPLICE_F_NONBLOCK) < 0)
		bail("vmsplice", errno);
}

/* Swapped out, and every eighth page read again: readahead fills the swap cache. */
static void make_swapped(struct kinds *k)
{
	const size_t pages = 4 * SMALL, size = pages * page_size();
	char *addr = kinds_small(k, KIND_OTHER, pages);
	size_t i;

	if (madvise(addr, size, MADV_PAGEOUT))
		return;
	for (i = 0; i < pages; i += 8)
		if ((unsigned char)addr[i * page_size()] != 1 + i % 255)
			bail("what was swapped out", EIO);
	kinds_mark(k, KIND_SWAPPED, addr, size);
}

/* Of shmem the swap cache has pages that belong to no file and no process. */
static void make_shmem_swapped(struct kinds *k)
{
	size_t i, size = SMALL * page_size();
	char *addr = shmem(size);

	if (madvise(addr, size, MADV_PAGEOUT))
		return;
	for (i = 0; i < SMALL; i += 8)
		if (addr[i * page_size()] != 2)
			bail("what was swapped out", EIO);
	kinds_mark(k, KIND_SWAPPED, addr, size);
}

/* The page that moves away leaves a poisoned one behind, here in the region. */
static void make_poison(struct kinds *k)
{
	char *addr = kinds_small(k, KIND_OTHER, SMALL);
	struct live live = { .addr = (void *)addr };
	size_t i, done = 0;
	__u64 pfn;

	if (k->no_poison)
		return;
	for (i = 0; i < SMALL && done < 4; i++) {
		pfn = live_pfn(&live, i);
		if (!region_has(k->region, pfn))
			continue;
		if (madvise(addr + i * page_size(), page_size(),
			    MADV_SOFT_OFFLINE))
			return;
		k->kind[pfn - k->region->base] = KIND_POISON;
		done++;
	}
}

static const struct {
	enum page_kind kind;
	void (*make)(struct kinds *k);
	size_t wanted;
} makers[] = {
	{ KIND_THP, make_thp, 1 },
	{ KIND_THP_PART, make_thp_part, 1 },
	{ KIND_THP_PTES, make_thp_ptes, 1 },
	{ KIND_SHMEM, make_shmem, WANTED },
	{ KIND_CACHE, make_cache, WANTED },
	{ KIND_DIRTY, make_dirty, WANTED },
	{ KIND_MLOCKED, make_mlocked, WANTED },
	{ KIND_VMSPLICE, make_vmsplice, WANTED },
	{ KIND_KSM, make_ksm, 1 },
	{ KIND_POISON, make_poison, 1 },
	{ KIND_HUGETLB, make_hugetlb, 1 },
	{ KIND_SHMEM_HUGE, kinds_shmem_huge, 1 },
	{ KIND_SURPLUS, kinds_surplus, 1 },
	{ KIND_ZSMALLOC, kinds_zsmalloc, WANTED },
	{ KIND_ODIRECT, kinds_odirect, WANTED / 2 },
	{ KIND_SWAPPED, make_swapped, WANTED },
	{ KIND_SWAPPED, make_shmem_swapped, 4 * WANTED },
};

static size_t marked(const struct kinds *k, enum page_kind kind)
{
	size_t i, n = 0;

	for (i = 0; i < k->region->pages; i++)
		n += k->kind[i] == kind;
	return n;
}

/* kinds_make() - make them, and mark those that lie in the region */
void kinds_make(struct kinds *k)
{
	static struct live live;
	size_t i, round;

	live_init(&live, k->region, SMALL);
	kinds_mark(k, KIND_ANON, (char *)live.addr, live.pages * page_size());
	/* What lies elsewhere tips the balance, and the next try is better. */
	for (i = 0; i < ARRAY_SIZE(makers); i++) {
		round = 0;
		do {
			makers[i].make(k);
		} while (marked(k, makers[i].kind) < makers[i].wanted &&
			 ++round < k->rounds);
	}
	live_unsoak(&live);
}
