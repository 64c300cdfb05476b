// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has taken references to pages of a region: a hash table of fixed size, by
 * page, which is there for as long as pins are tracked.
 *
 * That a reference is dropped is not told: any put_page() does it. So an entry is
 * believed for as long as the page has more references than the kernel accounts
 * for, and still belongs to the same mapping. When several have taken references to
 * a page, and some of these are dropped, nobody can tell which: all are named.
 */
#include <linux/hash.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "compat/page.h"
#include "core/classify.h"
#include "pages.h"
#include "pins.h"
#include "region.h"
#include "sample.h"

/* At most so many entries: 1 MiB. */
#define PINS_MAX	32768UL

/**
 * struct entry - a page, and what has taken a reference to it
 * @when: it did
 * @mapping: of the page then
 * @pos: the page, counted from the region's first
 * @next: number of the next entry in the same bucket, or in the list of those that
 *	are not in use; 0 for none
 * @owner: what it is
 */
struct entry {
	u64 when;
	unsigned long mapping;
	u32 pos;
	u16 next;
	u16 owner;
};

/**
 * struct cb_pins - the entries of a region; under the lock of its owners
 * @entry: the entries; the first one is not used
 * @bucket: numbers of entries
 * @bits: there are 2^bits buckets
 * @unused: number of the first entry that is not in use
 * @used: entries that are
 */
struct cb_pins {
	struct entry *entry;
	u16 *bucket;
	unsigned int bits;
	u16 unused;
	u16 used;
};

static void pins_free(struct cb_pins *p)
{
	if (!p)
		return;
	kvfree(p->bucket);
	kvfree(p->entry);
	kfree(p);
}

static struct cb_pins *pins_new(unsigned long nr)
{
	struct cb_pins *p = kzalloc(sizeof(*p), GFP_KERNEL);
	unsigned long i;

	if (!p)
		return NULL;
	p->bits = ilog2(roundup_pow_of_two(nr));
	p->entry = kvcalloc(nr + 1, sizeof(*p->entry), GFP_KERNEL);
	p->bucket = kvcalloc(1UL << p->bits, sizeof(*p->bucket), GFP_KERNEL);
	if (!p->entry || !p->bucket) {
		pins_free(p);
		return NULL;
	}
	for (i = 1; i < nr; i++)
		p->entry[i].next = i + 1;
	p->unused = 1;
	return p;
}

/**
 * cb_pins_enable() - begin to remember who takes references
 * @region: the region
 *
 * Context: may sleep; one at a time.
 *
 * Return: 0, also if that was so already, or -ENOMEM.
 */
int cb_pins_enable(struct cma_bulk_region *region)
{
	struct cb_pins *p;
	unsigned long flags;

	if (region->pins)
		return 0;
	p = pins_new(min(region->nr_pages, PINS_MAX));
	if (!p)
		return -ENOMEM;
	cb_owners_lock(region, &flags);
	region->pins = p;
	cb_owners_unlock(region, flags);
	return 0;
}

/* Free the entry that *@link is; the caller holds the lock. */
static void entry_drop(struct cma_bulk_region *region, struct cb_pins *p,
		       u16 *link)
{
	struct entry *e = &p->entry[*link];
	u16 i = *link;

	cb_owner_unref(region->owners, e->owner, 1);
	*link = e->next;
	e->next = p->unused;
	p->unused = i;
	p->used--;
}

/**
 * cb_pins_disable() - forget who has taken references
 * @region: the region
 *
 * Context: may sleep; one at a time.
 */
void cb_pins_disable(struct cma_bulk_region *region)
{
	unsigned long flags, i;
	struct cb_pins *p;

	/* A probe that is still at work finds no table from now on. */
	cb_owners_lock(region, &flags);
	p = region->pins;
	region->pins = NULL;
	cb_owners_unlock(region, flags);
	if (!p)
		return;
	for (i = 0; i < 1UL << p->bits; i++) {
		cb_owners_lock(region, &flags);
		while (p->bucket[i])
			entry_drop(region, p, &p->bucket[i]);
		cb_owners_unlock(region, flags);
	}
	pins_free(p);
}

static u16 *bucket_of(struct cb_pins *p, u32 pos)
{
	return &p->bucket[hash_32(pos, p->bits)];
}

/* References that neither the kernel nor an owner of the whole page accounts for. */
static long extra_refs(struct cma_bulk_region *region, unsigned long pfn,
		       const struct cb_sample *s)
{
	long refs = cb_extra_refs(s);

	if (s->flags & (CB_S_BUDDY | CB_S_TAIL))
		return 0;
	if (cb_page_state(region, pfn) != CB_PAGE_NOT_OURS ||
	    region->owners->who[pfn - region->base_pfn])
		refs--;
	return refs;
}

/*
 * Does the page still belong to what it did? A page cut off from its file belongs
 * to nothing, but stays on the LRU list until the last reference is dropped.
 */
static bool same_page(const struct entry *e, unsigned long mapping,
		      const struct cb_sample *s)
{
	return e->mapping == mapping || (!mapping && s->flags & CB_S_LRU);
}

static unsigned long mapping_of(unsigned long pfn)
{
	return cb_page_mapping(compound_head(pfn_to_page(pfn)));
}

/*
 * A task has taken a reference since @since. What is out of date for that? The
 * entry of the same call further in, which has taken the same one; and each, if
 * this is the only one that the page has.
 */
static bool out_of_date(struct cma_bulk_region *region, const struct entry *e,
			u16 id, u64 since, bool only)
{
	const struct cb_owner *owner = region->owners->owner;

	return only || (owner[e->owner].pid == owner[id].pid && e->when >= since);
}

/* Drop what is out of date of a page. Return: how many entries of it are left. */
static unsigned int drop_old(struct cma_bulk_region *region, u16 *link, u32 pos,
			     const struct entry *new, const struct cb_sample *s,
			     u64 since, bool only)
{
	struct cb_pins *p = region->pins;
	unsigned int n = 0;
	struct entry *e;

	while (*link) {
		e = &p->entry[*link];
		if (e->pos == pos &&
		    (!same_page(e, new->mapping, s) ||
		     out_of_date(region, e, new->owner, since, only))) {
			entry_drop(region, p, link);
			continue;
		}
		n += e->pos == pos;
		link = &e->next;
	}
	return n;
}

/* The newest of a page: the older ones are more likely to last. */
static void drop_newest(struct cma_bulk_region *region, u16 *link, u32 pos)
{
	while (*link && region->pins->entry[*link].pos != pos)
		link = &region->pins->entry[*link].next;
	if (*link)
		entry_drop(region, region->pins, link);
}

/* Return: false if there is no room. The caller holds the lock. */
static bool insert(struct cma_bulk_region *region, u16 *bucket,
		   const struct entry *new)
{
	struct cb_pins *p = region->pins;
	struct entry *e;
	u16 i = p->unused;

	if (!i)
		return false;
	e = &p->entry[i];
	p->unused = e->next;
	p->used++;
	*e = *new;
	e->next = *bucket;
	*bucket = i;
	region->owners->owner[e->owner].refs++;
	return true;
}

/**
 * cb_pins_add() - a reference was taken to a page
 * @region: the region
 * @pfn: the page
 * @id: number of what has taken it; its cb_owner_open() is not closed yet
 * @since: when the call began that has taken it
 * @refs: what it adds to the count of a small page
 *
 * Context: any; the reference is there.
 */
void cb_pins_add(struct cma_bulk_region *region, unsigned long pfn, u16 id,
		 u64 since, unsigned int refs)
{
	struct entry new = {
		.when = ktime_get_mono_fast_ns(),
		.mapping = mapping_of(pfn),
		.pos = pfn - region->base_pfn,
		.owner = id,
	};
	bool small = !PageCompound(pfn_to_page(pfn)), only, ok = false;
	struct cb_sample s = { .flags = 0 };
	unsigned long flags;
	u16 *bucket;

	/* The references of a folio tell little of one of its pages. */
	if (small)
		cb_page_sample(pfn, &s);
	if (!cb_owners_lock(region, &flags))
		goto out;
	if (!region->pins) {
		ok = true;
		goto unlock;
	}
	bucket = bucket_of(region->pins, new.pos);
	only = small && extra_refs(region, pfn, &s) <= (long)refs;
	if (drop_old(region, bucket, new.pos, &new, &s, since, only) ==
	    CB_PINS_OF_PAGE)
		drop_newest(region, bucket, new.pos);
	ok = insert(region, bucket, &new);
unlock:
	cb_owners_unlock(region, flags);
out:
	if (!ok)
		atomic_long_inc(&region->owners->dropped);
}

/**
 * cb_pins_any() - is there any entry?
 * @region: the region
 *
 * Context: may not be an NMI.
 *
 * Return: true if so.
 */
bool cb_pins_any(struct cma_bulk_region *region)
{
	unsigned long flags;
	bool any;

	cb_owners_lock(region, &flags);
	any = region->pins && region->pins->used;
	cb_owners_unlock(region, flags);
	return any;
}

/**
 * cb_pins_read() - who has taken references to a page?
 * @region: the region
 * @pfn: the page
 * @pin: filled in, the newest first
 *
 * Forgets those that have gone.
 *
 * Context: may not be an NMI.
 *
 * Return: how many, 0 if that is not known.
 */
unsigned int cb_pins_read(struct cma_bulk_region *region, unsigned long pfn,
			  struct cb_pin pin[CB_PINS_OF_PAGE])
{
	u32 pos = pfn - region->base_pfn;
	unsigned long mapping, flags;
	unsigned int n = 0;
	struct cb_sample s;
	struct entry *e;
	u16 *link;

	cb_owners_lock(region, &flags);
	if (!region->pins)
		goto unlock;
	for (link = bucket_of(region->pins, pos); *link;) {
		e = &region->pins->entry[*link];
		if (e->pos != pos) {
			link = &e->next;
			continue;
		}
		cb_page_sample(pfn, &s);
		mapping = mapping_of(pfn);
		if (n == CB_PINS_OF_PAGE || !same_page(e, mapping, &s) ||
		    extra_refs(region, pfn, &s) <= 0) {
			entry_drop(region, region->pins, link);
			continue;
		}
		pin[n].owner = region->owners->owner[e->owner];
		pin[n].when = e->when;
		pin[n++].id = e->owner;
		link = &e->next;
	}
unlock:
	cb_owners_unlock(region, flags);
	return n;
}
