// SPDX-License-Identifier: GPL-2.0-only
/* transient: short references to pages in the region while bulk takes it. */
#include <errno.h>
#include <unistd.h>

#include "harness.h"

#define INSIDE	1024
#define RUNS	100
/* Enough for some thousand references a second, too few to fill the CPUs. */
#define WATCHED	128

struct tally {
	unsigned int full;
	unsigned int partial;
	unsigned int odd;
};

/* What is missing must be reported, and nothing else may be. */
static void take_once(const struct region *region, size_t slots,
		      struct tally *tally)
{
	int ret = region_alloc_slots(region, 4, slots);
	long long got = region_last(region, "allocated");

	if (region_last(region, "ret") != ret)
		tally->odd++;
	else if (!ret && got == (long long)slots)
		tally->full++;
	else if (ret == -EBUSY && got < (long long)slots)
		tally->partial++;
	else
		tally->odd++;
	region_free_all(region);
}

void scenario_transient(const struct region *region, const char *arg)
{
	size_t slots = region_slots(region, 4);
	struct cma_bulk_pinner_query q = { 0 };
	struct cma_bulk_pinner_map map;
	struct tally tally = { 0 };
	int fd = pinner_open(), runs = often(RUNS), i;
	struct live live;

	(void)arg;
	live_init(&live, region, INSIDE);
	pinner_arg(&map, &live, CMA_BULK_PINNER_TRANSIENT);
	map.size = WATCHED * page_size();
	map.hold_ms = 10;
	map.jitter_ms = 8;
	ktap_errno("a device that references it now and then",
		   pinner_map(fd, &map), 0);
	for (i = 0; i < runs; i++) {
		/* What a run moved away comes back with new pages. */
		live_renew(&live, 0, WATCHED);
		take_once(region, slots, &tally);
	}
	if (pinner_query(fd, map.iova, &q))
		bail("query", EIO);
	ktap_diag("%u full, %u partial, %llu references in %llu ms", tally.full,
		  tally.partial, q.references, q.age_ms);
	ktap_ok(q.references >= q.age_ms, "at least 1,000 references a second");
	ktap_same("each request got all, or said EBUSY", tally.odd, 0);
	ktap_same("the content is as written", live_damaged(&live), 0);
	ktap_errno("unpinned", pinner_unmap(fd, map.iova, map.size), 0);
	close(fd);
	live_free(&live);
	region_check_whole(region, "no page is lost");
}
