/* SPDX-License-Identifier: GPL-2.0-only */
/* How the heap of a region asks for chunks: settings, one number each. */
#ifndef CMA_BULK_HEAP_KNOBS_H
#define CMA_BULK_HEAP_KNOBS_H

#include <linux/types.h>

struct cb_request;
struct cma_bulk_region;

/**
 * enum cb_heap_knob - a setting of the heap of a region
 * @CB_HEAP_ORDER: a buffer is made of chunks of 2^order pages
 * @CB_HEAP_RETRIES: rounds after the first, -1 for ever
 * @CB_HEAP_TIMEOUT_MS: end of an allocation, in milliseconds; 0 for none
 * @CB_NR_HEAP_KNOBS: how many there are
 */
enum cb_heap_knob {
	CB_HEAP_ORDER,
	CB_HEAP_RETRIES,
	CB_HEAP_TIMEOUT_MS,
	CB_NR_HEAP_KNOBS
};

int cb_heap_knobs_init(struct cma_bulk_region *region);
void cb_heap_knobs_exit(struct cma_bulk_region *region);
int cb_heap_knob_get(struct cma_bulk_region *region, enum cb_heap_knob knob,
		     s64 *value);
int cb_heap_knob_set(struct cma_bulk_region *region, enum cb_heap_knob knob,
		     s64 value);
void cb_heap_knobs_request(struct cma_bulk_region *region,
			   struct cb_request *req);

#endif
