/* SPDX-License-Identifier: GPL-2.0-only */
/* Stacks of the kernel, each kept once and known by a number. */
#ifndef CMA_BULK_STACKS_H
#define CMA_BULK_STACKS_H

#include <linux/list.h>
#include <linux/types.h>

/* So many frames are kept, counted from the innermost. */
#define CB_STACK_FRAMES	12

/* No such stack: not known, or there was no room. */
#define CB_NO_STACK	0

/* More would not fit the number of a stack. */
#define CB_STACKS_MAX	2048UL

struct cb_stack;

/**
 * struct cb_stacks - a table of stacks, of fixed size
 * @stack: the stacks; the first one is not used
 * @nr: how many there are
 * @bucket: stacks by hash
 * @mask: number of buckets - 1
 * @unused: stacks that nothing refers to, the one to be used next first
 *
 * The caller locks. A stack that nothing refers to stays readable, and is found
 * again, until its place is needed.
 */
struct cb_stacks {
	struct cb_stack *stack;
	unsigned int nr;
	struct hlist_head *bucket;
	unsigned int mask;
	struct list_head unused;
};

int cb_stacks_init(struct cb_stacks *t, unsigned int nr);
void cb_stacks_exit(struct cb_stacks *t);
unsigned int cb_stack_get(struct cb_stacks *t, const unsigned long *frame,
			  unsigned int nr);
void cb_stack_put(struct cb_stacks *t, unsigned int stack);
unsigned int cb_stack_read(const struct cb_stacks *t, unsigned int stack,
			   unsigned long frame[CB_STACK_FRAMES]);

#endif
