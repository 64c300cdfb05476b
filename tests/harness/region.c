// SPDX-License-Identifier: GPL-2.0-only
/* A region of cma_bulk, by its debugfs files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

#define DEBUGFS	"/sys/kernel/debug/cma_bulk"

/* Ends the run if there is no such region. */
void region_find(struct region *region, const char *name)
{
	__u64 base, size;
	char line[512], found[128];
	FILE *f = fopen(DEBUGFS "/regions", "re");

	if (!f)
		bail(DEBUGFS "/regions", errno);
	region->pages = 0;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%127s %lli %llu", found,
			   (long long *)&base, &size) != 3)
			continue;
		if (strcmp(found, name))
			continue;
		region->base = base / page_size();
		region->pages = size / page_size();
	}
	fclose(f);
	if (!region->pages)
		bail("the region", ENOENT);
	snprintf(region->dir, sizeof(region->dir), DEBUGFS "/%s", name);
}

bool region_has(const struct region *region, __u64 pfn)
{
	return pfn - region->base < region->pages;
}

FILE *region_open(const struct region *region, const char *name)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", region->dir, name);
	f = fopen(path, "re");
	if (!f)
		bail(path, errno);
	return f;
}

/* Pages of the area that another owner than the module holds. */
void region_cma_users(const struct region *region,
		      void (*found)(void *arg, __u64 pfn), void *arg)
{
	FILE *f = region_open(region, "blockers");
	char line[512], reason[64];
	__u64 pfn;

	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%llu %*u %63s", &pfn, reason) == 2 &&
		    !strcmp(reason, "cma_user"))
			found(arg, pfn);
	fclose(f);
}

struct lost {
	unsigned char *slot;
	__u64 first;
	unsigned int order;
};

static void mark_lost(void *arg, __u64 pfn)
{
	struct lost *lost = arg;

	if (pfn >= lost->first)
		lost->slot[(pfn - lost->first) >> lost->order] = 1;
}

/* Return: how many chunks the region can give when nothing is pinned. */
size_t region_slots(const struct region *region, unsigned int order)
{
	__u64 size = 1ULL << order;
	__u64 first = (region->base + size - 1) / size * size;
	size_t n = (region->base + region->pages - first) / size, i, good = 0;
	struct lost lost = {
		.slot = calloc(n + 1, 1), .first = first, .order = order
	};

	if (!lost.slot)
		bail("slots", ENOMEM);
	region_cma_users(region, mark_lost, &lost);
	for (i = 0; i < n; i++)
		good += !lost.slot[i];
	free(lost.slot);
	return good;
}

static void path_of(const struct region *region, const char *file, char *path,
		    size_t size)
{
	snprintf(path, size, "%s/%s", region->dir, file);
}

int region_alloc(const struct region *region, const char *request)
{
	char path[512];

	path_of(region, "alloc", path, sizeof(path));
	return file_write(path, request);
}

int region_alloc_slots(const struct region *region, unsigned int order,
		       size_t slots)
{
	char request[128];

	snprintf(request, sizeof(request), "order=%u count=%zu", order, slots);
	return region_alloc(region, request);
}

/* Give back batches: their numbers, or "all". */
int region_free(const struct region *region, const char *batches)
{
	char path[512];

	path_of(region, "free", path, sizeof(path));
	return file_write(path, batches);
}

void region_free_all(const struct region *region)
{
	int ret = region_free(region, "all");

	if (ret)
		bail("giving back all", ret);
}

void region_give_back(const struct region *region, long long batch)
{
	char text[32];
	int ret;

	snprintf(text, sizeof(text), "%lld", batch);
	ret = region_free(region, text);
	if (ret)
		bail("giving back a batch", ret);
}

/* The newest batch of this process, or 0. */
long long region_own_batch(const struct region *region)
{
	FILE *f = region_open(region, "batches");
	long long batch, newest = 0;
	char line[256];
	int owner;

	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%lld %*u %*u %*u %*u %d", &batch, &owner) == 2 &&
		    owner == getpid() && batch > newest)
			newest = batch;
	fclose(f);
	return newest;
}

long long region_last(const struct region *region, const char *key)
{
	char path[512];

	path_of(region, "last", path, sizeof(path));
	return file_key(path, key);
}

/* One result: every chunk that no other owner of the area has can be had. */
void region_check_whole(const struct region *region, const char *name)
{
	size_t slots = region_slots(region, 4);
	int ret = region_alloc_slots(region, 4, slots);

	if (!ktap_ok(!ret && region_last(region, "allocated") ==
		     (long long)slots, name))
		ktap_diag("%s, %lld of %zu chunks", err_name(ret),
			  region_last(region, "allocated"), slots);
	region_free_all(region);
}
