/* SPDX-License-Identifier: GPL-2.0-only */
/* Sums since load, of one region or of all of them. */
#ifndef CMA_BULK_TOOL_STATS_H
#define CMA_BULK_TOOL_STATS_H

#include "region.h"

struct region_stats {
	const struct region *r;
	/* Of debugfs, or the few that sysfs has. */
	struct pairs stats;
	/* What is in sysfs. */
	struct pairs sysfs;
};

void stats_load(struct region_stats *s, const struct region *r);
/* The text format of Prometheus. */
void stats_prometheus(const struct region_stats *s, size_t nr);

#endif
