// SPDX-License-Identifier: GPL-2.0-only
/* Random ioctls to the heap, and random mappings of what it gives. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "heap.h"

#define BURST_MAX	12
#define OPENS_MAX	2000

/* As much again behind it, in which the kernel must not look. */
union arg {
	struct dma_heap_allocation_data data;
	__u64 words[8];
};

static __u64 any(struct rng *rng)
{
	__u64 value = rng_next(rng) >> rng_below(rng, 64);

	return rng_below(rng, 2) ? value & -page_size() : value;
}

static unsigned long any_cmd(struct rng *rng)
{
	switch (rng_below(rng, 4)) {
	case 0:
		return rng_next(rng);
	case 1:
		return _IOC(rng_below(rng, 4), DMA_HEAP_IOC_MAGIC,
			    rng_below(rng, 3), rng_below(rng, 64));
	default:
		return DMA_HEAP_IOCTL_ALLOC;
	}
}

/* Return: a descriptor, or a negative errno. */
static int allocate(struct rng *rng, int heap, __u64 most)
{
	unsigned long cmd = DMA_HEAP_IOCTL_ALLOC;
	union arg arg = { 0 };
	void *at = &arg;
	unsigned int n;

	arg.data.len = 1 + rng_next(rng) % most;
	arg.data.fd_flags = HEAP_RDWR;
	if (!rng_below(rng, 3)) {
		for (n = 1 + rng_below(rng, 2); n; n--)
			arg.words[rng_below(rng, 3)] = any(rng);
		cmd = any_cmd(rng);
		if (!rng_below(rng, 16))
			at = (void *)(uintptr_t)rng_next(rng);
	}
	if (ioctl(heap, cmd, at))
		return -errno;
	/* It may have been written anywhere. */
	return at == &arg && (int)arg.data.fd > 2 ? (int)arg.data.fd : -EFAULT;
}

static int map_somewhere(struct rng *rng, int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	size_t len = 1 + rng_next(rng) % (2 * size);
	off_t at = (rng_next(rng) % (2 * size)) & -page_size();
	int prot = rng_below(rng, 4), flags = MAP_SHARED;
	unsigned char *addr;

	if (!rng_below(rng, 4))
		at = any(rng) & -page_size();
	if (!rng_below(rng, 8))
		flags = MAP_PRIVATE;
	addr = mmap(NULL, len, prot, flags, fd, at);
	if (addr == MAP_FAILED)
		return -errno;
	if (prot & PROT_WRITE)
		addr[rng_next(rng) % len] = 1;
	munmap(addr, len);
	return 0;
}

static int sync_somehow(struct rng *rng, int fd)
{
	return heap_sync(fd, rng_below(rng, 8) ? rng_below(rng, 8) : any(rng));
}

static int open_node(const struct region *region)
{
	char path[512];
	unsigned int tries;
	int fd;

	heap_path(region, path, sizeof(path));
	for (tries = 0; tries < OPENS_MAX; tries++) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			return fd;
		sleep_ms(1);
	}
	return -errno;
}

void fuzz_heaps(struct rng *rng, const struct region *region, unsigned long nr,
		struct fuzz_tally *tally)
{
	__u64 most = region->pages * page_size() / 8;
	unsigned long burst;
	int heap, fd, ret;

	while (nr) {
		heap = open_node(region);
		if (heap < 0)
			_exit(1);
		fd = -1;
		for (burst = 1 + rng_below(rng, BURST_MAX); burst && nr; nr--) {
			burst--;
			if (fd < 0) {
				fd = allocate(rng, heap, most);
				ret = fd < 0 ? fd : 0;
			} else if (rng_below(rng, 3)) {
				ret = map_somewhere(rng, fd);
			} else {
				ret = sync_somehow(rng, fd);
			}
			fuzz_count(tally, ret);
			if (fd >= 0 && !rng_below(rng, 4)) {
				close(fd);
				fd = -1;
			}
		}
		if (fd >= 0)
			close(fd);
		close(heap);
		fuzz_rest(rng, 4);
	}
}
