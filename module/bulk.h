/* SPDX-License-Identifier: GPL-2.0-only */
/* The engine "bulk": look, plan, take. */
#ifndef CMA_BULK_BULK_H
#define CMA_BULK_BULK_H

#include "engine.h"

extern const struct cb_engine_ops cb_bulk_engine;

#endif
