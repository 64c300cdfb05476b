// SPDX-License-Identifier: GPL-2.0-only
/* mirror: memory that a device uses without pins can be had at any time. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness.h"

#define INSIDE		2048
#define REFAULT_MS	20000

/* Until the device has every page again, or for a long time. */
static void wait_refault(int fd, __u64 iova, struct cma_bulk_pinner_query *q)
{
	double end = seconds() + REFAULT_MS / 1e3;
	int ret;

	do {
		*q = (struct cma_bulk_pinner_query){ 0 };
		ret = pinner_query(fd, iova, q);
		if (ret)
			bail("query", ret);
		if (q->pages == q->nr_pfns)
			return;
		sleep_ms(20);
	} while (seconds() < end);
}

static size_t wrong_pfns(const struct live *live, int fd, __u64 iova)
{
	__u64 *pfns = calloc(live->pages, sizeof(*pfns));
	struct cma_bulk_pinner_query q = {
		.pfns = (uintptr_t)pfns,
		.nr_pfns = live->pages,
	};
	size_t i, n = 0;
	int ret;

	if (!pfns)
		bail("pfns", ENOMEM);
	ret = pinner_query(fd, iova, &q);
	if (ret)
		bail("query", ret);
	for (i = 0; i < live->pages; i++)
		n += pfns[i] != live_pfn(live, i);
	free(pfns);
	return n;
}

void scenario_mirror(const struct region *region, const char *arg)
{
	struct cma_bulk_pinner_query q;
	struct cma_bulk_pinner_map map;
	size_t slots, inside;
	struct live live;
	int fd, ret;

	(void)arg;
	live_init(&live, region, INSIDE);
	live_unsoak(&live);
	fd = pinner_open();
	pinner_arg(&map, &live, CMA_BULK_PINNER_MIRROR);
	ktap_errno("a device mirrors the memory", pinner_map(fd, &map), 0);
	wait_refault(fd, map.iova, &q);
	ktap_same("all of it", q.pages, live.pages);
	inside = live_inside(&live);
	ktap_ok(inside >= INSIDE / 2, "much of which lies in the region");

	slots = region_slots(region, 4);
	ret = region_alloc_slots(region, 4, slots);
	ktap_errno("bulk gets every chunk", ret, 0);
	wait_refault(fd, map.iova, &q);
	ktap_same("the device has all of its memory again", q.pages,
		  live.pages);
	if (!ktap_ok(q.invalidations && q.refaults >= inside,
		     "because it faulted again"))
		ktap_diag("%llu invalidations, %llu refaults", q.invalidations,
			  q.refaults);
	ktap_same("at the pages of the process", wrong_pfns(&live, fd, map.iova),
		  0);
	ktap_same("none of them in the region", live_inside(&live), 0);
	ktap_same("the content is as before", live_damaged(&live), 0);
	region_free_all(region);
	close(fd);
	live_free(&live);
}
