/* SPDX-License-Identifier: GPL-2.0-only */
/* Who has asked for the pages of a region. */
#ifndef CMA_BULK_OWNERS_H
#define CMA_BULK_OWNERS_H

#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "stacks.h"

struct cma_bulk_region;

/**
 * enum cb_owner_kind - how the pages were asked for
 * @CB_OWNER_NONE: not known
 * @CB_OWNER_CMA: with cma_alloc()
 * @CB_OWNER_PIN: a reference was taken: pins.c
 * @CB_OWNER_BULK: a request to this module
 */
enum cb_owner_kind {
	CB_OWNER_NONE,
	CB_OWNER_CMA,
	CB_OWNER_PIN,
	CB_OWNER_BULK
};

/* Frames of probes lie above those that are of interest. */
#define CB_ASKER_FRAMES	(CB_STACK_FRAMES + 8)

/**
 * struct cb_asker - a task that asks for pages, at a moment
 * @kind: how
 * @pid: its process, in the initial namespace
 * @comm: name of the task
 * @when: in ns of the monotonic clock
 * @nr: number of frames
 * @frame: its stack, the innermost frame first
 */
struct cb_asker {
	enum cb_owner_kind kind;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	u64 when;
	unsigned int nr;
	unsigned long frame[CB_ASKER_FRAMES];
};

/**
 * struct cb_owner - what is remembered of an asker
 * @kind: as there
 * @stack: number of its stack
 * @next: next one that is not in use, if this is not
 * @pid: as there
 * @refs: pages, and what else refers to it
 * @when: as there
 * @comm: as there
 */
struct cb_owner {
	u8 kind;
	u16 stack;
	u16 next;
	pid_t pid;
	u32 refs;
	u64 when;
	char comm[TASK_COMM_LEN];
};

/**
 * struct cb_owners - what is remembered of a region's pages
 * @lock: protects all of it, and the region's pins; innermost. Probes take it in
 *	any context, so never spin for it in an NMI
 * @who: for each page, number of its owner, 0 for none
 * @owner: the owners; the first one is not used
 * @unused: the first of those that are not in use
 * @last: the one that was made last, 0 if it is not in use any more
 * @stacks: their stacks
 * @dropped: what could not be remembered; not under @lock
 */
struct cb_owners {
	raw_spinlock_t lock;		/* all but dropped */
	u16 *who;
	struct cb_owner *owner;
	u16 unused;
	u16 last;
	struct cb_stacks stacks;
	atomic_long_t dropped;
};

int cb_owners_init(struct cma_bulk_region *region);
void cb_owners_exit(struct cma_bulk_region *region);

void cb_asker_init(struct cb_asker *asker, enum cb_owner_kind kind);
bool cb_owners_lock(struct cma_bulk_region *region, unsigned long *flags);
void cb_owners_unlock(struct cma_bulk_region *region, unsigned long flags);
void cb_owner_unref(struct cb_owners *o, u16 id, u32 refs);

u16 cb_owner_open(struct cma_bulk_region *region, const struct cb_asker *asker);
void cb_owner_close(struct cma_bulk_region *region, u16 id);
unsigned int cb_owners_stack(struct cma_bulk_region *region, unsigned int stack,
			     unsigned long frame[CB_STACK_FRAMES]);

#endif
