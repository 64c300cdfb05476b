// SPDX-License-Identifier: GPL-2.0-only
/* Arguments that the device must refuse, and that change nothing then. */
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"

static struct live memory;

static int map_with(int fd, void (*spoil)(struct cma_bulk_pinner_map *arg))
{
	struct cma_bulk_pinner_map arg;

	pinner_arg(&arg, &memory, CMA_BULK_PINNER_LEGACY);
	spoil(&arg);
	return pinner_map(fd, &arg);
}

static void bad_vaddr(struct cma_bulk_pinner_map *arg) { arg->vaddr++; }
static void bad_iova(struct cma_bulk_pinner_map *arg) { arg->iova += 8; }
static void odd_size(struct cma_bulk_pinner_map *arg) { arg->size--; }
static void bad_mode(struct cma_bulk_pinner_map *arg) { arg->mode = 4; }
static void bad_flags(struct cma_bulk_pinner_map *arg) { arg->flags = 4; }
static void reserved(struct cma_bulk_pinner_map *arg) { arg->reserved[3] = 1; }
static void wraps(struct cma_bulk_pinner_map *arg) { arg->iova = -4096; }

static void no_size(struct cma_bulk_pinner_map *arg)
{
	arg->size = 0;
}

static void too_large(struct cma_bulk_pinner_map *arg)
{
	arg->size = CMA_BULK_PINNER_MAX_SIZE + page_size();
}

static void unmapped(struct cma_bulk_pinner_map *arg)
{
	arg->vaddr = (uintptr_t)memory.addr + memory.pages * page_size();
}

static const struct {
	const char *name;
	void (*spoil)(struct cma_bulk_pinner_map *arg);
	int err;
} wrong[] = {
	{ "a user address within a page: EINVAL", bad_vaddr, -EINVAL },
	{ "a device address within a page: EINVAL", bad_iova, -EINVAL },
	{ "size 0: EINVAL", no_size, -EINVAL },
	{ "part of a page: EINVAL", odd_size, -EINVAL },
	{ "an unknown mode: EINVAL", bad_mode, -EINVAL },
	{ "an unknown flag: EINVAL", bad_flags, -EINVAL },
	{ "a reserved field: EINVAL", reserved, -EINVAL },
	{ "a range that wraps: EINVAL", wraps, -EINVAL },
	{ "too large: E2BIG", too_large, -E2BIG },
	{ "memory that is not mapped: EFAULT", unmapped, -EFAULT },
};

static void pairs(int fd)
{
	struct cma_bulk_pinner_query q = { 0 };
	struct cma_bulk_pinner_map arg;
	size_t page = page_size();

	pinner_arg(&arg, &memory, CMA_BULK_PINNER_LEGACY);
	ktap_errno("nothing was pinned", pinner_query(fd, arg.iova, &q),
		   -ENOENT);
	ktap_errno("unmap what is not mapped: ENOENT",
		   pinner_unmap(fd, arg.iova, page), -ENOENT);
	ktap_errno("a good one", pinner_map(fd, &arg), 0);
	ktap_errno("the same again: EEXIST", pinner_map(fd, &arg), -EEXIST);
	ktap_errno("unmap a part: EINVAL", pinner_unmap(fd, arg.iova, page),
		   -EINVAL);
}

void scenario_ioctl(const struct region *region, const char *arg)
{
	int fd = pinner_open();
	unsigned int i;

	(void)arg;
	live_init(&memory, region, 4);
	live_unsoak(&memory);
	/* Room behind it that is surely not mapped. */
	munmap(memory.addr + memory.pages * page_size(),
	       memory.pages * page_size());
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		ktap_errno(wrong[i].name, map_with(fd, wrong[i].spoil),
			   wrong[i].err);
	pairs(fd);
	ktap_errno("an unknown ioctl: ENOTTY",
		   ioctl(fd, _IO(CMA_BULK_PINNER_IOC, 0x7f)) ? -errno : 0,
		   -ENOTTY);
	close(fd);
	live_free(&memory);
}
