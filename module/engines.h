/* SPDX-License-Identifier: GPL-2.0-only */
/* The engines by their names, and which of them work. */
#ifndef CMA_BULK_ENGINES_H
#define CMA_BULK_ENGINES_H

#include <linux/types.h>

#include "core/parse.h"

struct cb_engine_ops;
struct cma_bulk_region;

const struct cb_engine_ops *cb_engine_ops(enum cb_engine engine);
bool cb_engine_works(const struct cma_bulk_region *region,
		     enum cb_engine engine);
enum cb_engine cb_engine_usual(const struct cma_bulk_region *region);
const char *cb_engine_state(enum cb_engine engine);

#endif
