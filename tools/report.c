// SPDX-License-Identifier: GPL-2.0-only
/* cma-bulk report: one page of HTML that needs nothing else. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "report.h"
#include "request.h"
#include "stats.h"
#include "svg.h"
#include "text.h"
#include "tree.h"
#include "who.h"

static void row(FILE *out, const char *key, const char *value)
{
	fprintf(out, "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n",
		text_html(key), text_html(value ? value : "-"));
}

static void pairs(FILE *out, const char *title, const struct pairs *p)
{
	size_t i;

	fprintf(out, "<h2>%s</h2>\n", title);
	if (!p->nr) {
		fputs("<p class=\"note\">Not known.</p>\n", out);
		return;
	}
	fputs("<div class=\"scroll\"><table>\n", out);
	for (i = 0; i < p->nr; i++)
		if (!histogram_key(p->key[i]))
			row(out, p->key[i], p->value[i]);
	fputs("</table></div>\n", out);
}

static void summary(FILE *out, const struct region *r, const struct blocks *b,
		    const struct pairs *last)
{
	int64_t ret;

	text_s64(pairs_get(last, "ret"), &ret);
	fputs("<div class=\"scroll\"><table>\n", out);
	row(out, "region", r->name);
	row(out, "size", mem_format("%s at 0x%" PRIx64, text_bytes(r->bytes),
				    r->base));
	row(out, "source", r->source);
	row(out, "free", text_bytes(b->free * r->page_size));
	row(out, "movable", text_bytes(b->movable * r->page_size));
	row(out, "busy", text_bytes(b->busy * r->page_size));
	row(out, "held", text_bytes(b->held * r->page_size));
	if (pairs_or_0(last, "requested"))
		row(out, "last request",
		    mem_format("%s%s%s", request_summary(last, r),
			       ret ? ", " : "", ret ? errno_name(-ret) : ""));
	fputs("</table></div>\n", out);
}

static void legend(FILE *out, const char *const *name, unsigned int nr)
{
	unsigned int i;

	fputs("<p class=\"legend\">", out);
	for (i = 0; i < nr; i++)
		fprintf(out, "<span><svg width=\"12\" height=\"12\" aria-hidden=\"true\"><rect class=\"%s\" width=\"12\" height=\"12\"/></svg> %s</span> ",
			name[i], name[i]);
	fputs("</p>\n", out);
}

static void blockers(FILE *out, const struct who *w)
{
	size_t i;

	fprintf(out, "<h2>Blockers: %s</h2>\n", text_count(w->pages, "page"));
	if (!w->groups) {
		fputs("<p class=\"note\">Nothing blocks.</p>\n", out);
		return;
	}
	fputs("<div class=\"scroll\"><table>\n<tr><th>pages</th><th>pageblocks</th><th>reason</th><th>owner</th><th>taken by</th><th>used by</th><th>age</th><th>stack</th></tr>\n",
	      out);
	for (i = 0; i < w->groups; i++) {
		const struct group *g = &w->group[i];
		const struct page *p = g->page;
		const char *stack = p->stack ? pairs_get(&w->stacks, p->stack) : NULL;

		fprintf(out, "<tr><td>%" PRIu64 "</td><td>%" PRIu64 "</td><td>%s%s</td><td>%s</td>",
			g->pages, g->blocks, text_html(p->reason),
			page_gone(p) ? " (gone)" : "", text_html(page_owner(p)));
		fprintf(out, "<td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
			text_html(p->pid ? mem_format("%s (%s)", p->comm ?
						      p->comm : "?", p->pid) : "-"),
			text_html(users_text(&p->users)),
			g->has_age ? text_age(g->oldest_ms) : "-",
			text_html(stack ? stack : "-"));
	}
	fputs("</table></div>\n", out);
}

static void head(FILE *out, const struct region *r)
{
	char when[64] = "";
	time_t now = time(NULL);
	struct tm tm;

	if (gmtime_r(&now, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", &tm);
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n",
	      out);
	fprintf(out, "<title>cma_bulk: %s</title>\n<style>\n%s</style>\n</head>\n<body>\n",
		text_html(r->name), report_style);
	fprintf(out, "<h1>cma_bulk: %s</h1>\n<p class=\"note\">%s</p>\n",
		text_html(r->name), when);
}

static void body(FILE *out, const struct region *r)
{
	struct pairs last, capabilities;
	struct region_stats stats;
	struct histogram h;
	struct who w = { 0 };
	struct blocks b;
	const char *line;

	blocks_load(&b, r);
	tree_pairs(&last, DEBUGFS "/%s/last", r->dir);
	stats_load(&stats, r);
	histogram_load(&h, &stats.stats);
	who_blockers(&w, r);
	tree_pairs(&capabilities, DEBUGFS "/capabilities");
	line = tree_line(DEBUGFS "/version");
	summary(out, r, &b, &last);
	fputs("<h2>Map</h2>\n", out);
	svg_map(out, r, &b);
	legend(out, block_name, BLOCK_STATES);
	fputs("<h2>Latency of requests</h2>\n", out);
	svg_histogram(out, &h);
	legend(out, &outcome_name[OUTCOME_SUCCESS], OUTCOMES - OUTCOME_SUCCESS);
	blockers(out, &w);
	pairs(out, "Last request", &last);
	pairs(out, "Sums since load", &stats.stats);
	pairs(out, "Capabilities", &capabilities);
	fprintf(out, "<p class=\"note\">cma_bulk %s</p>\n</body>\n</html>\n",
		text_html(line ? line : ""));
}

static enum status close_file(FILE *out, const char *name)
{
	bool bad = ferror(out);

	if (fclose(out))
		bad = true;
	if (!bad)
		return STATUS_GOOD;
	complain("%s cannot be written", name);
	return STATUS_FAILED;
}

enum status cmd_report(const struct options *o)
{
	const char *name = o->arg[0];
	const struct region *r;
	struct regions rs;
	enum status status;
	FILE *out;

	regions_load(&rs);
	r = region_pick(&rs, o->region, false, &status);
	if (!r)
		return status;
	out = strcmp(name, "-") ? fopen(name, "we") : fdopen(dup(STDOUT_FILENO), "w");
	if (!out) {
		complain("%s: %s", name, strerror(errno));
		return STATUS_FAILED;
	}
	head(out, r);
	body(out, r);
	return close_file(out, name);
}
