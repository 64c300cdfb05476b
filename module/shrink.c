// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/mm.h>

#include "compat/shrinker.h"
#include "floor.h"
#include "gate.h"
#include "pool.h"
#include "region.h"
#include "shrink.h"

static struct shrinker *shrinker;

/**
 * cb_pool_shrink() - memory is short: give chunks back, and take none for a while
 * @region: the region
 * @nr: how many at most
 *
 * Context: as cb_pool_give_back().
 *
 * Return: how many pages went back.
 */
u64 cb_pool_shrink(struct cma_bulk_region *region, size_t nr)
{
	if (!cb_pool_chunks(region))
		return 0;
	cb_gate_close(region);
	return cb_pool_give_back(region, nr);
}

static unsigned long pages_of(const struct cma_bulk_region *region)
{
	return cb_pool_chunks(region) << cb_pool_order(region);
}

static unsigned long count(struct shrinker *s, struct shrink_control *sc)
{
	const struct cma_bulk_region *region;
	unsigned long pages = 0;

	list_for_each_entry(region, &cb_regions, list)
		pages += pages_of(region);
	return pages ?: SHRINK_EMPTY;
}

/* Give back as many pages, rounded up to chunks; all if there is little else. */
static unsigned long scan(struct shrinker *s, struct shrink_control *sc)
{
	struct cma_bulk_region *region;
	unsigned long freed = 0, left;
	bool short_of = !cb_floor_spare();

	list_for_each_entry(region, &cb_regions, list) {
		if (freed >= sc->nr_to_scan && !short_of)
			break;
		left = sc->nr_to_scan - min(freed + 1, sc->nr_to_scan);
		freed += cb_pool_shrink(region, short_of ? SIZE_MAX :
					   (left >> cb_pool_order(region)) + 1);
	}
	return freed ?: SHRINK_STOP;
}

/**
 * cb_shrink_init() - at load: let the kernel ask for what is in the pools
 *
 * Context: may sleep; the pools of all regions are there.
 *
 * Return: 0 or -ENOMEM; undone by cb_shrink_exit().
 */
int cb_shrink_init(void)
{
	shrinker = cb_shrinker_begin(count, scan);
	return shrinker ? 0 : -ENOMEM;
}

/**
 * cb_shrink_exit() - at unload, also if init has failed or did not run
 *
 * Context: sleeps until the kernel does not ask any more.
 */
void cb_shrink_exit(void)
{
	cb_shrinker_end(shrinker);
	shrinker = NULL;
}
