// SPDX-License-Identifier: GPL-2.0-only
/* Random ioctls: one half has valid arguments. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

#define PAGES		64
#define BURST_MAX	8
#define OPENS_MAX	1000

static unsigned char *memory;

/* Spans that overlap, so that a second MAP meets the first. */
static void good_map(struct rng *rng, struct cma_bulk_pinner_map *arg)
{
	size_t first = rng_below(rng, PAGES), nr;

	nr = 1 + rng_below(rng, PAGES - first);
	memset(arg, 0, sizeof(*arg));
	arg->vaddr = (uintptr_t)memory + first * page_size();
	arg->size = nr * page_size();
	arg->iova = rng_below(rng, 2 * PAGES) * page_size();
	arg->mode = rng_below(rng, 4);
	arg->flags = rng_below(rng, 2) ? CMA_BULK_PINNER_MAP_READONLY : 0;
	if (arg->mode == CMA_BULK_PINNER_LEGACY && rng_below(rng, 2))
		arg->flags |= CMA_BULK_PINNER_MAP_DMA;
	arg->hold_ms = rng_below(rng, 3);
	arg->jitter_ms = rng_below(rng, 3);
	arg->seed = rng_next(rng);
}

static void good_unmap(struct rng *rng, struct cma_bulk_pinner_unmap *arg)
{
	memset(arg, 0, sizeof(*arg));
	arg->iova = rng_below(rng, PAGES) * page_size();
	arg->size = (1 + rng_below(rng, 4 * PAGES)) * page_size();
}

static void good_query(struct rng *rng, struct cma_bulk_pinner_query *arg)
{
	memset(arg, 0, sizeof(*arg));
	arg->iova = rng_below(rng, 3 * PAGES * page_size());
}

union arg {
	struct cma_bulk_pinner_map map;
	struct cma_bulk_pinner_unmap unmap;
	struct cma_bulk_pinner_query query;
};

/* A few fields, each of any size; or all of it. */
static void spoil(struct rng *rng, union arg *arg)
{
	unsigned int n = rng_below(rng, 4) ? 1 + rng_below(rng, 3) : 32, at;
	__u64 value;

	while (n--) {
		value = rng_next(rng) >> rng_below(rng, 64);
		if (rng_below(rng, 2))
			value &= -page_size();
		at = rng_below(rng, sizeof(*arg) / sizeof(value));
		memcpy((char *)arg + at * sizeof(value), &value, sizeof(value));
	}
}

static int call(struct rng *rng, int fd)
{
	static const unsigned long cmds[] = {
		CMA_BULK_PINNER_MAP, CMA_BULK_PINNER_UNMAP,
		CMA_BULK_PINNER_QUERY,
	};
	unsigned int i = rng_below(rng, ARRAY_SIZE(cmds));
	unsigned long cmd = cmds[i];
	void *at;
	/* As much again behind it, in which the kernel must not look. */
	union arg arg[2];

	memset(arg, 0xff, sizeof(arg));
	at = arg;
	switch (i) {
	case 0:
		good_map(rng, &arg->map);
		break;
	case 1:
		good_unmap(rng, &arg->unmap);
		break;
	default:
		good_query(rng, &arg->query);
	}
	if (rng_below(rng, 2)) {
		spoil(rng, arg);
		if (!rng_below(rng, 8))
			cmd = rng_next(rng);
		if (!rng_below(rng, 16))
			at = (void *)(uintptr_t)rng_next(rng);
	}
	return ioctl(fd, cmd, at) ? -errno : 0;
}

static int open_device(void)
{
	unsigned int tries;
	int fd;

	for (tries = 0; tries < OPENS_MAX; tries++) {
		fd = open(CMA_BULK_PINNER_DEVICE, O_RDWR | O_CLOEXEC);
		if (fd >= 0)
			return fd;
		sleep_ms(1);
	}
	return -errno;
}

/* The memory is new from time to time, so that some of it is in the region. */
static void renew(void)
{
	if (madvise(memory, PAGES * page_size(), MADV_DONTNEED))
		_exit(1);
	memset(memory, 1, PAGES * page_size());
}

void fuzz_ioctls(struct rng *rng, unsigned long nr, struct fuzz_tally *tally)
{
	unsigned long burst;
	int fd;

	memory = mmap(NULL, PAGES * page_size(), PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		_exit(1);
	while (nr) {
		renew();
		fd = open_device();
		if (fd < 0)
			_exit(1);
		for (burst = 1 + rng_below(rng, BURST_MAX); burst && nr; nr--) {
			fuzz_count(tally, call(rng, fd));
			burst--;
		}
		close(fd);
		fuzz_rest(rng, 4);
	}
}
