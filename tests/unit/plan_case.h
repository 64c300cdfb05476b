/* SPDX-License-Identifier: GPL-2.0-only */
/* How the tests of the planner put a question to it. */
#ifndef CMA_BULK_PLAN_CASE_H
#define CMA_BULK_PLAN_CASE_H

#include "unit.h"

/**
 * struct plan_case - a question, and the plan
 * @plan: the question; @plan.slot is a heap block of its own
 * @range: the plan
 * @nr: number of ranges in it
 * @taken: number of slots in it
 * @total: what it costs, fees included
 */
struct plan_case {
	struct cb_plan plan;
	struct cb_range *range;
	unsigned long nr;
	unsigned long taken;
	long total;
};

/* Print the question and the plan, and fail. */
#define plan_fail(c, ...) do { \
	print_error(__VA_ARGS__); \
	plan_show(c); \
	fail(); \
} while (0)

void plan_slots(struct plan_case *c, struct rnd *r, unsigned long nr);
void plan_free(struct plan_case *c);
void plan_make(struct plan_case *c);
void plan_show(const struct plan_case *c);

#endif
