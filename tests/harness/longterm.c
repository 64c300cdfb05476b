// SPDX-License-Identifier: GPL-2.0-only
/* longterm: pinned memory ends up outside of the region, or is not pinned. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

#define INSIDE	2048

static size_t in_region(const struct region *region, const __u64 *pfns,
			size_t nr)
{
	size_t i, n = 0;

	for (i = 0; i < nr; i++)
		n += region_has(region, pfns[i]);
	return n;
}

static size_t wrong_pfns(const struct live *live, const __u64 *pfns)
{
	size_t i, n = 0;

	for (i = 0; i < live->pages; i++)
		n += pfns[i] != live_pfn(live, i);
	return n;
}

static void pinned_outside(const struct region *region, struct live *live)
{
	__u64 *pfns = calloc(live->pages, sizeof(*pfns));
	struct cma_bulk_pinner_query q = { 0 };
	struct cma_bulk_pinner_map arg;
	int fd = pinner_open();

	if (!pfns)
		bail("pfns", ENOMEM);
	pinner_arg(&arg, live, CMA_BULK_PINNER_LONGTERM);
	arg.pfns = (uintptr_t)pfns;
	ktap_errno("longterm pins it", pinner_map(fd, &arg), 0);
	ktap_same("every page", arg.pages, live->pages);
	ktap_same("none of them in CMA", arg.in_cma, 0);
	ktap_same("none in the region, page by page",
		  in_region(region, pfns, live->pages), 0);
	ktap_same("they are the process's own pages", wrong_pfns(live, pfns),
		  0);
	region_check_whole(region, "the region can be had whole");
	ktap_same("the content is as before", live_damaged(live), 0);
	ktap_errno("unpinned", pinner_unmap(fd, arg.iova, arg.size), 0);
	ktap_errno("and forgotten", pinner_query(fd, arg.iova, &q), -ENOENT);
	close(fd);
	free(pfns);
}

static size_t first_inside(const struct live *live)
{
	size_t i;

	for (i = 0; i < live->pages; i++)
		if (region_has(live->region, live_pfn(live, i)))
			return i;
	bail("no page in the region", ENOENT);
}

/* Somebody else has a pin on one page: said so, and nothing is pinned. */
static void honest_failure(struct live *live)
{
	struct cma_bulk_pinner_query q = { 0 };
	struct cma_bulk_pinner_map arg;
	int other = pinner_open(), fd = pinner_open(), ret;
	__u64 stuck;

	stuck = (uintptr_t)live->addr + first_inside(live) * page_size();
	pinner_arg(&arg, live, CMA_BULK_PINNER_LEGACY);
	arg.vaddr = stuck;
	arg.size = page_size();
	arg.flags = CMA_BULK_PINNER_MAP_DMA;
	ret = pinner_map(other, &arg);
	if (ret)
		bail("legacy pin", ret);

	pinner_arg(&arg, live, CMA_BULK_PINNER_LONGTERM);
	ktap_errno("a page that is stuck: EBUSY", pinner_map(fd, &arg), -EBUSY);
	ktap_ok(arg.failure == CMA_BULK_PINNER_FAIL_PERMANENT &&
		arg.failed_vaddr == stuck, "which is permanent, and that page");
	ktap_errno("nothing is pinned", pinner_query(fd, arg.iova, &q),
		   -ENOENT);
	close(other);
	close(fd);
}

void scenario_longterm(const struct region *region, const char *arg)
{
	struct live live;

	(void)arg;
	live_init(&live, region, INSIDE);
	live_unsoak(&live);
	pinned_outside(region, &live);
	live_free(&live);

	live_init(&live, region, 16);
	live_unsoak(&live);
	honest_failure(&live);
	live_free(&live);
	region_check_whole(region, "the region can be had whole again");
}
