/* SPDX-License-Identifier: GPL-2.0-only */
/* One shrinker, whatever the kernel wants to be told of it: see the probe shrinker. */
#ifndef CMA_BULK_APITEST_SHRINKER_H
#define CMA_BULK_APITEST_SHRINKER_H

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/shrinker.h>

#include "cma_bulk_apitest_probed.h"

#define SHRINKER_NAME	"cma_bulk_apitest"

typedef unsigned long (*shrinker_fn)(struct shrinker *s,
				     struct shrink_control *sc);

#ifdef CMA_BULK_HAVE_SHRINKER_ALLOC
static struct shrinker *the_shrinker;

static inline int shrinker_begin(shrinker_fn count, shrinker_fn scan)
{
	the_shrinker = shrinker_alloc(0, SHRINKER_NAME);
	if (!the_shrinker)
		return -ENOMEM;
	the_shrinker->count_objects = count;
	the_shrinker->scan_objects = scan;
	shrinker_register(the_shrinker);
	return 0;
}

static inline void shrinker_end(void)
{
	shrinker_free(the_shrinker);
}
#else
static struct shrinker the_shrinker = { .seeks = DEFAULT_SEEKS };

static inline int shrinker_begin(shrinker_fn count, shrinker_fn scan)
{
	the_shrinker.count_objects = count;
	the_shrinker.scan_objects = scan;
#ifdef CMA_BULK_HAVE_SHRINKER_NAMED
	return register_shrinker(&the_shrinker, SHRINKER_NAME);
#else
	return register_shrinker(&the_shrinker);
#endif
}

static inline void shrinker_end(void)
{
	unregister_shrinker(&the_shrinker);
}
#endif

#endif
