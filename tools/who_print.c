// SPDX-License-Identifier: GPL-2.0-only
/* What is known of blockers and holders, as text and as JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "term.h"
#include "text.h"
#include "who.h"

static const char *number(uint64_t n)
{
	return mem_format("%" PRIu64, n);
}

static const char *age(bool known, uint64_t ms)
{
	return known ? text_age(ms) : "-";
}

/* Who took it, as the module knows, and who uses it now. */
static const char *process(const struct page *p)
{
	const char *users = users_text(&p->users);

	if (!p->pid)
		return users;
	return mem_format("%s (%s) took it%s%s", p->comm ? p->comm : "?",
			  p->pid, *users ? ", " : "", users);
}

static void print_stacks(const struct who *w)
{
	size_t i;

	if (!w->stacks.nr)
		return;
	putchar('\n');
	for (i = 0; i < w->stacks.nr && i < 64; i++)
		print_wrapped(4, "stack %s: %s", w->stacks.key[i],
			      w->stacks.value[i]);
}

static uint64_t count_blocks(const struct who *w)
{
	uint64_t nr = 0;
	size_t i;

	for (i = 0; i < w->pages; i++)
		nr += !i || w->page[i].block != w->page[i - 1].block;
	return nr;
}

static void print_blockers(const struct who *w)
{
	static const char *const column[] = {
		"PAGES>", "BLOCKS>", "REASON", "OWNER", "PROCESS", "AGE>", "STACK>"
	};
	struct grid g = { .column = column, .columns = ARRAY_SIZE(column) };
	size_t i;

	print_title("%s: %s in %s", w->r->name,
		    w->pages == 1 ? "1 page blocks" :
		    mem_format("%zu pages block", w->pages),
		    text_count(count_blocks(w), "pageblock"));
	for (i = 0; i < w->groups; i++) {
		const struct group *group = &w->group[i];
		const struct page *p = group->page;

		grid_cell(&g, number(group->pages));
		grid_cell(&g, number(group->blocks));
		grid_cell(&g, mem_format("%s%s", p->reason,
					 page_gone(p) ? " (gone)" : ""));
		grid_cell(&g, page_owner(p));
		grid_cell(&g, process(p));
		grid_cell(&g, age(group->has_age, group->oldest_ms));
		grid_cell(&g, p->stack);
	}
	if (w->groups)
		grid_print(&g);
	if (w->skipped)
		print_wrapped(0, "not looked through: %s of more than 64 GiB",
			      text_count(w->skipped, "mapping"));
}

static void print_holders(const struct who *w)
{
	static const char *const column[] = {
		"KIND", "PAGES>", "SIZE>", "PID>", "COMMAND", "AGE>", "STACK>"
	};
	struct grid g = { .column = column, .columns = ARRAY_SIZE(column) };
	size_t i;

	print_title("%s: %s", w->r->name, w->holders ? "who holds memory" :
		    "nobody is known to hold memory");
	for (i = 0; i < w->holders; i++) {
		const struct holder *h = &w->holder[i];

		grid_cell(&g, h->kind);
		grid_cell(&g, number(h->pages));
		grid_cell(&g, text_bytes(h->pages * w->r->page_size));
		grid_cell(&g, h->pid);
		grid_cell(&g, h->comm);
		grid_cell(&g, age(h->has_age, h->oldest_ms));
		grid_cell(&g, h->stack);
	}
	if (w->holders)
		grid_print(&g);
	if (!w->has_holders)
		print_wrapped(0, "This module does not record other users of the area.");
}

static void print_bufs(const struct who *w)
{
	static const char *const column[] = {
		"EXPORTER", "SIZE>", "NAME", "DEVICES", "PROCESS"
	};
	struct grid g = { .column = column, .columns = ARRAY_SIZE(column) };
	size_t i;

	if (!w->bufs)
		return;
	putchar('\n');
	print_title("dma-buf: %s", text_count(w->bufs, "buffer"));
	for (i = 0; i < w->bufs; i++) {
		const struct dmabuf *buf = &w->buf[i];

		grid_cell(&g, buf->exporter);
		grid_cell(&g, text_bytes(buf->bytes));
		grid_cell(&g, buf->name);
		grid_cell(&g, buf->devices);
		grid_cell(&g, users_text(&buf->users));
	}
	grid_print(&g);
}

void who_print(const struct who *w, bool blockers, bool holders)
{
	if (blockers)
		print_blockers(w);
	if (blockers && holders)
		putchar('\n');
	if (holders) {
		print_holders(w);
		print_bufs(w);
	}
	print_stacks(w);
}

static struct json_object *json_users(const struct users *u)
{
	struct json_object *array = json_object_new_array(), *o;
	size_t i;

	for (i = 0; i < u->nr; i++) {
		o = json_object_new_object();
		json_word(o, "pid", u->user[i].pid);
		json_string(o, "comm", u->user[i].comm);
		json_string(o, "how", u->user[i].how);
		json_object_array_add(array, o);
	}
	return array;
}

static struct json_object *json_taken(const char *pid, const char *comm,
				      const char *stack)
{
	struct json_object *o = json_object_new_object();

	json_word(o, "pid", pid);
	json_text(o, "comm", comm);
	json_word(o, "stack", stack);
	return o;
}

static void json_age(struct json_object *o, bool known, uint64_t ms)
{
	if (known)
		json_u64(o, "oldest_ms", ms);
	else
		json_add(o, "oldest_ms", NULL);
}

static struct json_object *json_blockers(const struct who *w)
{
	struct json_object *array = json_object_new_array(), *o;
	size_t i;

	for (i = 0; i < w->groups; i++) {
		const struct group *g = &w->group[i];

		o = json_object_new_object();
		json_u64(o, "pages", g->pages);
		json_u64(o, "pageblocks", g->blocks);
		json_u64(o, "first_pfn", g->page->pfn);
		json_string(o, "reason", g->page->reason);
		json_add(o, "gone", json_object_new_boolean(page_gone(g->page)));
		json_text(o, "owner", g->page->owner);
		json_text(o, "path", g->page->file ? g->page->file->path : NULL);
		json_add(o, "taken_by", g->page->pid ?
			 json_taken(g->page->pid, g->page->comm,
				    g->page->stack) : NULL);
		json_age(o, g->has_age, g->oldest_ms);
		json_add(o, "users", json_users(&g->page->users));
		json_object_array_add(array, o);
	}
	return array;
}

static struct json_object *json_holders(const struct who *w)
{
	struct json_object *array = json_object_new_array(), *o;
	size_t i;

	for (i = 0; i < w->holders; i++) {
		const struct holder *h = &w->holder[i];

		o = json_taken(h->pid, h->comm, h->stack);
		json_text(o, "kind", h->kind);
		json_u64(o, "pages", h->pages);
		json_age(o, h->has_age, h->oldest_ms);
		json_object_array_add(array, o);
	}
	return array;
}

static struct json_object *json_bufs(const struct who *w)
{
	struct json_object *array = json_object_new_array(), *o;
	size_t i;

	for (i = 0; i < w->bufs; i++) {
		const struct dmabuf *buf = &w->buf[i];

		o = json_object_new_object();
		json_u64(o, "inode", buf->inode);
		json_u64(o, "bytes", buf->bytes);
		json_text(o, "exporter", buf->exporter);
		json_text(o, "name", buf->name);
		json_text(o, "devices", buf->devices);
		json_add(o, "users", json_users(&buf->users));
		json_object_array_add(array, o);
	}
	return array;
}

void who_json(const struct who *w, bool blockers, bool holders)
{
	struct json_object *answer = json_answer("who"), *stacks;
	size_t i;

	json_string(answer, "region", w->r->name);
	if (blockers) {
		json_u64(answer, "blocking_pages", w->pages);
		json_add(answer, "blockers", json_blockers(w));
		json_u64(answer, "mappings_skipped", w->skipped);
	}
	if (holders) {
		json_add(answer, "holders_recorded",
			 json_object_new_boolean(w->has_holders));
		json_add(answer, "holders", json_holders(w));
		json_add(answer, "dma_bufs", json_bufs(w));
	}
	stacks = json_add(answer, "stacks", json_object_new_object());
	for (i = 0; i < w->stacks.nr; i++)
		json_string(stacks, w->stacks.key[i], w->stacks.value[i]);
	json_print(answer);
}
