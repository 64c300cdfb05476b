/* SPDX-License-Identifier: GPL-2.0-only */
/* From the slots of a window to ranges that are claimed, cheapest first. */
#ifndef CMA_BULK_PLANNING_H
#define CMA_BULK_PLANNING_H

#include <linux/types.h>

struct cb_job;
struct cb_range;
struct cb_window;

/**
 * struct cb_ranges - a plan
 * @range: the ranges; kvfree() frees them
 * @nr: how many
 * @enough: they have as many slots as are missing
 */
struct cb_ranges {
	struct cb_range *range;
	unsigned long nr;
	bool enough;
};

int cb_plan_window(const struct cb_job *job, const struct cb_window *w,
		   bool doubtful, struct cb_ranges *plan);
unsigned long cb_plan_worth(const struct cb_window *w,
			    const struct cb_ranges *plan);
bool cb_claim_ranges(struct cb_job *job, const struct cb_window *w,
		     struct cb_ranges *plan);

#endif
