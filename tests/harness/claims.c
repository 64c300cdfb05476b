// SPDX-License-Identifier: GPL-2.0-only
/*
 * A chunk that is larger than the kernel's unit is claimed unit by unit, while others
 * claim single ones of these. A request that does not get all of its chunk's units
 * gives up at once; none of them must stay claimed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

#define PIN		"/sys/kernel/debug/cma_bulk_pinner/pin"
#define UNPIN		"/sys/kernel/debug/cma_bulk_pinner/unpin"
#define TRIES		300
#define LATEST_US	2000	/* the larger request has claimed all by then */

/* Order of a unit: the largest of the buddy allocator, no pageblock is larger. */
static unsigned int unit_order(void)
{
	FILE *f = fopen("/proc/buddyinfo", "re");
	unsigned int columns = 0;
	char line[512], *word;

	if (!f || !fgets(line, sizeof(line), f))
		bail("/proc/buddyinfo", errno);
	fclose(f);
	/* Node 0, zone NAME, and a column for each order. */
	for (word = strtok(line, "\n "); word; word = strtok(NULL, "\n "))
		columns++;
	return columns - 5;
}

static int take_fast(const struct region *region, unsigned int order)
{
	char request[64];

	snprintf(request, sizeof(request), "order=%u count=1 fast=1", order);
	return region_alloc(region, request);
}

/* Its unit is the one that is empty, so it claims that, at some time or other. */
static noreturn void take_unit(const struct region *region, unsigned int order)
{
	long long batch;

	usleep((unsigned int)rand() % LATEST_US);
	take_fast(region, order);
	batch = region_own_batch(region);
	if (batch)
		region_give_back(region, batch);
	_exit(0);
}

/* All that is free then is one place for a chunk of two units. */
static bool leave_one(const struct region *region, unsigned int order)
{
	long long batch;

	if (region_alloc_slots(region, order, 1))
		return false;
	batch = region_own_batch(region);
	region_alloc_slots(region, order, region->pages >> order);
	region_alloc_slots(region, 0, region->pages);
	region_give_back(region, batch);
	return true;
}

/* A page in use in one of the two units, which the larger request can move. */
static void put_page(const struct region *region, unsigned int seed)
{
	char request[128];
	int ret;

	snprintf(request, sizeof(request),
		 "region=%s mode=legacy pages=0 fill=1 blocks=1 seed=%u",
		 strrchr(region->dir, '/') + 1, seed);
	ret = file_write(PIN, request);
	/* Each call of the kernel for a range takes pages out of the LRU batches. */
	ret = ret ? ret : region_alloc_slots(region, 4, 1);
	if (ret)
		bail(request, ret);
	region_give_back(region, region_own_batch(region));
}

static void try_often(const struct region *region, unsigned int order)
{
	unsigned int tries = often(TRIES), got = 0, odd = 0, i;
	long long rest = region_own_batch(region), batch;
	pid_t pid;
	int ret;

	for (i = 0; i < tries; i++) {
		srand(i);
		put_page(region, i + 1);
		fflush(stdout);
		pid = fork();
		if (pid < 0)
			bail("fork", errno);
		if (!pid)
			take_unit(region, order);
		ret = take_fast(region, order + 1);
		got += !ret;
		/* The other one has its units, or is about to. */
		odd += ret && ret != -EBUSY && ret != -ENOMEM;
		waitpid(pid, NULL, 0);
		batch = region_own_batch(region);
		if (batch != rest)
			region_give_back(region, batch);
		file_write(UNPIN, "all");
	}
	ktap_diag("%u of %u requests got it", got, tries);
	ktap_same("requests beside it end with EBUSY or ENOMEM", odd, 0);
}

static unsigned int named_claimed(const struct region *region)
{
	FILE *f = region_open(region, "blockers");
	unsigned int n = 0;
	char line[512];

	while (fgets(line, sizeof(line), f))
		n += line[0] != '#' && strstr(line, " claimed ") && !strstr(line, " gone");
	fclose(f);
	return n;
}

void scenario_claims(const struct region *region, const char *arg)
{
	unsigned int order = unit_order();
	char request[128];

	(void)arg;
	if (!ktap_ok(leave_one(region, order + 1), "there is room for a chunk of two units"))
		return;
	try_often(region, order);
	region_free_all(region);
	/* It would wait in vain for what is claimed and never given back. */
	snprintf(request, sizeof(request),
		 "order=4 count=%zu partial=0 retries=100 timeout_ms=60000",
		 region_slots(region, 4));
	ktap_errno("then all of the region can be had",
		   region_alloc(region, request), 0);
	ktap_same("nothing is claimed any more", named_claimed(region), 0);
	region_free_all(region);
}
