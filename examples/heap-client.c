// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of a cma_bulk region, from userspace:
 *
 *	heap-client [NODE [BYTES]]
 *
 * What is printed has come from NODE as a dma-buf; a camera, a codec or an NPU
 * takes the same file descriptor.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <linux/dma-heap.h>

static int fail(const char *what)
{
	perror(what);
	return 1;
}

/* What the CPU does between "start" and "end", devices see, and the reverse. */
static int sync_cpu(int fd, unsigned long long flags)
{
	struct dma_buf_sync sync = { .flags = flags | DMA_BUF_SYNC_RW };

	return ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync);
}

int main(int argc, char **argv)
{
	const char *node = argc > 1 ? argv[1] : "/dev/dma_heap/cma_bulk-reserved";
	struct dma_heap_allocation_data data = {
		.len = argc > 2 ? strtoull(argv[2], NULL, 0) : 4 << 20,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	int heap = open(node, O_RDONLY | O_CLOEXEC);
	unsigned char *memory;
	off_t size;

	if (heap < 0)
		return fail(node);
	if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data))
		return fail("DMA_HEAP_IOCTL_ALLOC");
	size = lseek(data.fd, 0, SEEK_END);
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, data.fd,
		      0);
	if (memory == MAP_FAILED)
		return fail("mmap");
	if (sync_cpu(data.fd, DMA_BUF_SYNC_START))
		return fail("DMA_BUF_IOCTL_SYNC");
	printf("%lld bytes, the first is %u\n", (long long)size, memory[0]);
	memset(memory, 0xa5, size);
	if (sync_cpu(data.fd, DMA_BUF_SYNC_END))
		return fail("DMA_BUF_IOCTL_SYNC");
	/* Here a driver would be given data.fd. */
	munmap(memory, size);
	close(data.fd);
	return 0;
}
