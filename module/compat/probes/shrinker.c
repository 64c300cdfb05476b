// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: registration of a shrinker
 *
 * 6.0 wants a name (e33c267ab70d "mm: shrinkers: provide shrinkers with names"),
 * since 6.7 the kernel allocates it (c42d50aefd17 "mm: shrinker: add
 * infrastructure for dynamically allocating shrinker").
 */
#include "probe.h"

#ifdef FORM_SHRINKER_ALLOC
static inline void probe(struct shrinker *s)
{
	s = shrinker_alloc(0, "%s", "name");
	shrinker_register(s);
	shrinker_free(s);
}
#endif

#ifdef FORM_SHRINKER_NAMED
static inline int probe(struct shrinker *s)
{
	return register_shrinker(s, "%s", "name");
}
#endif

#ifdef FORM_SHRINKER_NAMELESS
static inline int probe(struct shrinker *s)
{
	return register_shrinker(s);
}
#endif
