// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which users of a region are remembered. Probes are registered only while some
 * region wants what they tell.
 */
#include <linux/list.h>
#include <linux/mutex.h>

#include "owners.h"
#include "ownermap.h"
#include "pins.h"
#include "region.h"
#include "track.h"
#include "track_cma.h"
#include "track_pins.h"

static DEFINE_MUTEX(lock);	/* running, and the words of all regions */
static unsigned int running;	/* CB_TRACK_*: these probes are registered */

static unsigned int wanted(void)
{
	struct cma_bulk_region *region;
	unsigned int words = 0;

	list_for_each_entry(region, &cb_regions, list)
		words |= region->track;
	return words;
}

/* Start what of @words does not run yet. */
static int start(unsigned int words)
{
	int ret;

	if (words & ~running & CB_TRACK_CMA) {
		ret = cb_track_cma_start();
		if (ret)
			return ret;
		running |= CB_TRACK_CMA;
	}
	if (words & ~running & CB_TRACK_PINS) {
		ret = cb_track_pins_start();
		if (ret)
			return ret;
		running |= CB_TRACK_PINS;
	}
	return 0;
}

/* Stop what no region wants. */
static void stop_unwanted(void)
{
	unsigned int unwanted = running & ~wanted();

	if (unwanted & CB_TRACK_CMA)
		cb_track_cma_stop();
	if (unwanted & CB_TRACK_PINS)
		cb_track_pins_stop();
	running &= ~unwanted;
}

/* What is no longer told becomes untrue. */
static void forget(struct cma_bulk_region *region, unsigned int words)
{
	if (words & CB_TRACK_CMA)
		cb_owners_forget(region, CB_OWNER_CMA);
	if (words & CB_TRACK_PINS)
		cb_pins_disable(region);
}

/**
 * cb_track_set() - choose which users of a region are remembered
 * @region: the region
 * @words: CB_TRACK_*; 0 for none
 *
 * Context: sleeps.
 *
 * Return: 0; -ENOMEM; -EOPNOTSUPP if this kernel does not tell it. After an error
 * nothing has changed.
 */
int cb_track_set(struct cma_bulk_region *region, unsigned int words)
{
	unsigned int before;
	int ret = 0;

	mutex_lock(&lock);
	before = region->track;
	if (words & ~before & CB_TRACK_PINS)
		ret = cb_pins_enable(region);
	if (!ret)
		ret = start(words);
	if (ret)
		words = before;
	WRITE_ONCE(region->track, words);
	stop_unwanted();
	/* Other regions may want what this one does not. */
	if (before & ~words & running & CB_TRACK_CMA)
		cb_track_cma_wait();
	forget(region, (before | (ret ? CB_TRACK_PINS : 0)) & ~words);
	mutex_unlock(&lock);
	return ret;
}

/**
 * cb_track_init() - at load: remember who calls cma_alloc(), if the kernel tells it
 *
 * Context: module init; may sleep. There are no files yet.
 *
 * Return: 0; -ENOMEM. That the kernel does not tell it is no error.
 */
int cb_track_init(void)
{
	struct cma_bulk_region *region;
	int ret = 0;

	cb_track_cma_init();
	list_for_each_entry(region, &cb_regions, list)
		ret = ret ?: cb_track_set(region, CB_TRACK_CMA);
	return ret == -ENOMEM ? ret : 0;
}

/**
 * cb_track_exit() - at unload
 *
 * Context: sleeps until no probe is at work any more. There are no files any more.
 */
void cb_track_exit(void)
{
	struct cma_bulk_region *region;

	list_for_each_entry(region, &cb_regions, list)
		cb_track_set(region, 0);
}

/**
 * cb_track_dropped() - how much could not be remembered?
 * @region: the region
 *
 * Context: any.
 *
 * Return: pages and requests, and calls that probes have missed, in any region,
 * since load or since the last cb_track_reset().
 */
unsigned long cb_track_dropped(struct cma_bulk_region *region)
{
	return atomic_long_read(&region->owners->dropped) +
	       cb_track_pins_missed() - region->track_missed;
}

/**
 * cb_track_reset() - begin to count anew
 * @region: the region
 *
 * Context: any.
 */
void cb_track_reset(struct cma_bulk_region *region)
{
	atomic_long_set(&region->owners->dropped, 0);
	region->track_missed = cb_track_pins_missed();
}
