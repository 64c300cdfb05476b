// SPDX-License-Identifier: GPL-2.0-only
/* What a heap, and a buffer of it, refuse; and callers with other headers. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "heap.h"

static int call(int heap, unsigned long cmd, void *arg)
{
	return ioctl(heap, cmd, arg) ? -errno : 0;
}

static int wrong(int heap, __u64 len, __u32 fd, __u32 fd_flags,
		 __u64 heap_flags)
{
	struct dma_heap_allocation_data data = {
		.len = len, .fd = fd, .fd_flags = fd_flags,
		.heap_flags = heap_flags,
	};

	return heap_call(heap, &data);
}

static void arguments(int heap, const struct region *region)
{
	__u64 size = region->pages * page_size();

	ktap_errno("no length: EINVAL", wrong(heap, 0, 0, HEAP_RDWR, 0),
		   -EINVAL);
	ktap_errno("a descriptor where none belongs: EINVAL",
		   wrong(heap, 1, 1, HEAP_RDWR, 0), -EINVAL);
	ktap_errno("unknown flags of the file: EINVAL",
		   wrong(heap, 1, 0, O_RDWR | O_NONBLOCK, 0), -EINVAL);
	ktap_errno("flags of the heap: EINVAL",
		   wrong(heap, 1, 0, HEAP_RDWR, 1), -EINVAL);
	ktap_errno("more than the region: E2BIG",
		   wrong(heap, size + 1, 0, HEAP_RDWR, 0), -E2BIG);
	ktap_errno("as much as a number can say: E2BIG",
		   wrong(heap, ~0ULL, 0, HEAP_RDWR, 0), -E2BIG);
	ktap_errno("another number: EINVAL",
		   call(heap, _IOWR(DMA_HEAP_IOC_MAGIC, 1,
				    struct dma_heap_allocation_data), NULL),
		   -EINVAL);
	ktap_errno("another interface: ENOTTY",
		   call(heap, _IOWR('h', 0, struct dma_heap_allocation_data),
			NULL), -ENOTTY);
	ktap_errno("no argument: EFAULT",
		   call(heap, DMA_HEAP_IOCTL_ALLOC, NULL), -EFAULT);
}

/* Half of it is held, so that all of it cannot be had. */
static void too_full(int heap, const struct region *region)
{
	__u64 size = region->pages * page_size();
	int fd = heap_alloc(heap, size / 2, HEAP_RDWR);

	if (fd < 0)
		bail("half of the region", fd);
	ktap_errno("more than is not held: ENOMEM",
		   wrong(heap, size / 4 * 3, 0, HEAP_RDWR, 0), -ENOMEM);
	close(fd);
}

struct older {
	__u64 len;
	__u32 fd;
	__u32 fd_flags;
};

struct newer {
	struct dma_heap_allocation_data data;
	__u64 more[20];
};

static void other_headers(int heap)
{
	struct older old = { .len = 1, .fd_flags = HEAP_RDWR };
	struct newer new = { .data = { .len = 1, .fd_flags = HEAP_RDWR } };

	memset(new.more, 0x5a, sizeof(new.more));
	ktap_errno("a shorter structure",
		   call(heap, _IOWR(DMA_HEAP_IOC_MAGIC, 0, struct older), &old),
		   0);
	ktap_ok(old.fd && !close(old.fd), "gets a descriptor");
	ktap_errno("a longer structure",
		   call(heap, _IOWR(DMA_HEAP_IOC_MAGIC, 0, struct newer), &new),
		   0);
	ktap_ok(new.data.fd && !close(new.data.fd), "gets one, too");
	ktap_ok(new.more[0] == 0x5a5a5a5a5a5a5a5aULL, "the rest is left alone");
}

static int map_error(int fd, size_t len, int prot, int flags, off_t at)
{
	void *addr = mmap(NULL, len, prot, flags, fd, at);

	if (addr == MAP_FAILED)
		return -errno;
	munmap(addr, len);
	return 0;
}

static void mappings(int heap, size_t chunk)
{
	size_t len = 3 * chunk, page = page_size();
	int fd = heap_alloc(heap, len, HEAP_RDWR), prot = PROT_READ | PROT_WRITE;
	int readable = heap_alloc(heap, len, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || readable < 0)
		bail("two buffers", fd < 0 ? fd : readable);
	ktap_errno("all of it", map_error(fd, len, prot, MAP_SHARED, 0), 0);
	ktap_errno("across chunks", map_error(fd, chunk, prot, MAP_SHARED,
					      chunk - page), 0);
	ktap_errno("a page more: EINVAL",
		   map_error(fd, len + page, prot, MAP_SHARED, 0), -EINVAL);
	ktap_errno("across the end: EINVAL",
		   map_error(fd, 2 * page, prot, MAP_SHARED, len - page),
		   -EINVAL);
	ktap_errno("behind the end: EINVAL",
		   map_error(fd, page, prot, MAP_SHARED, len), -EINVAL);
	ktap_ok(map_error(fd, 2 * page, prot, MAP_SHARED,
			  -(off_t)page & ~(1ULL << 63)) < 0,
		"far behind the end");
	ktap_errno("private: EINVAL", map_error(fd, len, prot, MAP_PRIVATE, 0),
		   -EINVAL);
	ktap_errno("one that may only be read",
		   map_error(readable, len, PROT_READ, MAP_SHARED, 0), 0);
	ktap_errno("written: EACCES",
		   map_error(readable, len, prot, MAP_SHARED, 0), -EACCES);
	close(readable);
	close(fd);
}

void scenario_heaperrors(const struct region *region, const char *arg)
{
	int heap = heap_open(region);
	long long before = heap_held(region);
	size_t chunk = heap_chunk(heap);

	(void)arg;
	arguments(heap, region);
	too_full(heap, region);
	other_headers(heap);
	mappings(heap, chunk);
	ktap_ok(heap_held_becomes(region, before), "nothing is held in the end");
	close(heap);
}
