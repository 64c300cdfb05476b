// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has asked for pages: a table of fixed size for each region. An owner is in it
 * for as long as a page has its number, so memory is bounded and probes allocate
 * nothing: what does not fit is not remembered, and counted.
 */
#include <linux/hardirq.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#include "owners.h"
#include "region.h"

/* A region has an owner for so many pages, at least and at most so many. */
#define OWNER_PAGES	4
#define OWNERS_MIN	256UL
#define OWNERS_MAX	32768UL

/* Calls of a task from one place within this time have one owner. */
#define SAME_NS		(100 * NSEC_PER_MSEC)

static unsigned long owners_for(const struct cma_bulk_region *region)
{
	return clamp(region->nr_pages / OWNER_PAGES, OWNERS_MIN, OWNERS_MAX);
}

/**
 * cb_owners_init() - at load: nothing is known
 * @region: the region
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_owners_exit(), also after an error.
 */
int cb_owners_init(struct cma_bulk_region *region)
{
	struct cb_owners *o = kzalloc(sizeof(*o), GFP_KERNEL);
	unsigned long nr = owners_for(region), i;

	region->owners = o;
	if (!o)
		return -ENOMEM;
	raw_spin_lock_init(&o->lock);
	atomic_long_set(&o->dropped, 0);
	o->who = kvcalloc(region->nr_pages, sizeof(*o->who), GFP_KERNEL);
	o->owner = kvcalloc(nr + 1, sizeof(*o->owner), GFP_KERNEL);
	if (!o->who || !o->owner)
		return -ENOMEM;
	for (i = 1; i < nr; i++)
		o->owner[i].next = i + 1;
	o->unused = 1;
	return cb_stacks_init(&o->stacks, min(nr, CB_STACKS_MAX));
}

/**
 * cb_owners_exit() - at unload
 * @region: the region, of which nothing is ours, and no probe tells anything
 *
 * Context: may sleep.
 */
void cb_owners_exit(struct cma_bulk_region *region)
{
	struct cb_owners *o = region->owners;

	if (!o)
		return;
	cb_stacks_exit(&o->stacks);
	kvfree(o->owner);
	kvfree(o->who);
	kfree(o);
	region->owners = NULL;
}

/*
 * Without the frames of this module at the innermost end. For a request to it, the
 * function that was asked is kept.
 */
static void cut_own_frames(struct cb_asker *asker)
{
	unsigned int own = 0;

	while (own < asker->nr && within_module(asker->frame[own], THIS_MODULE))
		own++;
	if (own && asker->kind == CB_OWNER_BULK)
		own--;
	asker->nr -= own;
	memmove(asker->frame, asker->frame + own,
		asker->nr * sizeof(*asker->frame));
}

/**
 * cb_asker_init() - the current task asks for pages, now
 * @asker: filled in
 * @kind: how
 *
 * Context: any.
 */
void cb_asker_init(struct cb_asker *asker, enum cb_owner_kind kind)
{
	asker->kind = kind;
	asker->pid = task_tgid_nr(current);
	/* get_task_comm() may take a lock; a name that is torn does no harm. */
	memcpy(asker->comm, current->comm, sizeof(asker->comm));
	asker->comm[sizeof(asker->comm) - 1] = '\0';
	asker->when = ktime_get_mono_fast_ns();
	asker->nr = 0;
#ifdef CONFIG_STACKTRACE
	/* A frame costs some 100 instructions; cma_alloc() is near its probe. */
	asker->nr = stack_trace_save(asker->frame, kind == CB_OWNER_CMA ?
				     CB_STACK_FRAMES + 3 : CB_ASKER_FRAMES, 0);
	cut_own_frames(asker);
#endif
}

/**
 * cb_owners_lock() - keep what is remembered of a region from changing
 * @region: the region
 * @flags: for cb_owners_unlock()
 *
 * Context: any.
 *
 * Return: true if so; false in an NMI that has interrupted the one who has it.
 */
bool cb_owners_lock(struct cma_bulk_region *region, unsigned long *flags)
{
	raw_spinlock_t *lock = &region->owners->lock;

	if (!in_nmi())
		raw_spin_lock_irqsave(lock, *flags);
	else if (!raw_spin_trylock_irqsave(lock, *flags))
		return false;
	/* Sparse cannot follow a lock that is taken only perhaps. */
	__release(lock);
	return true;
}

/**
 * cb_owners_unlock() - let it change again
 * @region: the region
 * @flags: from cb_owners_lock()
 */
void cb_owners_unlock(struct cma_bulk_region *region, unsigned long flags)
{
	raw_spinlock_t *lock = &region->owners->lock;

	__acquire(lock);
	raw_spin_unlock_irqrestore(lock, flags);
}

static bool same_asker(const struct cb_owner *owner,
		       const struct cb_asker *asker, unsigned int stack)
{
	if (owner->kind != asker->kind || owner->pid != asker->pid ||
	    owner->stack != stack || strcmp(owner->comm, asker->comm))
		return false;
	/* Each page that is pinned has a time of its own. */
	return asker->kind == CB_OWNER_PIN ||
	       asker->when - owner->when < SAME_NS;
}

/* An owner with one reference, or 0; the caller holds the lock. */
static u16 owner_get(struct cb_owners *o, const struct cb_asker *asker)
{
	unsigned int nr = min_t(unsigned int, asker->nr, CB_STACK_FRAMES);
	unsigned int stack = cb_stack_get(&o->stacks, asker->frame, nr);
	struct cb_owner *owner = &o->owner[o->last];
	u16 id = o->last;

	if (id && same_asker(owner, asker, stack)) {
		cb_stack_put(&o->stacks, stack);
		owner->refs++;
		return id;
	}
	id = o->unused;
	if (!id) {
		cb_stack_put(&o->stacks, stack);
		return 0;
	}
	owner = &o->owner[id];
	o->unused = owner->next;
	o->last = id;
	owner->kind = asker->kind;
	owner->stack = stack;
	owner->pid = asker->pid;
	owner->refs = 1;
	owner->when = asker->when;
	memcpy(owner->comm, asker->comm, sizeof(owner->comm));
	return id;
}

/**
 * cb_owner_unref() - refer to an owner no more
 * @o: what is remembered of its region
 * @id: its number
 * @refs: references
 *
 * Context: under cb_owners_lock().
 */
void cb_owner_unref(struct cb_owners *o, u16 id, u32 refs)
{
	struct cb_owner *owner = &o->owner[id];

	owner->refs -= refs;
	if (owner->refs)
		return;
	cb_stack_put(&o->stacks, owner->stack);
	owner->next = o->unused;
	o->unused = id;
	if (o->last == id)
		o->last = 0;
}

/**
 * cb_owner_open() - make an owner for pages
 * @region: the region
 * @asker: who has asked
 *
 * Context: any.
 *
 * Return: its number; 0 if there is no room, which is counted. Either way
 * cb_owner_close() ends it; the owner lives on with its pages.
 */
u16 cb_owner_open(struct cma_bulk_region *region, const struct cb_asker *asker)
{
	unsigned long flags;
	u16 id = 0;

	if (cb_owners_lock(region, &flags)) {
		id = owner_get(region->owners, asker);
		cb_owners_unlock(region, flags);
	}
	if (!id)
		atomic_long_inc(&region->owners->dropped);
	return id;
}

/**
 * cb_owner_close() - no more pages will be given to an owner
 * @region: the region
 * @id: from cb_owner_open()
 *
 * Context: as cb_owner_open(), which has returned in the same context.
 */
void cb_owner_close(struct cma_bulk_region *region, u16 id)
{
	unsigned long flags;

	if (!id)
		return;
	/* In an NMI it is lost, with one entry of the table. */
	if (!cb_owners_lock(region, &flags))
		return;
	cb_owner_unref(region->owners, id, 1);
	cb_owners_unlock(region, flags);
}

/**
 * cb_owners_stack() - copy a stack
 * @region: the region
 * @stack: its number, at least 1
 * @frame: filled in
 *
 * Context: may not be an NMI.
 *
 * Return: number of frames, 0 if there is no such stack.
 */
unsigned int cb_owners_stack(struct cma_bulk_region *region, unsigned int stack,
			     unsigned long frame[CB_STACK_FRAMES])
{
	unsigned long flags;
	unsigned int nr;

	cb_owners_lock(region, &flags);
	nr = cb_stack_read(&region->owners->stacks, stack, frame);
	cb_owners_unlock(region, flags);
	return nr;
}
