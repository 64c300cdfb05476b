/* SPDX-License-Identifier: GPL-2.0-only */
/* What may be wrong with a system, found by what its files say. */
#ifndef CMA_BULK_TOOL_DOCTOR_H
#define CMA_BULK_TOOL_DOCTOR_H

#include "findings.h"
#include "klog.h"
#include "region.h"

/* doctor_setup.c: before there is a region */
void doctor_reach(struct findings *fs, enum reach reach, const struct klog *log);
void doctor_no_region(struct findings *fs, const struct klog *log);
void doctor_skipped(struct findings *fs);
void doctor_mask(struct findings *fs, const struct region *r,
		 const struct klog *log);

/* doctor_requests.c: requests that fail */
void doctor_last(struct findings *fs, const struct region *r);
void doctor_kernel_log(struct findings *fs, const struct regions *rs,
		       const struct region *picked, const struct klog *log);
void doctor_stats(struct findings *fs, const struct region *r);

#endif
