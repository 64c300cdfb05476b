// SPDX-License-Identifier: GPL-2.0-only
/* Sums in the text format of Prometheus. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "histogram.h"
#include "stats.h"
#include "text.h"
#include "tree.h"

enum from { FROM_STATS, FROM_SYSFS, FROM_REGIONS };

/* One value of a metric: the key it has here, its outcome, its unit if not 1. */
struct metric {
	const char *name;
	const char *type;
	const char *help;
	enum from from;
	const char *key;
	const char *outcome;
	double unit;
};

#define COUNTER(name, key, help) \
	{ "cma_bulk_" name "_total", "counter", help, FROM_STATS, key, NULL, 0 }
#define SECONDS(name, key, help) \
	{ "cma_bulk_" name "_seconds_total", "counter", help, FROM_STATS, key, NULL, 0.000001 }
/* What belongs to one metric is together, and the first has the head. */
#define OUTCOME(name, help) \
	{ "cma_bulk_requests_total", (help) ? "counter" : NULL, help, FROM_STATS, name, name, 0 }

static const struct metric metrics[] = {
	{ "cma_bulk_region_bytes", "gauge", "Length of the region.",
	  FROM_REGIONS, NULL, NULL, 0 },
	{ "cma_bulk_held_bytes", "gauge", "What drivers, buffers and batches hold.",
	  FROM_SYSFS, "held_bytes", NULL, 0 },
	{ "cma_bulk_pool_bytes", "gauge", "What the pool keeps ready.",
	  FROM_SYSFS, "pool_bytes", NULL, 0 },
	OUTCOME("success", "Requests that were well formed."),
	OUTCOME("partial", NULL),
	OUTCOME("failure", NULL),
	COUNTER("chunks_requested", "chunks_requested", "Chunks asked for."),
	COUNTER("chunks_allocated", "chunks_allocated", "Chunks obtained."),
	COUNTER("chunks_freed", "chunks_freed", "Chunks given back."),
	COUNTER("chunks_salvaged", "chunks_salvaged",
		"Chunks out of pageblocks with something that blocks."),
	COUNTER("pages_free", "pages_free",
		"Pages that were free when they were taken."),
	COUNTER("pages_migrated", "pages_migrated",
		"Pages that were in use when they were taken."),
	COUNTER("pages_scanned", "pages_scanned", "Pages looked at."),
	COUNTER("contig_calls", "contig_calls",
		"Calls of the kernel's allocator."),
	COUNTER("contig_busy", "contig_busy",
		"Calls of the kernel's allocator that were refused."),
	COUNTER("rounds", "rounds", "Rounds of requests."),
	COUNTER("no_target", "no_target",
		"Ranges given up for lack of memory to move pages to."),
	SECONDS("scan", "scan_us", "Time spent looking at pages."),
	SECONDS("wait", "wait_us", "Time spent asleep or on other requests."),
	COUNTER("still_referenced", "still_referenced",
		"Pages given back while they had other users."),
	COUNTER("bad_frees", "bad_frees",
		"Chunks given back that were not held."),
};

static bool value_of(const struct region_stats *s, const struct metric *m,
		     uint64_t *value)
{
	switch (m->from) {
	case FROM_STATS:
		return pairs_u64(&s->stats, m->key, value);
	case FROM_SYSFS:
		return pairs_u64(&s->sysfs, m->key, value);
	case FROM_REGIONS:
		*value = s->r->bytes;
		return true;
	}
	return false;
}

static void print_head(const char *name, const char *type, const char *help)
{
	printf("# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void print_label(const struct region_stats *s)
{
	printf("{region=\"%s\"", text_prometheus(s->r->name));
}

static void print_metric(const struct region_stats *s, size_t nr,
			 const struct metric *m)
{
	uint64_t value;
	size_t i;

	if (m->type)
		print_head(m->name, m->type, m->help);
	for (i = 0; i < nr; i++) {
		if (!value_of(&s[i], m, &value))
			continue;
		fputs(m->name, stdout);
		print_label(&s[i]);
		if (m->outcome)
			printf(",outcome=\"%s\"", m->outcome);
		if (m->unit)
			printf("} %.6f\n", value * m->unit);
		else
			printf("} %" PRIu64 "\n", value);
	}
}

static void print_errors(const struct region_stats *s, size_t nr)
{
	static const char name[] = "cma_bulk_request_errors_total";
	uint64_t value;
	size_t i, k;

	print_head(name, "counter", "Requests that ended with this error.");
	for (i = 0; i < nr; i++) {
		for (k = 0; k < s[i].stats.nr; k++) {
			const char *key = s[i].stats.key[k];

			/* pairs_get() finds the first of a key. */
			if (strncmp(key, "error_", 6) ||
			    pairs_get(&s[i].stats, key) != s[i].stats.value[k] ||
			    !text_u64(s[i].stats.value[k], &value))
				continue;
			fputs(name, stdout);
			print_label(&s[i]);
			printf(",error=\"%s\"} %" PRIu64 "\n",
			       text_prometheus(key + 6), value);
		}
	}
}

static void print_buckets(const struct region_stats *s, const char *name)
{
	struct histogram h;
	uint64_t sum = 0;
	size_t i;

	histogram_load(&h, &s->stats);
	if (!h.nr)
		return;
	for (i = 0; i < h.nr; i++) {
		sum += h.count[OUTCOME_ALL][i];
		/* The last one has no upper bound. */
		printf("%s_bucket", name);
		print_label(s);
		if (i + 1 < h.nr)
			printf(",le=\"%.6f\"} %" PRIu64 "\n", h.lt[i] / 1e6, sum);
		else
			printf(",le=\"+Inf\"} %" PRIu64 "\n", sum);
	}
	printf("%s_sum", name);
	print_label(s);
	printf("} %.6f\n", pairs_or_0(&s->stats, "elapsed_us") / 1e6);
	printf("%s_count", name);
	print_label(s);
	printf("} %" PRIu64 "\n", sum);
}

void stats_prometheus(const struct region_stats *s, size_t nr)
{
	static const char duration[] = "cma_bulk_request_duration_seconds";
	const char *version = tree_line("/sys/module/cma_bulk/version");
	size_t i;

	if (!version)
		version = tree_line(DEBUGFS "/version");
	print_head("cma_bulk_info", "gauge", "The module's version.");
	printf("cma_bulk_info{version=\"%s\"} 1\n",
	       text_prometheus(version ? version : ""));
	for (i = 0; i < ARRAY_SIZE(metrics); i++)
		print_metric(s, nr, &metrics[i]);
	print_errors(s, nr);
	print_head(duration, "histogram", "Time that requests took.");
	for (i = 0; i < nr; i++)
		print_buckets(&s[i], duration);
}
