// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stacks of the kernel, each kept once and known by a number. The kernel's own
 * table of stacks (stack_depot) is not exported everywhere, and never forgets.
 */
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "stacks.h"

/**
 * struct cb_stack - a stack
 * @hash: in the bucket of its hash, if it has frames
 * @unused: in the list of stacks that nothing refers to
 * @refs: what refers to it
 * @nr: frames, 0 if there never was a stack in this place
 * @frame: return addresses, the innermost first
 */
struct cb_stack {
	struct hlist_node hash;
	struct list_head unused;
	unsigned int refs;
	unsigned int nr;
	unsigned long frame[CB_STACK_FRAMES];
};

/**
 * cb_stacks_init() - make a table without stacks
 * @t: the table, all zero
 * @nr: for so many stacks, from 1 to CB_STACKS_MAX
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_stacks_exit(), also after an error.
 */
int cb_stacks_init(struct cb_stacks *t, unsigned int nr)
{
	unsigned int buckets = roundup_pow_of_two(nr), i;

	INIT_LIST_HEAD(&t->unused);
	t->mask = buckets - 1;
	t->nr = nr + 1;
	t->stack = kvcalloc(t->nr, sizeof(*t->stack), GFP_KERNEL);
	t->bucket = kvcalloc(buckets, sizeof(*t->bucket), GFP_KERNEL);
	if (!t->stack || !t->bucket)
		return -ENOMEM;
	for (i = 1; i < t->nr; i++)
		list_add_tail(&t->stack[i].unused, &t->unused);
	return 0;
}

/**
 * cb_stacks_exit() - free a table
 * @t: the table
 */
void cb_stacks_exit(struct cb_stacks *t)
{
	kvfree(t->bucket);
	kvfree(t->stack);
}

static struct hlist_head *bucket_of(const struct cb_stacks *t,
				    const unsigned long *frame, unsigned int nr)
{
	u32 hash = jhash(frame, nr * sizeof(*frame), 0);

	return &t->bucket[hash & t->mask];
}

static struct cb_stack *find(struct hlist_head *bucket,
			     const unsigned long *frame, unsigned int nr)
{
	struct cb_stack *s;

	hlist_for_each_entry(s, bucket, hash)
		if (s->nr == nr && !memcmp(s->frame, frame, nr * sizeof(*frame)))
			return s;
	return NULL;
}

/* Put a stack into the place of the one that was not referred to for longest. */
static struct cb_stack *replace(struct cb_stacks *t, struct hlist_head *bucket,
				const unsigned long *frame, unsigned int nr)
{
	struct cb_stack *s;

	if (list_empty(&t->unused))
		return NULL;
	s = list_first_entry(&t->unused, struct cb_stack, unused);
	if (s->nr)
		hlist_del(&s->hash);
	s->nr = nr;
	memcpy(s->frame, frame, nr * sizeof(*frame));
	hlist_add_head(&s->hash, bucket);
	return s;
}

/**
 * cb_stack_get() - refer to a stack
 * @t: the table
 * @frame: its return addresses
 * @nr: how many, at most CB_STACK_FRAMES
 *
 * Context: any; the caller locks.
 *
 * Return: its number, or CB_NO_STACK if @nr is 0 or there is no room;
 * cb_stack_put() ends it.
 */
unsigned int cb_stack_get(struct cb_stacks *t, const unsigned long *frame,
			  unsigned int nr)
{
	struct hlist_head *bucket;
	struct cb_stack *s;

	if (!nr)
		return CB_NO_STACK;
	bucket = bucket_of(t, frame, nr);
	s = find(bucket, frame, nr) ?: replace(t, bucket, frame, nr);
	if (!s)
		return CB_NO_STACK;
	if (!s->refs++)
		list_del(&s->unused);
	return s - t->stack;
}

/**
 * cb_stack_put() - refer to a stack no more
 * @t: the table
 * @stack: its number, or CB_NO_STACK
 *
 * Context: any; the caller locks.
 */
void cb_stack_put(struct cb_stacks *t, unsigned int stack)
{
	struct cb_stack *s = &t->stack[stack];

	if (stack != CB_NO_STACK && !--s->refs)
		list_add_tail(&s->unused, &t->unused);
}

/**
 * cb_stack_read() - copy a stack
 * @t: the table
 * @stack: a number from 1 to @t->nr - 1
 * @frame: filled in
 *
 * Context: any; the caller locks.
 *
 * Return: number of frames, 0 if there is no such stack.
 */
unsigned int cb_stack_read(const struct cb_stacks *t, unsigned int stack,
			   unsigned long frame[CB_STACK_FRAMES])
{
	const struct cb_stack *s = &t->stack[stack];

	memcpy(frame, s->frame, s->nr * sizeof(*frame));
	return s->nr;
}
