/* SPDX-License-Identifier: GPL-2.0-only */
/* When chunks may be put into the pool of a region. */
#ifndef CMA_BULK_GATE_H
#define CMA_BULK_GATE_H

#include <linux/types.h>

struct cb_patience;
struct cma_bulk_region;

int cb_gate_init(struct cma_bulk_region *region);
void cb_gate_exit(struct cma_bulk_region *region);

void cb_gate_enter(struct cma_bulk_region *region);
void cb_gate_leave(struct cma_bulk_region *region);
int cb_gate_settle(struct cma_bulk_region *region,
		   const struct cb_patience *patience);

unsigned int cb_gate_fill_begin(struct cma_bulk_region *region);
void cb_gate_move_begin(struct cma_bulk_region *region);
void cb_gate_move_end(struct cma_bulk_region *region);
void cb_gate_close(struct cma_bulk_region *region);

#endif
