/* SPDX-License-Identifier: GPL-2.0-only */
/* The engines to compare with: what one could do without a scan. */
#ifndef CMA_BULK_SIMPLE_H
#define CMA_BULK_SIMPLE_H

#include "engine.h"

extern const struct cb_engine_ops cb_linear_engine;
extern const struct cb_engine_ops cb_single_engine;
extern const struct cb_engine_ops cb_cma_alloc_engine;
extern const struct cb_engine_ops cb_cma_alloc_block_engine;

#endif
