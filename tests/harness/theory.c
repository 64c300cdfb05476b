// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the best allocator could do with a region as it is now, found without
 * the module: free pages by /proc/kpageflags, pins by the pinner's own list.
 * Nothing of the region may be held then: flags do not tell that from free.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

#define PINS		"/sys/kernel/debug/cma_bulk_pinner/pfns"
#define STUCK		0x8000000000000000ULL	/* no flag of the kernel's */

static __u64 *read_flags(const struct region *region)
{
	size_t size = region->pages * sizeof(__u64);
	int fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	__u64 *flags = malloc(size);
	size_t done = 0;
	ssize_t got;

	if (fd < 0)
		bail("/proc/kpageflags", errno);
	if (!flags)
		bail("memory", ENOMEM);
	while (done < size) {
		got = pread(fd, (char *)flags + done, size - done,
			    region->base * sizeof(__u64) + done);
		if (got <= 0)
			bail("/proc/kpageflags", got ? errno : EIO);
		done += got;
	}
	close(fd);
	return flags;
}

struct map {
	const struct region *region;
	__u64 *flags;
};

static void mark_stuck(void *arg, __u64 pfn)
{
	struct map *map = arg;

	if (region_has(map->region, pfn))
		map->flags[pfn - map->region->base] |= STUCK;
}

static void mark_pins(struct map *map)
{
	char line[256];
	__u64 pfn;
	FILE *f = fopen(PINS, "re");

	if (!f)
		return;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%*u %llu", &pfn) == 1)
			mark_stuck(map, pfn);
	fclose(f);
}

/* A page on a list of some CPU has no flag at all, and is free. */
static bool in_use(__u64 flags)
{
	return flags && !(flags & 1ULL << KPF_BUDDY);
}

/* Pages to migrate for the slot at @flags, -1 if it cannot be had. */
static long slot_price(const __u64 *flags, size_t size)
{
	long n = 0;
	size_t i;

	for (i = 0; i < size; i++) {
		if (flags[i] & STUCK)
			return -1;
		n += in_use(flags[i]);
	}
	return n;
}

/*
 * theory() - print the most chunks there are, and the fewest migrations
 * @region: where
 * @order: of a chunk
 * @count: chunks wanted; @migrations are for these, or for all there are
 */
void theory(const struct region *region, unsigned int order, size_t count)
{
	size_t size = 1UL << order, possible = 0, migrations = 0, i, n;
	size_t *priced = calloc(size + 1, sizeof(*priced));
	struct map map = { .region = region, .flags = read_flags(region) };
	__u64 slot = (region->base + size - 1) / size * size;
	long price;

	if (!priced)
		bail("memory", ENOMEM);
	mark_pins(&map);
	region_cma_users(region, mark_stuck, &map);
	for (; slot + size <= region->base + region->pages; slot += size) {
		price = slot_price(map.flags + (slot - region->base), size);
		if (price < 0)
			continue;
		priced[price]++;
		possible++;
	}
	/* The cheapest slots first: nothing can do with fewer. */
	for (i = 0; i <= size && count; i++) {
		n = priced[i] < count ? priced[i] : count;
		migrations += n * i;
		count -= n;
	}
	printf("%zu %zu\n", possible, migrations);
	free(map.flags);
	free(priced);
}
