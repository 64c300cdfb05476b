/* SPDX-License-Identifier: GPL-2.0-only */
/* The histogram of latencies in "stats". */
#ifndef CMA_BULK_TOOL_HISTOGRAM_H
#define CMA_BULK_TOOL_HISTOGRAM_H

#include "table.h"

#define HISTOGRAM_MAX	64

enum outcome { OUTCOME_ALL, OUTCOME_SUCCESS, OUTCOME_PARTIAL, OUTCOME_FAILURE, OUTCOMES };

extern const char *const outcome_name[OUTCOMES];

/*
 * Bucket i counts requests of less than lt[i] microseconds that the buckets before
 * it do not count; the last one counts all that took longer, too.
 */
struct histogram {
	size_t nr;
	uint64_t lt[HISTOGRAM_MAX];
	uint64_t count[OUTCOMES][HISTOGRAM_MAX];
};

void histogram_load(struct histogram *h, const struct pairs *stats);
/* Is it one of the keys that the histogram is made of? */
bool histogram_key(const char *key);
/* The buckets that are not empty: from *first to before *end. */
void histogram_span(const struct histogram *h, size_t *first, size_t *end);
uint64_t histogram_max(const struct histogram *h);

#endif
