/* SPDX-License-Identifier: GPL-2.0-only */
/* Looking nearby for what is small. */
#ifndef CMA_BULK_SEARCH_H
#define CMA_BULK_SEARCH_H

#include <linux/types.h>

struct cb_idle;
struct cb_job;
struct cb_ranges;
struct cb_window;

int cb_take_plan(struct cb_job *job, struct cb_window *w,
		 struct cb_ranges *plan, const struct cb_idle *look,
		 bool *claimed);
int cb_look_nearby(struct cb_job *job, struct cb_window *w);

#endif
