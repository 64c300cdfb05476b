// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver gives chunks back from its shrinker, while a process takes all memory
 * there is, and requests work on the same memory: some of them enter reclaim
 * themselves, in a call of the kernel for the very pageblock that the driver
 * frees to. The driver is cma_bulk_apitest.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

#include "harness.h"

#define SHRINK	"/sys/kernel/debug/cma_bulk_apitest/shrink"
#define ROUNDS	3

struct shrink {
	const struct region *region;
	unsigned int killed;
	unsigned int got;
	unsigned int odd;
	long long migrated;
};

static void note(struct shrink *s, const char *what, int ret)
{
	if (!ret || ret == -ENOMEM || ret == -EBUSY)
		return;
	if (!s->odd++)
		ktap_diag("%s: %s", what, err_name(ret));
}

static void one_turn(void *arg, unsigned int i)
{
	struct shrink *s = arg;
	size_t slots = s->region->pages >> 4;
	char text[128];
	int ret;

	/* A quarter of the region, or as much of it as there is. */
	snprintf(text, sizeof(text), "%llu",
		 (unsigned long long)s->region->pages / 16);
	note(s, "the driver", file_write(SHRINK, text));
	snprintf(text, sizeof(text),
		 "order=4 count=%zu workers=%u retries=1 retry_delay_ms=1",
		 slots / (1 + i % 4), i % 3);
	ret = region_alloc(s->region, text);
	note(s, text, ret);
	s->got += region_last(s->region, "allocated") > 0;
	s->migrated += region_last(s->region, "pages_migrated");
	if (i % 4 == 3)
		note(s, "drop_caches", file_write("/proc/sys/vm/drop_caches", "2"));
	region_free_all(s->region);
}

void scenario_shrink(const struct region *region, const char *arg)
{
	struct shrink s = { .region = region };
	unsigned int i;
	int ret;

	(void)arg;
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		bail("mlockall", errno);
	for (i = 0; i < ROUNDS; i++)
		s.killed += beside_hog(one_turn, &s);
	ktap_diag("%lld chunks given back in %lld calls of the shrinker, %lld pages migrated",
		  file_key(SHRINK, "shrunk"), file_key(SHRINK, "scans"),
		  s.migrated);
	ktap_same("out of memory, and the hog is killed", s.killed, ROUNDS);
	ktap_same("requests that ended otherwise than by success, ENOMEM, EBUSY",
		  s.odd, 0);
	ktap_ok(file_key(SHRINK, "shrunk") > 0, "the shrinker gave chunks back");
	ktap_ok(s.got > 0, "requests got some");
	ret = file_write(SHRINK, "0");
	if (ret)
		bail(SHRINK, ret);
	ktap_same("the driver has none any more", file_key(SHRINK, "has"), 0);
	region_check_whole(region, "the region can be had whole");
}
