// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: page->flags
 *
 * A word, which 6.18 wrapped in a structure (53fbef56e07d "mm: introduce
 * memdesc_flags_t").
 */
#include "pinner_probe.h"

#ifdef FORM_PAGE_FLAGS_MEMDESC
PROBE_TYPE(((struct page *)0)->flags.f, unsigned long);
#endif

#ifdef FORM_PAGE_FLAGS_WORD
PROBE_TYPE(((struct page *)0)->flags, unsigned long);
#endif
