/* SPDX-License-Identifier: GPL-2.0-only */
/* Who calls cma_alloc(), as the kernel's tracepoints tell it. */
#ifndef CMA_BULK_TRACK_CMA_H
#define CMA_BULK_TRACK_CMA_H

void cb_track_cma_init(void);
int cb_track_cma_start(void);
void cb_track_cma_stop(void);
void cb_track_cma_wait(void);
const char *cb_track_cma_state(void);

#endif
