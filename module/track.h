/* SPDX-License-Identifier: GPL-2.0-only */
/* Which users of a region are remembered. */
#ifndef CMA_BULK_TRACK_H
#define CMA_BULK_TRACK_H

struct cma_bulk_region;

int cb_track_init(void);
void cb_track_exit(void);
int cb_track_set(struct cma_bulk_region *region, unsigned int words);
unsigned long cb_track_dropped(struct cma_bulk_region *region);
void cb_track_reset(struct cma_bulk_region *region);

#endif
