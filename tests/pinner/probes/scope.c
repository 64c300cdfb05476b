// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: memalloc_pin_save()
 *
 * What a task allocates until restored is not taken from CMA. 5.13 renamed it
 * (1a08ae36cf8b "mm cma: rename PF_MEMALLOC_NOCMA to PF_MEMALLOC_PIN").
 */
#include "pinner_probe.h"

#ifdef FORM_SCOPE_PIN
static inline void probe(void)
{
	memalloc_pin_restore(memalloc_pin_save());
}
#endif

#ifdef FORM_SCOPE_NOCMA
static inline void probe(void)
{
	memalloc_nocma_restore(memalloc_nocma_save());
}
#endif
