// SPDX-License-Identifier: GPL-2.0-only
/* Pages of the kinds that need a device or a file system of their own. */
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kinds.h"

#define MOVABLE		"/sys/kernel/debug/cma_bulk_apitest/movable"
#define ZRAM		"/dev/zram0"
/* A disk, and a cgroup that may read next to nothing of it. */
#define SLOW_DISK	"/dev/nullb2"
#define SLOW_GROUP	"/tmp/slow/reads"
/* A tmpfs of huge pages. */
#define HUGE_FOLDER	"/tmp/huge"

#define PAGES		64
#define HUGE		4
#define READS_MAX	32

/* Those that zsmalloc has are told by their driver's callbacks alone. */
static void mark_movable(struct kinds *k)
{
	FILE *f = fopen(MOVABLE, "re");
	__u64 pfn;

	if (!f)
		bail(MOVABLE, errno);
	while (fscanf(f, "%llu", &pfn) == 1)
		if (region_has(k->region, pfn))
			k->kind[pfn - k->region->base] = KIND_ZSMALLOC;
	fclose(f);
}

/* What does not compress has a page of its own, of the rest two share one. */
static void fill(unsigned int *word, unsigned int i)
{
	size_t n = page_size() / sizeof(*word), j;

	for (j = 0; j < n; j++)
		word[j] = i & 1 && j > n / 2 ? 0 : (unsigned int)random();
}

void kinds_zsmalloc(struct kinds *k)
{
	static unsigned int written;
	unsigned int i, *page = malloc(page_size());
	int fd = open(ZRAM, O_RDWR | O_CLOEXEC);

	for (i = 0; page && fd >= 0 && i < 4 * PAGES; i++, written++) {
		fill(page, i);
		if (pwrite(fd, page, page_size(), written * page_size()) !=
		    (ssize_t)page_size())
			break;
	}
	free(page);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
	mark_movable(k);
}

static aio_context_t reads;
static unsigned int nr_reads;

/* Without the limit all that was read ends at once; before, no process could. */
static void end_reads(void)
{
	char text[128];
	long n = file_read(SLOW_GROUP "/io.max", text, sizeof(text));

	if (n <= 0)
		return;
	n = strcspn(text, " ");
	snprintf(text + n, sizeof(text) - n, " rbps=max");
	file_write(SLOW_GROUP "/io.max", text);
}

/* A read with O_DIRECT that does not end: the disk writes to the pages. */
void kinds_odirect(struct kinds *k)
{
	int fd = open(SLOW_DISK, O_RDONLY | O_DIRECT | O_CLOEXEC);
	struct iocb iocb = {
		.aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = fd,
		.aio_nbytes = PAGES * page_size(),
	}, *one = &iocb;

	if (fd < 0 || nr_reads == READS_MAX ||
	    file_write(SLOW_GROUP "/cgroup.procs", "0"))
		return;
	if (!nr_reads && (syscall(SYS_io_setup, READS_MAX, &reads) ||
			  atexit(end_reads)))
		bail("io_setup", errno);
	iocb.aio_buf = (uintptr_t)kinds_small(k, KIND_ODIRECT, PAGES);
	if (syscall(SYS_io_submit, reads, 1, &one) != 1)
		bail("io_submit", errno);
	nr_reads++;
}

/* Have all reads lasted up to now? Then the disk had the pages all the time. */
bool kinds_odirect_lasts(void)
{
	struct timespec now = { 0 };
	struct io_event event;

	return !nr_reads ||
	       !syscall(SYS_io_getevents, reads, 1, 1, &event, &now);
}

/* Large folios of the page cache. */
void kinds_shmem_huge(struct kinds *k)
{
	size_t i, size = HUGE * kinds_huge_size();
	static unsigned int files;
	char path[64], *addr;
	int fd;

	snprintf(path, sizeof(path), HUGE_FOLDER "/%u", files++);
	fd = size ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	if (fd < 0 || ftruncate(fd, size))
		return;
	addr = kinds_map(size, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	if (!addr)
		bail(path, errno);
	for (i = 0; i < size; i += page_size())
		addr[i] = 1;
	kinds_mark(k, KIND_SHMEM_HUGE, addr, size);
}

/* Huge pages of 64 KiB, of which there is no pool. */
void kinds_surplus(struct kinds *k)
{
	const size_t size = PAGES << 16;
	char *addr;

	if (file_write("/sys/kernel/mm/hugepages/hugepages-64kB/nr_overcommit_hugepages",
		       "2048"))
		return;
	addr = kinds_map(size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | 16 << 26, -1);
	if (!addr)
		return;
	memset(addr, 1, size);
	kinds_mark(k, KIND_SURPLUS, addr, size);
}
