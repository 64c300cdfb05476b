// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: kmap_local_page()
 *
 * 5.11 has mappings that may be preempted (f3ba3c710ac5 "mm/highmem: Provide
 * kmap_local*").
 */
#include "pinner_probe.h"

#ifdef FORM_KMAP_LOCAL
static inline void probe(struct page *page)
{
	kunmap_local(kmap_local_page(page));
}
#endif

#ifdef FORM_KMAP_ATOMIC
static inline void probe(struct page *page)
{
	kunmap_atomic(kmap_atomic(page));
}
#endif
