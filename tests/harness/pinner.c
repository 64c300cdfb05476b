// SPDX-License-Identifier: GPL-2.0-only
/* The pinner's device and its debugfs files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "harness.h"

#define DEBUGFS	"/sys/kernel/debug/cma_bulk_pinner"

/* Return: a file descriptor. */
int pinner_open(void)
{
	int fd = open(CMA_BULK_PINNER_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		bail(CMA_BULK_PINNER_DEVICE, errno);
	return fd;
}

/* All of @live, at the same addresses for the device. */
void pinner_arg(struct cma_bulk_pinner_map *arg, const struct live *live,
		unsigned int mode)
{
	memset(arg, 0, sizeof(*arg));
	arg->vaddr = (uintptr_t)live->addr;
	arg->iova = arg->vaddr;
	arg->size = live->pages * page_size();
	arg->mode = mode;
	arg->seed = 1;
}

int pinner_map(int fd, struct cma_bulk_pinner_map *arg)
{
	return ioctl(fd, CMA_BULK_PINNER_MAP, arg) ? -errno : 0;
}

int pinner_unmap(int fd, __u64 iova, __u64 size)
{
	struct cma_bulk_pinner_unmap arg = { .iova = iova, .size = size };

	if (ioctl(fd, CMA_BULK_PINNER_UNMAP, &arg))
		return -errno;
	return arg.size == size ? 0 : -EIO;
}

/* Without pfns, unless the caller has set them and their number. */
int pinner_query(int fd, __u64 iova, struct cma_bulk_pinner_query *q)
{
	q->iova = iova;
	return ioctl(fd, CMA_BULK_PINNER_QUERY, q) ? -errno : 0;
}

long long pinner_stat(const char *key)
{
	return file_key(DEBUGFS "/stats", key);
}

void pinner_knob(const char *name, int value)
{
	char path[128], text[16];
	int ret;

	snprintf(path, sizeof(path), DEBUGFS "/knobs/%s", name);
	snprintf(text, sizeof(text), "%d", value);
	ret = file_write(path, text);
	if (ret)
		bail(path, ret);
}
