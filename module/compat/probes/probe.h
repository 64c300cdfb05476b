/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every probe includes, and all that one may include: base.c is this and
 * nothing else, and it is built before the probes. That it compiles tells that
 * a probe which does not compile says something about the interface, and what
 * kbuild finds it to depend on makes the probes run again.
 */
#ifndef CMA_BULK_COMPAT_PROBE_H
#define CMA_BULK_COMPAT_PROBE_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/cma.h>
#include <linux/dma-buf.h>
#include <linux/gfp.h>
#include <linux/hugetlb.h>
#include <linux/kasan.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/page-flags.h>
#include <linux/page-isolation.h>
#include <linux/pageblock-flags.h>
#include <linux/shrinker.h>

/* The very type: integers convert, so that a call would prove little. */
#define PROBE_TYPE(expr, ...)						\
	static_assert(__builtin_types_compatible_p(typeof(expr), __VA_ARGS__))

#endif
