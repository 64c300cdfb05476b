/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every probe of the fake pinners includes: the headers that their
 * questions are about, then the macros and rules of the product's probes. base.c
 * here has the same purpose as there: see probe.h.
 */
#ifndef CMA_BULK_PINNER_PROBE_H
#define CMA_BULK_PINNER_PROBE_H

#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/hugetlb.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/page-isolation.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>

/* Last, because scripts/check-probes forbids names from its end on. */
#include "../../../module/compat/probes/probe.h"

#endif
