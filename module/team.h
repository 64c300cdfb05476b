/* SPDX-License-Identifier: GPL-2.0-only */
/* Several threads for one plan. */
#ifndef CMA_BULK_TEAM_H
#define CMA_BULK_TEAM_H

struct cb_idle;
struct cb_job;
struct cb_range;
struct cb_window;

int cb_team_init(void);
void cb_team_exit(void);
int cb_team_run(struct cb_job *job, struct cb_window *w,
		struct cb_range *range, unsigned long nr,
		const struct cb_idle *look);

#endif
