// SPDX-License-Identifier: GPL-2.0-only
/* cma-bulk stats: sums since load. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "histogram.h"
#include "json.h"
#include "stats.h"
#include "term.h"
#include "text.h"
#include "tree.h"

static void load_sysfs(struct pairs *p, const struct region *r)
{
	char **file = tree_list(SYSFS "/%s", r->dir);
	struct text t = { 0 };

	for (; *file; file++) {
		const char *value = tree_line(SYSFS "/%s/%s", r->dir, *file);

		if (value)
			text_add(&t, "%s: %s\n", *file, value);
	}
	pairs_parse(p, t.s ? t.s : mem_copy(""));
}

void stats_load(struct region_stats *s, const struct region *r)
{
	s->r = r;
	load_sysfs(&s->sysfs, r);
	tree_pairs(&s->stats, DEBUGFS "/%s/stats", r->dir);
	if (!s->stats.nr)
		s->stats = s->sysfs;
}

static void print_bar(uint64_t count, uint64_t max)
{
	size_t room = term.width == SIZE_MAX ? 40 :
		      term.width > 36 ? term.width - 30 : 6;
	size_t len = (double)count / max * room;

	if (count && !len)
		len = 1;
	while (len--)
		fputs(term.ascii ? "#" : "\xe2\x96\x87", stdout);
}

static void print_histogram(const struct histogram *h)
{
	uint64_t max = histogram_max(h);
	size_t first, end, i;

	histogram_span(h, &first, &end);
	if (first == end)
		return;
	putchar('\n');
	print_wrapped(0, "latency of requests");
	for (i = first; i < end; i++) {
		bool more = i + 1 == h->nr;

		printf("  %s %8s %10" PRIu64 "  ", more ? ">=" : "< ",
		       text_us(more && i ? h->lt[i - 1] : h->lt[i]),
		       h->count[OUTCOME_ALL][i]);
		print_bar(h->count[OUTCOME_ALL][i], max);
		putchar('\n');
	}
}

static void print_text(const struct region_stats *s)
{
	static const char *const column[] = { "KEY", "VALUE>" };
	struct grid g = { .column = column, .columns = ARRAY_SIZE(column) };
	struct histogram h;
	size_t i;

	print_title("%s", s->r->name);
	for (i = 0; i < s->stats.nr; i++) {
		if (histogram_key(s->stats.key[i]))
			continue;
		grid_cell(&g, s->stats.key[i]);
		grid_cell(&g, s->stats.value[i]);
	}
	grid_print(&g);
	histogram_load(&h, &s->stats);
	print_histogram(&h);
}

static struct json_object *json_histogram(const struct histogram *h)
{
	struct json_object *array = json_object_new_array(), *o;
	size_t i, out;

	for (i = 0; i < h->nr; i++) {
		o = json_object_new_object();
		/* The last has no upper bound. */
		if (i + 1 < h->nr)
			json_u64(o, "lt_us", h->lt[i]);
		else
			json_add(o, "lt_us", NULL);
		for (out = 0; out < OUTCOMES; out++)
			json_u64(o, outcome_name[out], h->count[out][i]);
		json_object_array_add(array, o);
	}
	return array;
}

static void print_json(const struct region_stats *s, size_t nr)
{
	struct json_object *answer = json_answer("stats"), *array, *o, *sums;
	struct histogram h;
	size_t i, k;

	array = json_add(answer, "regions", json_object_new_array());
	for (i = 0; i < nr; i++) {
		o = json_object_new_object();
		json_string(o, "name", s[i].r->name);
		sums = json_add(o, "stats", json_object_new_object());
		for (k = 0; k < s[i].stats.nr; k++)
			if (!histogram_key(s[i].stats.key[k]))
				json_word(sums, s[i].stats.key[k],
					  s[i].stats.value[k]);
		histogram_load(&h, &s[i].stats);
		json_add(o, "latency", json_histogram(&h));
		json_object_array_add(array, o);
	}
	json_print(answer);
}

enum status cmd_stats(const struct options *o)
{
	struct region_stats *s;
	const struct region *r;
	struct regions rs;
	enum status status;
	size_t i, nr = 0;

	if (o->json && o->prometheus) {
		complain("--json or --prometheus, not both");
		return STATUS_USAGE;
	}
	regions_load(&rs);
	r = region_pick(&rs, o->region, true, &status);
	if (!r)
		return status;
	s = mem_get(rs.nr, sizeof(*s));
	for (i = 0; i < rs.nr; i++)
		if (!o->region || r == &rs.r[i])
			stats_load(&s[nr++], &rs.r[i]);
	if (o->json)
		print_json(s, nr);
	else if (o->prometheus)
		stats_prometheus(s, nr);
	else
		for (i = 0; i < nr; i++) {
			if (i)
				putchar('\n');
			print_text(&s[i]);
		}
	return STATUS_GOOD;
}
