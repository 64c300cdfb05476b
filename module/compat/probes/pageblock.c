// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: the bitmap of pageblock types
 *
 * Nothing that reads it is exported, so compat/pageblock.h reads it itself. The
 * type has the first three of the bits that a pageblock has there. 6.17 gave
 * the isolation of a pageblock a bit of its own ("mm/page_isolation: make page
 * isolation a standalone bit"); before, it was one of the types.
 */
#include "probe.h"

#ifdef CONFIG_SPARSEMEM
PROBE_TYPE(section_to_usemap((struct mem_section *)NULL), unsigned long *);
#else
PROBE_TYPE(((struct zone *)NULL)->pageblock_flags, unsigned long *);
#endif
static_assert(BITS_PER_LONG % NR_PAGEBLOCK_BITS == 0);
static_assert(MIGRATE_CMA < 8);

#ifdef FORM_PAGEBLOCK_ISOLATE_BIT
static_assert(PB_migrate_0 == 0 && PB_migrate_1 == 1 && PB_migrate_2 == 2);
#ifdef CONFIG_MEMORY_ISOLATION
static_assert(PB_migrate_isolate > PB_migrate_2);
#endif
#endif

#ifdef FORM_PAGEBLOCK_ISOLATE_TYPE
static_assert(PB_migrate == 0 && PB_migrate_end == 2);
#endif
