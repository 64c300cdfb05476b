// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page that makes room in a region needs another one. It may come from
 * outside of CMA, where the kernel's own memory has to live, too: a request that
 * used up all of that would end in the OOM killer, or worse, without ever being
 * refused itself.
 */
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/vmstat.h>

#include "floor.h"

/* What "automatic" leaves beside the high watermarks. */
#define CB_FLOOR_MORE	(SZ_8M >> PAGE_SHIFT)

/* The most that is asked of the kernel at once when room is made. */
#define CB_ROOM_PIECE	(SZ_4M >> PAGE_SHIFT)

/* What reclaim keeps free, over all zones. */
static unsigned long high_watermarks(void)
{
	unsigned long pages = 0;
	struct zone *zone;
	int node, i;

	for_each_online_node(node) {
		zone = NODE_DATA(node)->node_zones;
		for (i = 0; i < MAX_NR_ZONES; i++, zone++)
			pages += high_wmark_pages(zone);
	}
	return pages;
}

/**
 * cb_floor_pages() - how much must stay free outside of CMA
 * @floor_mb: in MiB; 0 for none, -1 to choose
 *
 * Context: any.
 *
 * Return: the floor in pages.
 */
unsigned long cb_floor_pages(s64 floor_mb)
{
	if (floor_mb < 0)
		return high_watermarks() + CB_FLOOR_MORE;
	return min_t(u64, (u64)floor_mb << (20 - PAGE_SHIFT), LONG_MAX);
}

/**
 * cb_floor_room() - how many pages may be migrated now
 * @floor: pages that must stay free outside of CMA; 0 for none
 *
 * Context: any; the answer is of this moment.
 *
 * Return: pages.
 */
unsigned long cb_floor_room(unsigned long floor)
{
	unsigned long free, cma;

	if (!floor)
		return ULONG_MAX;
	free = global_zone_page_state(NR_FREE_PAGES);
	cma = global_zone_page_state(NR_FREE_CMA_PAGES);
	free = free > cma ? free - cma : 0;
	return free > floor ? free - floor : 0;
}

/**
 * cb_floor_make_room() - ask the kernel to reclaim what it can
 * @floor: pages that must stay free outside of CMA
 * @pages: how many are wanted beside it
 *
 * Free memory is short on every system that has run for a while, since page
 * cache fills it. So allocate what is missing, which makes the kernel reclaim,
 * and give it back. Such an allocation is never served from CMA, and without
 * retries it fails rather than end in the OOM killer.
 *
 * Context: sleeps; enters reclaim.
 *
 * Return: as cb_floor_room(), after that.
 */
unsigned long cb_floor_make_room(unsigned long floor, unsigned long pages)
{
	const gfp_t gfp = GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN;
	unsigned long room = cb_floor_room(floor), n;
	struct page *page, *next;
	LIST_HEAD(list);

	n = room < pages ? min_t(unsigned long, pages - room, CB_ROOM_PIECE) : 0;
	while (n--) {
		page = alloc_page(gfp);
		if (!page)
			break;
		list_add(&page->lru, &list);
		cond_resched();
	}
	list_for_each_entry_safe(page, next, &list, lru)
		__free_page(page);
	return cb_floor_room(floor);
}
