// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: cma_intersects()
 *
 * An area may have several ranges since 6.15 (c009da4258f9 "mm, cma: support
 * multiple contiguous ranges, if requested"), which also brought this function;
 * from then on cma_get_base() warns about such an area. Nothing of it is
 * exported. Without the function a declaration of that name with any other type
 * is accepted.
 */
#include "probe.h"

#ifdef FORM_AREAS_OF_RANGES
PROBE_TYPE(&cma_intersects,
	   bool (*)(struct cma *, unsigned long, unsigned long));
#endif

#ifdef FORM_AREAS_OF_ONE_RANGE
static int cma_intersects;
#endif
