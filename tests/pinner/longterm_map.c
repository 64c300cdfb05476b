// SPDX-License-Identifier: GPL-2.0-only
/* longterm: pin a user's memory, every page of it outside of CMA. */
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "pinner.h"
#include "compat/pinner_compat.h"

/* Pages a call; one by one around a page that makes trouble. */
#define GUP_BATCH	256UL

static unsigned long next_addr(const struct pinner_map *map)
{
	return map->vaddr + (map->nr_pinned << PAGE_SHIFT);
}

static unsigned long outside_cma(struct page **pages, unsigned long nr)
{
	unsigned long i;

	for (i = 0; i < nr; i++)
		if (cbp_in_cma(page_to_pfn(pages[i])))
			break;
	return i;
}

/*
 * A page in CMA that belongs to no process and no file cannot be isolated, and
 * kernels from 5.17 on try that until they succeed or the task is killed. So
 * it must not get that far.
 */
static bool hopeless(struct pinner_map *map, unsigned long nr)
{
	struct page **pages = map->pages + map->nr_pinned;
	int i, got;
	bool found = false;

	got = get_user_pages_fast(next_addr(map), nr, pinner_map_gup(map),
				  pages);
	for (i = 0; i < got; i++) {
		if (cbp_in_cma(page_to_pfn(pages[i])) && !cbp_owned(pages[i]))
			found = true;
		put_page(pages[i]);
	}
	return found;
}

/*
 * Always for writing, unless the mapping is read only: a read fault would give
 * the zero page, which nobody can isolate. 5.10 pins a page that it could not
 * move; it is given back here.
 *
 * Return: how many pages were pinned, all of them outside of CMA; 0 if the
 * first is inside; or a negative errno.
 */
static int pin_some(struct pinner_map *map, unsigned long nr)
{
	struct page **pages = map->pages + map->nr_pinned;
	unsigned long good;
	int got;

	if (hopeless(map, nr))
		return 0;
	got = pin_user_pages_fast(next_addr(map), nr,
				  pinner_map_gup(map) | FOLL_LONGTERM, pages);
	if (got < 0)
		return got;
	if (!got)
		return -EFAULT;
	good = outside_cma(pages, got);
	if (good < got) {
		pinner_count(PINNER_LONGTERM_IN_CMA, got - good);
		unpin_user_pages(pages + good, got - good);
	}
	pinner_count(PINNER_LONGTERM_PAGES, good);
	return good;
}

/* What pin_user_pages() says when a page could not be moved, or not yet. */
static bool may_be_in_cma(int err)
{
	return !err || err == -EAGAIN || err == -EBUSY || err == -ENOMEM;
}

/* The next page could not be pinned because of @err: look why, and wait. */
static int again(struct pinner_map *map, int err, struct pinner_retry *retry)
{
	struct page *page;
	int ret;

	if (fatal_signal_pending(current))
		return -EINTR;
	if (!may_be_in_cma(err))
		return err;
	ret = get_user_pages_fast(next_addr(map), 1, pinner_map_gup(map),
				  &page);
	if (ret != 1)
		return ret < 0 ? ret : -EFAULT;
	if (cbp_in_cma(page_to_pfn(page)))
		ret = pinner_retry_again(retry, page, 1);
	else
		ret = pinner_retry_memory(retry);
	put_page(page);
	return ret;
}

static int pin_all(struct pinner_map *map, struct cma_bulk_pinner_map *arg)
{
	struct pinner_retry retry;
	unsigned long batch = GUP_BATCH;
	int got, ret = 0;

	pinner_retry_init(&retry);
	while (map->nr_pinned < map->nr && !ret) {
		if (fatal_signal_pending(current))
			return -EINTR;
		got = pin_some(map, min(map->nr - map->nr_pinned, batch));
		if (got > 0) {
			map->nr_pinned += got;
			batch = min(batch * 2, GUP_BATCH);
			/* The limits are a page's, the counts are the call's. */
			pinner_retry_init(&retry);
		} else if (batch > 1) {
			batch = 1;
		} else {
			unsigned int migrate = retry.migrate;
			unsigned int isolate = retry.isolate;

			ret = again(map, got, &retry);
			arg->migrate_retries += retry.migrate - migrate;
			arg->isolate_retries += retry.isolate - isolate;
		}
		cond_resched();
	}
	return ret;
}

static u32 failure_kind(int err)
{
	if (err == -EAGAIN || err == -ENOMEM || err == -EINTR)
		return CMA_BULK_PINNER_FAIL_PASSING;
	return CMA_BULK_PINNER_FAIL_PERMANENT;
}

/**
 * pinner_longterm_map() - pin a user's memory outside of CMA
 * @map: what
 * @arg: gets the counts of retries, and what failed
 *
 * Context: process context of the user; sleeps for long, killable.
 * Return: 0 with every page pinned, or a negative errno with none.
 */
int pinner_longterm_map(struct pinner_map *map,
			struct cma_bulk_pinner_map *arg)
{
	int ret;

	map->pages = kvcalloc(map->nr, sizeof(*map->pages), GFP_KERNEL);
	if (!map->pages)
		return -ENOMEM;
	ret = pin_all(map, arg);
	if (!ret)
		return 0;
	arg->failed_vaddr = next_addr(map);
	arg->failure = failure_kind(ret);
	pinner_count(arg->failure == CMA_BULK_PINNER_FAIL_PASSING ?
		     PINNER_FAIL_PASSING : PINNER_FAIL_PERMANENT, 1);
	pinner_map_release_pages(map, true);
	return ret;
}
