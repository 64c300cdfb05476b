// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: MODULE_IMPORT_NS()
 *
 * Takes a string since 6.13 (cdd30ebb1b9f "module: Convert symbol namespace to
 * string literal"), before that a bare word. A string would do there, too, but
 * name a namespace that has quotation marks. So the word is tried first.
 */
#include "apitest_probe.h"

#ifdef FORM_NAMESPACE_WORD
MODULE_IMPORT_NS(DMA_BUF);
#endif

#ifdef FORM_NAMESPACE_STRING
MODULE_IMPORT_NS("DMA_BUF");
#endif
