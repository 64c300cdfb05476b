// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: the pincount of a folio
 *
 * Pins of a large folio have a counter of their own: since 6.1 a field of
 * struct folio (379708ffde1b "mm: add the first tail page to struct folio"),
 * before in its third page, which a folio of order 1 has not.
 */
#include "probe.h"

#ifdef FORM_PINCOUNT_FOLIO
PROBE_TYPE(((struct folio *)0)->_pincount, atomic_t);
#endif

#ifdef FORM_PINCOUNT_COMPOUND
PROBE_TYPE(&compound_pincount_ptr, atomic_t *(*)(struct page *));
#endif
