/* SPDX-License-Identifier: GPL-2.0-only */
/* A shrinker, whatever the kernel wants to be told of it. */
#ifndef CMA_BULK_COMPAT_SHRINKER_H
#define CMA_BULK_COMPAT_SHRINKER_H

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/shrinker.h>
#include <linux/slab.h>

#include <cma_bulk_probed.h>

#define CB_SHRINKER_NAME	"cma_bulk"

typedef unsigned long (*cb_shrinker_fn)(struct shrinker *s,
					struct shrink_control *sc);

/*
 * 6.0 wants a name (e33c267ab70d "mm: shrinkers: provide shrinkers with names"),
 * since 6.7 the kernel allocates it (c42d50aefd17 "mm: shrinker: add
 * infrastructure for dynamically allocating shrinker"). Before, this does.
 */
#ifdef CMA_BULK_HAVE_SHRINKER_ALLOC
static inline struct shrinker *cb_shrinker_new(void)
{
	return shrinker_alloc(0, CB_SHRINKER_NAME);
}

static inline int cb_shrinker_start(struct shrinker *s)
{
	shrinker_register(s);
	return 0;
}

static inline void cb_shrinker_drop(struct shrinker *s)
{
	shrinker_free(s);
}

/* shrinker_free() unregisters, too. */
static inline void cb_shrinker_stop(struct shrinker *s)
{
}
#else
static inline struct shrinker *cb_shrinker_new(void)
{
	struct shrinker *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (s)
		s->seeks = DEFAULT_SEEKS;
	return s;
}

static inline int cb_shrinker_start(struct shrinker *s)
{
#ifdef CMA_BULK_HAVE_SHRINKER_NAMED
	return register_shrinker(s, CB_SHRINKER_NAME);
#else
	return register_shrinker(s);
#endif
}

static inline void cb_shrinker_drop(struct shrinker *s)
{
	kfree(s);
}

static inline void cb_shrinker_stop(struct shrinker *s)
{
	unregister_shrinker(s);
}
#endif

/**
 * cb_shrinker_begin() - let the kernel ask for memory when it is short
 * @count: how many pages could be had
 * @scan: gives pages back
 *
 * Context: may sleep.
 *
 * Return: the shrinker, to be ended by cb_shrinker_end(); NULL without memory.
 */
static inline struct shrinker *cb_shrinker_begin(cb_shrinker_fn count,
						 cb_shrinker_fn scan)
{
	struct shrinker *s = cb_shrinker_new();

	if (!s)
		return NULL;
	s->count_objects = count;
	s->scan_objects = scan;
	if (!cb_shrinker_start(s))
		return s;
	cb_shrinker_drop(s);
	return NULL;
}

/**
 * cb_shrinker_end() - no more
 * @s: from cb_shrinker_begin(), or NULL
 *
 * Context: sleeps until neither of its functions is at work.
 */
static inline void cb_shrinker_end(struct shrinker *s)
{
	if (!s)
		return;
	cb_shrinker_stop(s);
	cb_shrinker_drop(s);
}

#endif
