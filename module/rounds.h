/* SPDX-License-Identifier: GPL-2.0-only */
/* The rounds of a request. */
#ifndef CMA_BULK_ROUNDS_H
#define CMA_BULK_ROUNDS_H

struct cb_job;
struct cb_request;

int cb_rounds(struct cb_job *job, const struct cb_request *req);
void cb_rounds_undo(struct cb_job *job);

#endif
