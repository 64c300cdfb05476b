// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who calls cma_alloc(), as the kernel's tracepoints tell it. Modules may not link
 * to these tracepoints, but find them by name.
 */
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "compat/cma_trace.h"
#include "ownermap.h"
#include "owners.h"
#include "region.h"
#include "track_cma.h"

static struct tracepoint *alloc_event, *release_event;

static struct cma_bulk_region *tracked_region(unsigned long pfn)
{
	struct cma_bulk_region *region = cb_region_of(pfn);

	if (region && READ_ONCE(region->track) & CB_TRACK_CMA)
		return region;
	return NULL;
}

static CB_CMA_ALLOC_PROBE(alloc_probe)
{
	struct cma_bulk_region *region = page ? tracked_region(pfn) : NULL;
	struct cb_asker asker;
	u16 id;

	if (!region || nr > region->nr_pages - (pfn - region->base_pfn))
		return;
	cb_asker_init(&asker, CB_OWNER_CMA);
	id = cb_owner_open(region, &asker);
	/* Also without a number: those of before have it no more. */
	cb_owners_set(region, pfn, nr, id);
	cb_owner_close(region, id);
}

static CB_CMA_RELEASE_PROBE(release_probe)
{
	struct cma_bulk_region *region = tracked_region(pfn);

	if (region && nr <= region->nr_pages - (pfn - region->base_pfn))
		cb_owners_released(region, pfn, nr);
}

#ifdef CONFIG_TRACEPOINTS
static void note_event(struct tracepoint *event, void *unused)
{
	if (!strcmp(event->name, CB_CMA_ALLOC_EVENT))
		alloc_event = event;
	else if (!strcmp(event->name, CB_CMA_RELEASE_EVENT))
		release_event = event;
}

/**
 * cb_track_cma_init() - at load: find the tracepoints
 *
 * Context: module init; may sleep.
 */
void cb_track_cma_init(void)
{
	cb_for_each_tracepoint(note_event);
}

/**
 * cb_track_cma_start() - begin to listen
 *
 * Context: may sleep; one at a time.
 *
 * Return: 0; -EOPNOTSUPP if the kernel does not have the tracepoints, or as
 * tracepoint_probe_register().
 */
int cb_track_cma_start(void)
{
	int ret;

	if (!alloc_event || !release_event)
		return -EOPNOTSUPP;
	ret = tracepoint_probe_register(release_event, release_probe, NULL);
	if (ret)
		return ret;
	ret = tracepoint_probe_register(alloc_event, alloc_probe, NULL);
	if (ret) {
		tracepoint_probe_unregister(release_event, release_probe, NULL);
		tracepoint_synchronize_unregister();
	}
	return ret;
}

/**
 * cb_track_cma_stop() - listen no more
 *
 * Context: sleeps until no probe is at work any more; after a start.
 */
void cb_track_cma_stop(void)
{
	tracepoint_probe_unregister(alloc_event, alloc_probe, NULL);
	tracepoint_probe_unregister(release_event, release_probe, NULL);
	tracepoint_synchronize_unregister();
}

/**
 * cb_track_cma_wait() - wait until the probes that are at work now have ended
 *
 * Context: sleeps.
 */
void cb_track_cma_wait(void)
{
	tracepoint_synchronize_unregister();
}
#else
/* Without tracepoints nothing calls them. */
void cb_track_cma_init(void)
{
	(void)alloc_probe;
	(void)release_probe;
}

int cb_track_cma_start(void)
{
	return -EOPNOTSUPP;
}

void cb_track_cma_stop(void)
{
}

void cb_track_cma_wait(void)
{
}
#endif

/**
 * cb_track_cma_state() - can it be told who calls cma_alloc(), and why not?
 *
 * Return: "yes", or "no" and why.
 */
const char *cb_track_cma_state(void)
{
	if (!IS_ENABLED(CONFIG_TRACEPOINTS))
		return "no (a kernel without CONFIG_TRACEPOINTS)";
	if (!cb_tracepoints_known())
		return "no (for_each_kernel_tracepoint() not found)";
	if (!alloc_event)
		return "no (the kernel has no tracepoint " CB_CMA_ALLOC_EVENT ")";
	if (!release_event)
		return "no (the kernel has no tracepoint " CB_CMA_RELEASE_EVENT ")";
	return "yes";
}
