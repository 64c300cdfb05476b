// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page that makes room in a region needs another one. It may come from
 * outside of CMA, where the kernel's own memory has to live, too: a request that
 * used up all of that would end in the OOM killer, or worse, without ever being
 * refused itself.
 */
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/spinlock.h>
#include <linux/vmstat.h>

#include "floor.h"

/* What "automatic" leaves beside the high watermarks. */
#define CB_FLOOR_MORE	(SZ_8M >> PAGE_SHIFT)

/*
 * What each CPU's list of free pages may take out of the zone at a time, since
 * 6.7 (c0a242394cb9 "mm, page_alloc: scale the number of pages that are batch
 * allocated"): the batch of 63, doubled up to 5 times. Nobody but that CPU can
 * allocate these, and the watermarks do not count them.
 */
#define CB_CPU_LIST	2016

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
		return high_watermarks() + CB_FLOOR_MORE +
		       min_t(unsigned long, num_online_cpus() * CB_CPU_LIST,
			     totalram_pages() / 16);
	return min_t(u64, (u64)floor_mb << (20 - PAGE_SHIFT), LONG_MAX);
}

/* Pages that calls under way may migrate. */
static unsigned long promised;

/*
 * Protects promised. A leaf: nothing is taken under it. Several threads and
 * requests would otherwise all see the same free memory, and each use it up.
 */
static DEFINE_SPINLOCK(promise_lock);

/* What may be used up, less what is promised. */
static unsigned long room(unsigned long floor)
{
	unsigned long free = global_zone_page_state(NR_FREE_PAGES);
	unsigned long taken = global_zone_page_state(NR_FREE_CMA_PAGES);

	if (!floor)
		return ULONG_MAX;
	taken += floor + READ_ONCE(promised);
	return free > taken ? free - taken : 0;
}

static bool promise(unsigned long floor, unsigned long pages)
{
	bool fits;

	spin_lock(&promise_lock);
	fits = pages <= room(floor);
	if (fits)
		WRITE_ONCE(promised, promised + pages);
	spin_unlock(&promise_lock);
	return fits;
}

/* Pages of files, most of which the kernel could drop. */
static unsigned long cache(void)
{
	return global_node_page_state(NR_INACTIVE_FILE) +
	       global_node_page_state(NR_ACTIVE_FILE);
}

/*
 * Free memory is short on every system that has run for a while, since page
 * cache fills it. So allocate what is missing, which makes the kernel reclaim,
 * and give it back. Such an allocation is never served from CMA, and without
 * retries it fails rather than end in the OOM killer.
 *
 * It pays only where there is cache. Elsewhere it would move free memory into
 * the CPUs' lists, and the kernel empties these on its way to the OOM killer
 * only after reclaim has found something (__alloc_pages_direct_reclaim()).
 */
static void make_room(unsigned long floor, unsigned long pages)
{
	const gfp_t gfp = GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN;
	unsigned long there = room(floor), n;
	struct page *page, *next;
	LIST_HEAD(list);

	n = there < pages ? pages - there : 0;
	if (cache() < n)
		return;
	n = min_t(unsigned long, n, CB_ROOM_PIECE);
	while (n--) {
		page = alloc_page(gfp);
		if (!page)
			break;
		list_add(&page->lru, &list);
		cond_resched();
	}
	list_for_each_entry_safe(page, next, &list, lru)
		__free_page(page);
}

/**
 * cb_floor_begin() - may pages be migrated now?
 * @floor: pages that must stay free outside of CMA; 0 for none
 * @pages: how many are going to be migrated
 * @may_wait: whether the kernel may be asked to reclaim first
 *
 * Context: sleeps, and enters reclaim, if @may_wait.
 *
 * Return: true if there is memory for them, and enough is left then; they count
 * as used until cb_floor_end().
 */
bool cb_floor_begin(unsigned long floor, unsigned long pages, bool may_wait)
{
	if (!pages || promise(floor, pages))
		return true;
	if (!may_wait)
		return false;
	make_room(floor, pages);
	return promise(floor, pages);
}

/**
 * cb_floor_end() - the call is over, and what it migrated is in use
 * @pages: as given to cb_floor_begin()
 *
 * Context: any but interrupts.
 */
void cb_floor_end(unsigned long pages)
{
	if (!pages)
		return;
	spin_lock(&promise_lock);
	WRITE_ONCE(promised, promised - pages);
	spin_unlock(&promise_lock);
}

/**
 * cb_floor_spare() - how much memory is there beyond what must stay free?
 *
 * Memory that is only full of page cache is spare. What is free in CMA areas is
 * not: the kernel's own memory cannot live there.
 *
 * Context: any.
 *
 * Return: pages outside of CMA, above the floor; 0 if memory is short.
 */
unsigned long cb_floor_spare(void)
{
	unsigned long have = global_zone_page_state(NR_FREE_PAGES) + cache();
	unsigned long other = global_zone_page_state(NR_FREE_CMA_PAGES) +
			      cb_floor_pages(-1);

	return have > other ? have - other : 0;
}
