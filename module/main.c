// SPDX-License-Identifier: GPL-2.0-only
/* The order in which the layers are set up, and taken down again. */
#include <linux/module.h>

#include "../debugfs/debugfs.h"
#include "batch.h"
#include "blocked.h"
#include "claims.h"
#include "compat/symbols.h"
#include "gate.h"
#include "heap.h"
#include "heap_knobs.h"
#include "hints.h"
#include "owners.h"
#include "pages.h"
#include "pool.h"
#include "queue.h"
#include "refill.h"
#include "region.h"
#include "release.h"
#include "shrink.h"
#include "skipped.h"
#include "sources.h"
#include "stats.h"
#include "sysfs.h"
#include "team.h"
#include "track.h"
#include "units.h"

/* What each region needs, the lowest layer first. */
static const struct {
	int (*init)(struct cma_bulk_region *region);
	void (*exit)(struct cma_bulk_region *region);
} layers[] = {
	{ cb_stats_init, cb_stats_exit },
	{ cb_pages_init, cb_pages_exit },
	{ cb_owners_init, cb_owners_exit },
	{ cb_hints_init, cb_hints_exit },
	{ cb_release_init, cb_release_exit },
	{ cb_queue_init, cb_queue_exit },
	{ cb_blocked_init, cb_blocked_exit },
	{ cb_gate_init, cb_gate_exit },
	{ cb_pool_init, cb_pool_exit },
	{ cb_refill_init, cb_refill_exit },
	{ cb_batches_init, cb_batches_exit },
	{ cb_heap_knobs_init, cb_heap_knobs_exit },
	{ cb_heap_init, cb_heap_exit },
};

static int __init regions_init(void)
{
	struct cma_bulk_region *region;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(layers); i++)
		list_for_each_entry(region, &cb_regions, list)
			ret = ret ?: layers[i].init(region);
	return ret;
}

/* Each undoes its init, whether that was complete, failed or did not run. */
static void regions_exit(void)
{
	struct cma_bulk_region *region;
	unsigned int i;

	for (i = ARRAY_SIZE(layers); i--;)
		list_for_each_entry(region, &cb_regions, list)
			layers[i].exit(region);
	cb_regions_free();
}

/* Undoes cma_bulk_init(), complete or not. */
static void take_down(void)
{
	cb_heaps_remove();
	/* Both wait until no task is inside of a file. */
	cb_debugfs_exit();
	cb_sysfs_exit();
	cb_shrink_exit();
	cb_track_exit();
	regions_exit();
	cb_claims_teardown();
	cb_units_exit();
	cb_skipped_free();
	cb_team_exit();
}

static int __init cma_bulk_init(void)
{
	int ret;

	cb_symbols_init();
	ret = cb_team_init() ?: cb_sources_init() ?: cb_units_init() ?:
	      cb_claims_setup() ?: regions_init() ?: cb_track_init() ?:
	      cb_shrink_init() ?:
	      cb_sysfs_init() ?: cb_debugfs_init();
	if (ret)
		take_down();
	else
		cb_heaps_add();
	return ret;
}

static void __exit cma_bulk_exit(void)
{
	take_down();
}

module_init(cma_bulk_init);
module_exit(cma_bulk_exit);

MODULE_DESCRIPTION("Thousands of high-order pages at once from CMA regions");
MODULE_AUTHOR("The cma_bulk authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(CMA_BULK_VERSION);
