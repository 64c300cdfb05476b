// SPDX-License-Identifier: GPL-2.0-only
/* The heap of a region, and descriptors that go from process to process. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "heap.h"

#define PATIENCE_S	10

void heap_path(const struct region *region, char *path, size_t size)
{
	snprintf(path, size, "/dev/dma_heap/cma_bulk-%s",
		 strrchr(region->dir, '/') + 1);
}

/* Ends the run if there is none. */
int heap_open(const struct region *region)
{
	char path[512];
	int fd;

	heap_path(region, path, sizeof(path));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		bail(path, errno);
	return fd;
}

int heap_call(int heap, struct dma_heap_allocation_data *data)
{
	return ioctl(heap, DMA_HEAP_IOCTL_ALLOC, data) ? -errno : 0;
}

/* Return: a descriptor, or a negative errno. */
int heap_alloc(int heap, __u64 len, unsigned int flags)
{
	struct dma_heap_allocation_data data = { .len = len, .fd_flags = flags };
	int ret = heap_call(heap, &data);

	return ret ?: (int)data.fd;
}

/* Return: the bytes of a chunk, which one byte is rounded up to. */
size_t heap_chunk(int heap)
{
	int fd = heap_alloc(heap, 1, HEAP_RDWR);
	off_t size;

	if (fd < 0)
		bail("one byte of the heap", fd);
	size = lseek(fd, 0, SEEK_END);
	close(fd);
	return size;
}

/* Return: NULL if it fails, and errno. */
unsigned char *heap_map(int fd, size_t len)
{
	void *at = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return at == MAP_FAILED ? NULL : at;
}

/* The CPU begins or ends to use a buffer: DMA_BUF_SYNC_…. */
int heap_sync(int fd, __u64 flags)
{
	struct dma_buf_sync arg = { .flags = flags };

	return ioctl(fd, DMA_BUF_IOCTL_SYNC, &arg) ? -errno : 0;
}

/* Print how many microseconds one DMA_HEAP_IOCTL_ALLOC takes. */
void heap_time(const struct region *region, size_t bytes)
{
	int heap = heap_open(region), fd;
	double start = seconds();

	fd = heap_alloc(heap, bytes, HEAP_RDWR);
	if (fd < 0)
		bail("a buffer", fd);
	printf("%.0f\n", (seconds() - start) * 1e6);
	close(fd);
	close(heap);
}

/* Print how many of its bytes are not 0, and leave it full of others. */
void heap_clear(const struct region *region, size_t bytes)
{
	int heap = heap_open(region), fd;
	size_t i, wrong = 0;
	unsigned char *at;

	fd = heap_alloc(heap, bytes, HEAP_RDWR);
	at = fd < 0 ? NULL : heap_map(fd, bytes);
	if (!at)
		bail("a buffer", fd < 0 ? fd : errno);
	for (i = 0; i < bytes; i++)
		wrong += !!at[i];
	memset(at, 0xa5, bytes);
	munmap(at, bytes);
	close(fd);
	close(heap);
	printf("%zu\n", wrong);
}

long long heap_held(const struct region *region)
{
	FILE *f = region_open(region, "blocks");
	char line[512];
	long long held, sum = 0;

	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%*s %*s %*s %*s %*s %*s %lld", &held) == 1)
			sum += held;
	fclose(f);
	return sum;
}

bool heap_held_becomes(const struct region *region, long long wanted)
{
	double end = seconds() + PATIENCE_S;
	long long held;

	while ((held = heap_held(region)) != wanted && seconds() < end)
		sleep_ms(20);
	if (held != wanted)
		ktap_diag("%lld pages are held, wanted %lld", held, wanted);
	return held == wanted;
}

union control {
	char space[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

int fd_send(int sock, int fd)
{
	union control control = { 0 };
	struct iovec byte = { .iov_base = "", .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &byte, .msg_iovlen = 1,
		.msg_control = control.space,
		.msg_controllen = sizeof(control.space),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(sock, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) == 1 ? 0 : -errno;
}

int fd_receive(int sock)
{
	union control control;
	char byte;
	struct iovec vec = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &vec, .msg_iovlen = 1,
		.msg_control = control.space,
		.msg_controllen = sizeof(control.space),
	};
	struct cmsghdr *c;
	int fd;

	if (recvmsg(sock, &msg, MSG_CMSG_CLOEXEC) != 1)
		return errno ? -errno : -EPIPE;
	c = CMSG_FIRSTHDR(&msg);
	if (!c || c->cmsg_type != SCM_RIGHTS)
		return -ENOMSG;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}
