// SPDX-License-Identifier: GPL-2.0-only
/* The module stays for as long as a file of its device is open. */
#include <errno.h>
#include <unistd.h>

#include "harness.h"

void scenario_busy(const struct region *region, const char *arg)
{
	struct cma_bulk_pinner_query q = { 0 };
	struct cma_bulk_pinner_map map;
	struct live live;
	int fd;

	(void)arg;
	live_init(&live, region, 256);
	live_unsoak(&live);
	fd = pinner_open();
	pinner_arg(&map, &live, CMA_BULK_PINNER_LEGACY);
	ktap_errno("pinned", pinner_map(fd, &map), 0);
	ktap_errno("unload while the file is open: EBUSY",
		   module_unload(PINNER), -EBUSY);
	ktap_errno("the file still works", pinner_query(fd, map.iova, &q), 0);
	ktap_same("and has its pins", q.pages, live.pages);
	close(fd);
	ktap_errno("unload after the last close", module_unload(PINNER), 0);
	ktap_same("the content is as before", live_damaged(&live), 0);
	live_free(&live);
	region_check_whole(region, "the pins are gone");
	ktap_errno("loads again", module_load(PINNER, NULL), 0);
}
