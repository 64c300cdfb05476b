/* SPDX-License-Identifier: GPL-2.0-only */
/* One request from check to record, for all who make requests. */
#ifndef CMA_BULK_REQUEST_H
#define CMA_BULK_REQUEST_H

#include <linux/types.h>

#include "core/parse.h"

struct cb_result;
struct cma_bulk_region;
struct page;

/**
 * struct cb_receiver - who gets the chunks of a request
 * @open: room for the first page of each of so many chunks, NULL without memory;
 *	called when the request has been found to be possible
 * @done: called at the end, before the result is recorded, with the chunks
 *	obtained; may fill in members of the result
 * @for_pool: it is the pool: it gets chunks in state CB_PAGE_POOLED, none of its
 *	own, and its requests are not recorded
 */
struct cb_receiver {
	struct page **(*open)(struct cb_receiver *r, size_t wanted);
	void (*done)(struct cb_receiver *r, size_t got, struct cb_result *res);
	bool for_pool;
};

int cb_requests_init(struct cma_bulk_region *region);
void cb_requests_exit(struct cma_bulk_region *region);
int cb_request_check(struct cma_bulk_region *region,
		     const struct cb_request *req);
int cb_request_serve(struct cma_bulk_region *region,
		     const struct cb_request *req, struct cb_receiver *r);
void cb_request_init(const struct cma_bulk_region *region,
		     struct cb_request *req);

#endif
