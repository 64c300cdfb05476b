// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has pages of a region: first what was handed out, by this module and by
 * cma_alloc(), then the references that were taken to pages. What is remembered is
 * compared with the page before it is told, because not everything that ends is
 * told to this module.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "compat/page.h"
#include "core/classify.h"
#include "holders.h"
#include "ownermap.h"
#include "owners.h"
#include "pages.h"
#include "pins.h"
#include "region.h"
#include "sample.h"

/* References that one process has taken within this time are told together. */
#define SAME_NS		(100 * NSEC_PER_MSEC)

static void set_holder(struct cb_holder *h, const char *kind,
		       const struct cb_owner *owner, u64 when)
{
	h->kind = kind;
	h->known = owner->kind != CB_OWNER_NONE;
	if (!h->known)
		return;
	h->pid = owner->pid;
	memcpy(h->comm, owner->comm, sizeof(h->comm));
	h->age_ms = div_u64(ktime_get_mono_fast_ns() - when, NSEC_PER_MSEC);
	h->stack = owner->stack;
}

/*
 * Has a caller of cma_alloc() still got the page? That is bare then, unless it is
 * one of hugetlb, which takes memory of areas, too.
 */
static bool cma_holds(unsigned long pfn)
{
	struct cb_sample s;

	cb_page_sample(pfn, &s);
	if (s.flags & CB_S_HUGETLB)
		return true;
	return s.refs > 0 && !(s.flags & (CB_S_BUDDY | CB_S_LRU | CB_S_ANON |
					  CB_S_FILE | CB_S_SWAPCACHE |
					  CB_S_MOVABLE));
}

/* How many of @nr pages does cma_alloc()'s caller still have, from the first on? */
static unsigned long cma_run(struct cma_bulk_region *region, unsigned long pfn,
			     unsigned long nr)
{
	unsigned long n = 0;

	while (n < nr && cma_holds(pfn + n))
		n++;
	if (!n)
		cb_owners_clear(region, pfn, 1);
	return n;
}

/**
 * struct run - neighbouring pages that were handed out together
 * @nr: their number
 * @kind: as struct cb_holder has it; NULL if nobody has them
 * @owner: who has
 */
struct run {
	unsigned long nr;
	const char *kind;
	struct cb_owner owner;
};

/* The run at @pfn, of at most @nr pages. */
static void look(struct cma_bulk_region *region, unsigned long pfn,
		 unsigned long nr, struct run *run)
{
	enum cb_page_state state;
	enum cb_owner_kind kind;
	unsigned long n;

	run->kind = NULL;
	nr = cb_pages_alike(region, pfn, min(nr, CB_OWNERS_PIECE), &state);
	run->nr = cb_owners_alike(region, pfn, nr, &run->owner);
	kind = run->owner.kind;
	/* What is ours is told by its state; then who has asked for it. */
	switch (state) {
	case CB_PAGE_HELD:
		run->kind = "bulk";
		if (kind != CB_OWNER_BULK)
			run->owner.kind = CB_OWNER_NONE;
		break;
	case CB_PAGE_POOLED:
		run->kind = "pool";
		run->owner.kind = CB_OWNER_NONE;
		break;
	case CB_PAGE_NOT_OURS:
		if (kind != CB_OWNER_CMA)
			break;
		n = cma_run(region, pfn, run->nr);
		run->nr = n ?: 1;
		if (n)
			run->kind = "cma";
		break;
	default:
		break;
	}
}

static bool same_run(const struct run *a, const struct run *b)
{
	return a->kind == b->kind && a->owner.kind == b->owner.kind &&
	       a->owner.pid == b->owner.pid && a->owner.when == b->owner.when &&
	       a->owner.stack == b->owner.stack;
}

/* The next pages from @pos on that were handed out. */
static bool handed_out_from(struct cma_bulk_region *region, u64 pos,
			    struct cb_holder *h)
{
	unsigned long p = pos, end = region->nr_pages;
	struct run run, next;

	for (; p < end; p += run.nr) {
		look(region, region->base_pfn + p, end - p, &run);
		if (run.kind)
			break;
		cond_resched();
	}
	if (p >= end)
		return false;
	h->pfn = region->base_pfn + p;
	for (p += run.nr; p < end; p += next.nr, run.nr += next.nr) {
		look(region, region->base_pfn + p, end - p, &next);
		if (!next.kind || !same_run(&run, &next))
			break;
	}
	h->pages = run.nr;
	h->next = h->pfn + run.nr - region->base_pfn;
	set_holder(h, run.kind, &run.owner, run.owner.when);
	return true;
}

/* The pin of @pin that goes on with @of, or NULL. */
static const struct cb_pin *goes_on(const struct cb_pin *of,
				    const struct cb_pin *pin, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (pin[i].id == of->id &&
		    abs((s64)(pin[i].when - of->when)) < (s64)SAME_NS)
			return &pin[i];
	return NULL;
}

/* Pages from @pfn on with a reference like @of. */
static unsigned long pin_run(struct cma_bulk_region *region, unsigned long pfn,
			     const struct cb_pin *of)
{
	unsigned long end = region->base_pfn + region->nr_pages, first = pfn;
	struct cb_pin pin[CB_PINS_OF_PAGE];
	struct cb_pin before = *of;
	const struct cb_pin *next;

	while (++pfn < end) {
		next = goes_on(&before, pin, cb_pins_read(region, pfn, pin));
		if (!next)
			break;
		before = *next;
	}
	return pfn - first;
}

/* Was this pin told with the page before it? */
static bool was_told(struct cma_bulk_region *region, unsigned long pfn,
		     const struct cb_pin *pin)
{
	struct cb_pin before[CB_PINS_OF_PAGE];

	return pfn > region->base_pfn &&
	       goes_on(pin, before, cb_pins_read(region, pfn - 1, before));
}

/*
 * The next pages with a reference that was taken, from pin @i of page @p on, and of
 * the pages of the region then.
 */
static bool pinned_from(struct cma_bulk_region *region, unsigned long p,
			unsigned int i, struct cb_holder *h)
{
	struct cb_pin pin[CB_PINS_OF_PAGE];
	unsigned long pfn;
	unsigned int n;

	if (!cb_pins_any(region))
		return false;
	for (; p < region->nr_pages; p++, i = 0) {
		pfn = region->base_pfn + p;
		n = cb_pins_read(region, pfn, pin);
		while (i < n && was_told(region, pfn, &pin[i]))
			i++;
		if (i < n) {
			h->pfn = pfn;
			h->pages = pin_run(region, pfn, &pin[i]);
			h->next = region->nr_pages +
				  (u64)p * CB_PINS_OF_PAGE + i + 1;
			set_holder(h, "pin", &pin[i].owner, pin[i].when);
			return true;
		}
		if (p % 1024 == 0)
			cond_resched();
	}
	return false;
}

/**
 * cb_holder_from() - the next pages of a region that a holder has
 * @region: the region
 * @pos: where to look from: at first 0, then @next of what was found
 * @h: filled in
 *
 * Context: may sleep.
 *
 * Return: false if there are no more.
 */
bool cb_holder_from(struct cma_bulk_region *region, u64 pos,
		    struct cb_holder *h)
{
	u64 nr = region->nr_pages;

	if (pos < nr && handed_out_from(region, pos, h))
		return true;
	pos = pos > nr ? pos - nr : 0;
	/* A power of two, so that no division is needed. */
	return pinned_from(region, pos / CB_PINS_OF_PAGE,
			   pos % CB_PINS_OF_PAGE, h);
}

/* References to a page, or else to another one of its folio. */
static unsigned int pins_near(struct cma_bulk_region *region, unsigned long pfn,
			      struct cb_pin pin[CB_PINS_OF_PAGE])
{
	struct page *head = compound_head(pfn_to_page(pfn));
	unsigned long from = page_to_pfn(head), end;
	unsigned int n = cb_pins_read(region, pfn, pin);

	/* It may come apart meanwhile, and its order be anything. */
	if (n || !PageCompound(head) || !cb_pins_any(region))
		return n;
	end = from + (1UL << min_t(unsigned int, compound_order(head),
				   CB_MAX_ORDER));
	for (; from < end && !n; from++)
		if (from - region->base_pfn < region->nr_pages)
			n = cb_pins_read(region, from, pin);
	return n;
}

/**
 * cb_holder_of() - who has a page?
 * @region: its region
 * @pfn: the page
 * @h: filled in
 *
 * Context: may sleep.
 *
 * Return: false if that is not known.
 */
bool cb_holder_of(struct cma_bulk_region *region, unsigned long pfn,
		  struct cb_holder *h)
{
	struct cb_pin pin[CB_PINS_OF_PAGE];
	unsigned int n = pins_near(region, pfn, pin);
	struct run run;

	h->pfn = pfn;
	h->pages = 1;
	if (n) {
		/* The oldest: what has lasted is likely to last. */
		set_holder(h, "pin", &pin[n - 1].owner, pin[n - 1].when);
		return true;
	}
	look(region, pfn, 1, &run);
	if (!run.kind || run.owner.kind == CB_OWNER_NONE)
		return false;
	set_holder(h, run.kind, &run.owner, run.owner.when);
	return true;
}
