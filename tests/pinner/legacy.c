// SPDX-License-Identifier: GPL-2.0-only
/*
 * legacy: vfio before it learnt about CMA. One reference more on the page where
 * it happens to lie, and its pageblock is busy for as long as that lives.
 */
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "pinner.h"

/* Pages a call; between two of them a fatal signal is noticed. */
#define GUP_BATCH	256UL

static int legacy_pin(struct pinner_pin *pin)
{
	unsigned long i;

	/* The references with which the pages were placed are the pin. */
	if (pin->req.dma)
		for (i = 0; i < pin->nr; i++)
			pinner_hold_dma(pin->held[i]);
	return 0;
}

static void legacy_unpin(struct pinner_pin *pin)
{
	unsigned long i;

	if (!pin->req.dma) {
		pinner_drop_held(pin);
		return;
	}
	for (i = 0; i < pin->nr; i++)
		pinner_drop_dma(pin->held[i]);
}

static bool map_is_dma(const struct pinner_map *map)
{
	return map->flags & CMA_BULK_PINNER_MAP_DMA;
}

static int legacy_get(struct pinner_map *map)
{
	unsigned long addr = map->vaddr + (map->nr_pinned << PAGE_SHIFT);
	unsigned long nr = min(map->nr - map->nr_pinned, GUP_BATCH);
	struct page **pages = map->pages + map->nr_pinned;

	if (map_is_dma(map))
		return pin_user_pages_fast(addr, nr, pinner_map_gup(map), pages);
	return get_user_pages_fast(addr, nr, pinner_map_gup(map), pages);
}

static void legacy_unmap(struct pinner_map *map)
{
	pinner_map_release_pages(map, map_is_dma(map));
}

static int legacy_map(struct pinner_map *map, struct cma_bulk_pinner_map *arg)
{
	int got;

	map->pages = kvcalloc(map->nr, sizeof(*map->pages), GFP_KERNEL);
	if (!map->pages)
		return -ENOMEM;
	while (map->nr_pinned < map->nr) {
		got = fatal_signal_pending(current) ? -EINTR : legacy_get(map);
		if (got <= 0)
			goto unmap;
		map->nr_pinned += got;
		cond_resched();
	}
	return 0;

unmap:
	arg->failed_vaddr = map->vaddr + (map->nr_pinned << PAGE_SHIFT);
	arg->failure = got == -EINTR || got == -ENOMEM ?
		       CMA_BULK_PINNER_FAIL_PASSING :
		       CMA_BULK_PINNER_FAIL_PERMANENT;
	legacy_unmap(map);
	return got ? got : -EFAULT;
}

static unsigned long legacy_pfn(struct pinner_map *map, unsigned long i)
{
	return page_to_pfn(map->pages[i]);
}

const struct pinner_mode pinner_legacy = {
	.name = "legacy",
	.id = CMA_BULK_PINNER_LEGACY,
	.pin = legacy_pin,
	.unpin = legacy_unpin,
	.map = legacy_map,
	.unmap = legacy_unmap,
	.pfn = legacy_pfn,
};
