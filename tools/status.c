// SPDX-License-Identifier: GPL-2.0-only
/* cma-bulk status: what is there, what is held, how the last request went. */
#include <inttypes.h>
#include <stdio.h>

#include "blocks.h"
#include "commands.h"
#include "json.h"
#include "request.h"
#include "term.h"
#include "text.h"
#include "tree.h"

static uint64_t sysfs_u64(const struct region *r, const char *file)
{
	uint64_t value;

	text_u64(tree_line(SYSFS "/%s/%s", r->dir, file), &value);
	return value;
}

static const char *part(uint64_t pages, const struct blocks *b,
			const struct region *r)
{
	uint64_t all = b->free + b->movable + b->busy + b->held;

	return mem_format("%s (%" PRIu64 " %%)", text_bytes(pages * r->page_size),
			  all ? pages * 100 / all : 0);
}

static void print_batches(const struct region *r)
{
	static const char *const column[] = {
		"BATCH>", "ORDER>", "CHUNKS>", "SIZE>", "AGE>", "PID>", "COMMAND"
	};
	struct grid g = { .column = column, .columns = ARRAY_SIZE(column) };
	uint64_t chunks, order, age;
	struct table t;
	size_t i;

	tree_table(&t, DEBUGFS "/%s/batches", r->dir);
	for (i = 0; i < t.rows; i++) {
		const char *comm = table_get(&t, i, "comm");

		table_u64(&t, i, "chunks", &chunks);
		table_u64(&t, i, "order", &order);
		table_u64(&t, i, "age_ms", &age);
		grid_cell(&g, table_get(&t, i, "batch"));
		grid_cell(&g, table_get(&t, i, "order"));
		grid_cell(&g, table_get(&t, i, "chunks"));
		grid_cell(&g, order < 40 ?
			  text_bytes(chunks * (r->page_size << order)) : "-");
		grid_cell(&g, text_age(age));
		grid_cell(&g, table_get(&t, i, "pid"));
		grid_cell(&g, text_unescape(comm ? comm : "-"));
	}
	if (t.rows) {
		putchar('\n');
		grid_print(&g);
	}
}

static void print_last(const struct region *r)
{
	struct pairs last;
	int64_t ret;

	tree_pairs(&last, DEBUGFS "/%s/last", r->dir);
	if (!pairs_or_0(&last, "requested"))
		return;
	text_s64(pairs_get(&last, "ret"), &ret);
	print_pair("last", "%s%s%s", request_summary(&last, r), ret ? ", " : "",
		   ret ? errno_name(-ret) : "");
}

static void print_region(const struct region *r, bool debugfs)
{
	uint64_t pool = sysfs_u64(r, "pool_bytes");
	struct blocks b;

	putchar('\n');
	print_title("%s", r->name);
	print_pair("size", "%s%s", text_bytes(r->bytes), r->base ?
		   mem_format(" at 0x%" PRIx64, r->base) : "");
	if (debugfs) {
		blocks_load(&b, r);
		print_pair("free", "%s", part(b.free, &b, r));
		print_pair("movable", "%s", part(b.movable, &b, r));
		print_pair("busy", "%s in %s", part(b.busy, &b, r),
			   text_count(b.in_state[BLOCK_BUSY], "pageblock"));
		print_pair("held", "%s", part(b.held, &b, r));
	} else {
		print_pair("held", "%s", text_bytes(sysfs_u64(r, "held_bytes")));
	}
	if (pool)
		print_pair("pool", "%s", text_bytes(pool));
	if (tree_exists(SYSFS "/%s/requests", r->dir))
		print_pair("requests", "%" PRIu64 ": %" PRIu64 " complete, %" PRIu64
			   " partial, %" PRIu64 " failed", sysfs_u64(r, "requests"),
			   sysfs_u64(r, "success"), sysfs_u64(r, "partial"),
			   sysfs_u64(r, "failure"));
	if (debugfs) {
		print_last(r);
		print_batches(r);
	}
}

static void json_sysfs(struct json_object *o, const struct region *r)
{
	char **file = tree_list(SYSFS "/%s", r->dir);

	for (; *file; file++)
		json_word(o, *file, tree_line(SYSFS "/%s/%s", r->dir, *file));
}

static struct json_object *json_region(const struct region *r, bool debugfs)
{
	struct json_object *o = json_object_new_object(), *in;
	struct blocks b;
	struct pairs last;
	struct table t;
	unsigned int i;

	json_string(o, "name", r->name);
	json_u64(o, "size_bytes", r->bytes);
	json_sysfs(json_add(o, "sysfs", json_object_new_object()), r);
	if (!debugfs)
		return o;
	json_string(o, "base", mem_format("0x%" PRIx64, r->base));
	json_string(o, "source", r->source);
	json_u64(o, "pageblocks", r->blocks);
	json_u64(o, "pageblock_pages", r->block_pages);
	blocks_load(&b, r);
	in = json_add(o, "pages", json_object_new_object());
	json_u64(in, "free", b.free);
	json_u64(in, "movable", b.movable);
	json_u64(in, "busy", b.busy);
	json_u64(in, "held", b.held);
	in = json_add(o, "blocks", json_object_new_object());
	for (i = 0; i < BLOCK_STATES; i++)
		json_u64(in, block_name[i], b.in_state[i]);
	tree_table(&t, DEBUGFS "/%s/batches", r->dir);
	json_add(o, "batches", json_table(&t));
	tree_pairs(&last, DEBUGFS "/%s/last", r->dir);
	json_add(o, "last", json_pairs(&last));
	return o;
}

static const char *version(void)
{
	const char *line = tree_line(DEBUGFS "/version");

	return line ? line : tree_line("/sys/module/cma_bulk/version");
}

static bool is_wanted(const struct options *o, const struct region *r)
{
	return !o->region || region_is(r, o->region);
}

static void print_json(const struct options *o, const struct regions *rs)
{
	struct json_object *answer = json_answer("status"), *array, *one;
	size_t i;

	json_string(answer, "version", version());
	json_string(answer, "debugfs", rs->reach == REACH_ALL ? "yes" :
		    mem_format("no: %s", reach_text(rs->reach)));
	array = json_add(answer, "regions", json_object_new_array());
	for (i = 0; i < rs->nr; i++) {
		if (!is_wanted(o, &rs->r[i]))
			continue;
		one = json_region(&rs->r[i], rs->reach == REACH_ALL);
		json_object_array_add(array, one);
	}
	json_print(answer);
}

enum status cmd_status(const struct options *o)
{
	struct regions rs;
	enum status status;
	size_t i;

	regions_load(&rs);
	/* Without a region there is still something to tell. */
	if ((rs.nr || rs.reach != REACH_ALL || o->region) &&
	    !region_pick(&rs, o->region, true, &status))
		return status;
	if (o->json) {
		print_json(o, &rs);
		return STATUS_GOOD;
	}
	print_wrapped(0, "cma_bulk %s, %s", version() ? version() : "",
		      text_count(rs.nr, "region"));
	if (rs.reach != REACH_ALL)
		print_wrapped(0, "%s", reach_text(rs.reach));
	else if (!rs.nr)
		print_wrapped(0, "cma-bulk doctor says why there is none");
	for (i = 0; i < rs.nr; i++)
		if (is_wanted(o, &rs.r[i]))
			print_region(&rs.r[i], rs.reach == REACH_ALL);
	return STATUS_GOOD;
}
