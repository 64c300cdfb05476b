/* SPDX-License-Identifier: GPL-2.0-only */
/* What every unit test needs: cmocka, the core, and random numbers. */
#ifndef CMA_BULK_UNIT_H
#define CMA_BULK_UNIT_H

/* cmocka.h wants these four before it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "classify.h"
#include "parse.h"
#include "plan.h"
#include "slots.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* splitmix64: one 64-bit word of state, any seed is good. */
struct rnd {
	unsigned long long state;
};

static inline unsigned long long rnd_next(struct rnd *r)
{
	unsigned long long z = r->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* 0 to @n - 1; @n fits 32 bits. */
static inline unsigned long rnd_below(struct rnd *r, unsigned long n)
{
	return (rnd_next(r) >> 32) * n >> 32;
}

static inline unsigned long rnd_range(struct rnd *r, unsigned long min,
				      unsigned long max)
{
	return min + rnd_below(r, max - min + 1);
}

static inline int rnd_chance(struct rnd *r, unsigned int percent)
{
	return rnd_below(r, 100) < percent;
}

static inline unsigned long long env_number(const char *name,
					    unsigned long long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

/* A heap block of the exact size: ASan sees what is done beyond its end. */
static inline void *exact_alloc(unsigned long size)
{
	void *block = malloc(size ? size : 1);

	assert_non_null(block);
	return block;
}

/* Always the same numbers, unless CB_SEED asks for others. */
static inline struct rnd rnd_start(const char *who)
{
	struct rnd r = { env_number("CB_SEED", 20240229) };

	print_message("%s: CB_SEED=%llu\n", who, r.state);
	return r;
}

#endif
