// SPDX-License-Identifier: GPL-2.0-only
/*
 * longterm: vfio of today. The page is moved out of CMA before it is pinned,
 * and one that could not be moved is not pinned. Here for pages that debugfs
 * placed in a region; longterm_map.c does it for a user's memory.
 */
#include <linux/sched/signal.h>

#include "pinner.h"
#include "compat/pinner_compat.h"

/* Have the kernel move whatever lies on a page to somewhere outside of CMA. */
static int move_out(unsigned long pfn)
{
	unsigned int flags = cbp_nocma_save();
	int ret = pinner_take(pfn, 1, true);

	cbp_nocma_restore(flags);
	if (!ret)
		put_page(pfn_to_page(pfn));
	return ret;
}

/*
 * The reference keeps the page where it is, so what is seen after it was taken
 * stays true.
 */
static bool pin_outside(struct pinner_pin *pin, unsigned long i,
			struct page *page)
{
	if (cbp_in_cma(page_to_pfn(page)))
		return false;
	pinner_hold_dma(page);
	pin->held[i] = page;
	pinner_count(PINNER_LONGTERM_PAGES, 1);
	return true;
}

static int try_move(struct pinner_pin *pin, unsigned long i,
		    struct page *page, struct pinner_retry *retry)
{
	unsigned long pfn = page_to_pfn(page);
	int ret;

	/* Ours would be one reference too many. The file keeps the page. */
	put_page(page);
	ret = move_out(pfn);
	if (!ret)
		pinner_count(PINNER_LONGTERM_MOVED, 1);
	if (ret == -ENOMEM)
		return pinner_retry_memory(retry);
	if (ret != -EBUSY)
		return ret;
	page = pinner_cache_get(pin, i);
	if (!page)
		return -EBUSY;
	ret = pinner_retry_again(retry, page, 1);
	put_page(page);
	return ret;
}

static int pin_one(struct pinner_pin *pin, unsigned long i)
{
	struct pinner_retry retry;
	struct page *page;
	int ret;

	pinner_retry_init(&retry);
	do {
		if (fatal_signal_pending(current))
			return -EINTR;
		page = pinner_cache_get(pin, i);
		if (!page)
			return -EBUSY;
		if (pin_outside(pin, i, page))
			return 0;
		ret = try_move(pin, i, page, &retry);
	} while (!ret);
	return ret;
}

static void longterm_unpin(struct pinner_pin *pin)
{
	unsigned long i;

	for (i = 0; i < pin->nr; i++) {
		if (pin->held[i])
			pinner_drop_dma(pin->held[i]);
		pin->held[i] = NULL;
	}
}

static int longterm_pin(struct pinner_pin *pin)
{
	unsigned long i;
	int ret = 0;

	pinner_drop_held(pin);
	for (i = 0; i < pin->nr && !ret; i++)
		ret = pin_one(pin, i);
	if (!ret)
		return 0;
	pinner_count(ret == -EBUSY ? PINNER_FAIL_PERMANENT :
				     PINNER_FAIL_PASSING, 1);
	longterm_unpin(pin);
	return ret;
}

static void longterm_unmap(struct pinner_map *map)
{
	pinner_map_release_pages(map, true);
}

static unsigned long longterm_pfn(struct pinner_map *map, unsigned long i)
{
	return page_to_pfn(map->pages[i]);
}

const struct pinner_mode pinner_longterm = {
	.name = "longterm",
	.id = CMA_BULK_PINNER_LONGTERM,
	.pin = longterm_pin,
	.unpin = longterm_unpin,
	.map = pinner_longterm_map,
	.unmap = longterm_unmap,
	.pfn = longterm_pfn,
};
