// SPDX-License-Identifier: GPL-2.0-only
#include "bulk.h"
#include "engine.h"
#include "engines.h"
#include "simple.h"

static const struct cb_engine_ops *const engines[CB_NR_ENGINES] = {
	[CB_ENGINE_BULK]		= &cb_bulk_engine,
	[CB_ENGINE_LINEAR]		= &cb_linear_engine,
	[CB_ENGINE_CMA_ALLOC]		= &cb_cma_alloc_engine,
	[CB_ENGINE_CMA_ALLOC_BLOCK]	= &cb_cma_alloc_block_engine,
	[CB_ENGINE_SINGLE]		= &cb_single_engine,
};

/**
 * cb_engine_ops() - the operations of an engine
 * @engine: the engine
 *
 * Return: a constant.
 */
const struct cb_engine_ops *cb_engine_ops(enum cb_engine engine)
{
	return engines[engine];
}

/**
 * cb_engine_works() - does an engine work in a region of this kernel?
 * @region: the region, NULL to ask about the kernel alone
 * @engine: the engine
 *
 * Return: true if it does.
 */
bool cb_engine_works(const struct cma_bulk_region *region,
		     enum cb_engine engine)
{
	return engines[engine]->works(region);
}

/**
 * cb_engine_state() - does an engine work on this kernel, and why not?
 * @engine: the engine
 *
 * Return: "yes", or "no" and why.
 */
const char *cb_engine_state(enum cb_engine engine)
{
	return cb_engine_works(NULL, engine) ? "yes" : engines[engine]->lacks;
}

/**
 * cb_engine_usual() - which engine serves what asks for none
 * @region: the region
 *
 * Where a trimmed kernel has nothing but cma_alloc(), that serves.
 *
 * Return: CB_ENGINE_BULK wherever it works.
 */
enum cb_engine cb_engine_usual(const struct cma_bulk_region *region)
{
	if (!cb_engine_works(region, CB_ENGINE_BULK) &&
	    cb_engine_works(region, CB_ENGINE_CMA_ALLOC_BLOCK))
		return CB_ENGINE_CMA_ALLOC_BLOCK;
	return CB_ENGINE_BULK;
}
