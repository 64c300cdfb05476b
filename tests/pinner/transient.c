// SPDX-License-Identifier: GPL-2.0-only
/*
 * transient: the windows of fork, exit and I/O in which a page has a reference
 * more than it has mappings. It may be moved or freed whenever it has none of
 * ours, so it is looked up again each time, as those do.
 */
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "pinner.h"
#include "compat/pinner_compat.h"

/* Someone's movable page that lies where ours did, if there is one. */
static struct page *page_at(unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);

	/* Others' pages in the region are off the LRU: do not touch those. */
	if (!cbp_lru_flag(page) || !cbp_try_get(page))
		return NULL;
	if (cbp_on_lru(page))
		return page;
	put_page(page);
	return NULL;
}

static struct page *get_placed(void *owner, unsigned long i)
{
	struct pinner_pin *pin = owner;
	struct page *page = pinner_cache_get(pin, i);

	if (page && pinner_range_has(&pin->range, page_to_pfn(page)))
		return page;
	if (page)
		put_page(page);
	return page_at(pin->home[i]);
}

/*
 * Moved out of the region: after a while a new page goes where it was, or the
 * pin would be over after the first allocation that got through. One at a time
 * is enough; each keeps a pageblock isolated for a moment.
 */
static void replace_missed(void *owner, unsigned long i)
{
	struct pinner_pin *pin = owner;
	unsigned long wait = msecs_to_jiffies(pin->req.refill_ms);
	unsigned long next = READ_ONCE(pin->next_refill);

	if (!wait || time_before(jiffies, next))
		return;
	if (cmpxchg(&pin->next_refill, next, jiffies + wait / pin->nr + 1) !=
	    next)
		return;
	if (pinner_replace(pin, i))
		pinner_count(PINNER_TRANSIENT_REFILLS, 1);
}

static const struct pinner_engine_ops placed_ops = {
	.get = get_placed,
	.missed = replace_missed,
};

static int transient_pin(struct pinner_pin *pin)
{
	const struct pinner_request *req = &pin->req;
	struct pinner_engine *engine;

	pin->next_refill = jiffies;
	pinner_drop_held(pin);
	engine = pinner_engine_start(&placed_ops, pin, pin->nr, req->hold_ms,
				     req->jitter_ms, req->seed);
	if (IS_ERR(engine))
		return PTR_ERR(engine);
	pin->engine = engine;
	return 0;
}

static void transient_unpin(struct pinner_pin *pin)
{
	pinner_engine_stop(pin->engine);
}

/**
 * struct user_pages - pages of a process that are referenced now and then
 * @map: the mapping
 * @mm: of the process, may outlive it; all is constant
 * @engine: what does it
 */
struct user_pages {
	struct pinner_map *map;
	struct mm_struct *mm;
	struct pinner_engine *engine;
};

static struct page *get_users(void *owner, unsigned long i)
{
	struct user_pages *user = owner;
	unsigned long addr = user->map->vaddr + (i << PAGE_SHIFT);
	struct page *page = NULL;

	/* The process may be gone while someone else still has the file. */
	if (!mmget_not_zero(user->mm))
		return NULL;
	kthread_use_mm(user->mm);
	if (get_user_pages_fast(addr, 1, pinner_map_gup(user->map), &page) != 1)
		page = NULL;
	kthread_unuse_mm(user->mm);
	mmput(user->mm);
	return page;
}

static const struct pinner_engine_ops user_ops = {
	.get = get_users,
};

static void transient_unmap(struct pinner_map *map)
{
	struct user_pages *user = map->data;

	pinner_engine_stop(user->engine);
	mmdrop(user->mm);
	kfree(user);
}

static int transient_map(struct pinner_map *map,
			 struct cma_bulk_pinner_map *arg)
{
	struct user_pages *user = kzalloc(sizeof(*user), GFP_KERNEL);
	struct pinner_engine *engine;

	if (!user)
		return -ENOMEM;
	user->map = map;
	user->mm = current->mm;
	mmgrab(user->mm);
	engine = pinner_engine_start(&user_ops, user, map->nr, arg->hold_ms,
				     arg->jitter_ms, arg->seed);
	if (IS_ERR(engine)) {
		mmdrop(user->mm);
		kfree(user);
		return PTR_ERR(engine);
	}
	user->engine = engine;
	map->data = user;
	return 0;
}

/* Never the same for long, and looking would be one more reference. */
static unsigned long transient_pfn(struct pinner_map *map, unsigned long i)
{
	return 0;
}

static void transient_query(struct pinner_map *map,
			    struct cma_bulk_pinner_query *q)
{
	struct user_pages *user = map->data;

	pinner_engine_count(user->engine, &q->references, &q->misses);
}

const struct pinner_mode pinner_transient = {
	.name = "transient",
	.id = CMA_BULK_PINNER_TRANSIENT,
	.pin = transient_pin,
	.unpin = transient_unpin,
	.map = transient_map,
	.unmap = transient_unmap,
	.pfn = transient_pfn,
	.query = transient_query,
};
