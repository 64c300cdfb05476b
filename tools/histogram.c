// SPDX-License-Identifier: GPL-2.0-only
/* The histogram of latencies in "stats". */
#include <string.h>

#include "histogram.h"
#include "mem.h"
#include "text.h"

const char *const outcome_name[OUTCOMES] = {
	[OUTCOME_ALL] = "all",
	[OUTCOME_SUCCESS] = "success",
	[OUTCOME_PARTIAL] = "partial",
	[OUTCOME_FAILURE] = "failure",
};

static const char *const prefix[OUTCOMES] = {
	[OUTCOME_ALL] = "latency_us_lt_",
	[OUTCOME_SUCCESS] = "latency_success_us_lt_",
	[OUTCOME_PARTIAL] = "latency_partial_us_lt_",
	[OUTCOME_FAILURE] = "latency_failure_us_lt_",
};

static int outcome_of(const char *key, uint64_t *lt)
{
	int i;

	for (i = 0; i < OUTCOMES; i++)
		if (!strncmp(key, prefix[i], strlen(prefix[i])) &&
		    text_u64(key + strlen(prefix[i]), lt))
			return i;
	return -1;
}

bool histogram_key(const char *key)
{
	uint64_t lt;

	return outcome_of(key, &lt) >= 0;
}

static size_t bucket_of(const struct histogram *h, uint64_t lt)
{
	size_t i;

	for (i = 0; i < h->nr && h->lt[i] != lt; i++)
		;
	return i;
}

void histogram_load(struct histogram *h, const struct pairs *stats)
{
	uint64_t lt, count;
	size_t i, bucket;
	int out;

	memset(h, 0, sizeof(*h));
	for (i = 0; i < stats->nr; i++) {
		out = outcome_of(stats->key[i], &lt);
		if (out < 0 || !text_u64(stats->value[i], &count))
			continue;
		bucket = bucket_of(h, lt);
		/* Bounds that do not rise are no histogram. */
		if (bucket == h->nr && (h->nr == HISTOGRAM_MAX ||
					(h->nr && h->lt[h->nr - 1] > lt)))
			continue;
		if (bucket == h->nr)
			h->lt[h->nr++] = lt;
		h->count[out][bucket] = count;
	}
}

void histogram_span(const struct histogram *h, size_t *first, size_t *end)
{
	size_t i;

	*first = h->nr;
	*end = 0;
	for (i = 0; i < h->nr; i++) {
		if (!h->count[OUTCOME_ALL][i])
			continue;
		if (*first == h->nr)
			*first = i;
		*end = i + 1;
	}
	if (*first > *end)
		*first = *end;
}

uint64_t histogram_max(const struct histogram *h)
{
	uint64_t max = 0;
	size_t i;

	for (i = 0; i < h->nr; i++)
		if (h->count[OUTCOME_ALL][i] > max)
			max = h->count[OUTCOME_ALL][i];
	return max;
}
