/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every probe of the driver of the tests includes: see probe.h of the
 * product's probes, also for base.c.
 */
#ifndef CMA_BULK_APITEST_PROBE_H
#define CMA_BULK_APITEST_PROBE_H

#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/shrinker.h>

/* Last, because scripts/check-probes forbids names from its end on. */
#include "../../../module/compat/probes/probe.h"

#endif
