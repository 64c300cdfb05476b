// SPDX-License-Identifier: GPL-2.0-only
/* cma-bulk who: what blocks, and who holds memory. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "mem.h"
#include "text.h"
#include "tree.h"
#include "who.h"

/* More than these are not listed for one page. */
#define USERS_MAX	16

void users_add(struct users *u, const char *pid, const char *comm,
	       const char *how)
{
	size_t i;

	for (i = 0; i < u->nr; i++)
		if (!strcmp(u->user[i].pid, pid))
			return;
	if (u->nr == USERS_MAX)
		return;
	u->user = mem_grow(u->user, u->nr + 1, sizeof(*u->user));
	u->user[u->nr++] = (struct user){ pid, comm, how };
}

const char *users_text(const struct users *u)
{
	struct text t = { 0 };
	size_t i;

	for (i = 0; i < u->nr; i++)
		text_add(&t, "%s%s (%s) %s", i ? ", " : "", u->user[i].comm,
			 u->user[i].pid, u->user[i].how);
	return text_string(&t);
}

const char *page_owner(const struct page *p)
{
	if (p->file && p->file->path)
		return p->file->path;
	return p->owner ? p->owner : "-";
}

bool page_gone(const struct page *p)
{
	return p->flags && !strcmp(p->flags, "gone");
}

/* "-" is not known. */
static const char *known(const char *word)
{
	return word && strcmp(word, "-") ? word : NULL;
}

/* Of a process: its blanks are escaped. */
static const char *known_name(const char *word)
{
	return known(word) ? text_unescape(word) : NULL;
}

static int by_pfn(const void *a, const void *b)
{
	const struct page *p = a, *q = b;

	return p->pfn < q->pfn ? -1 : p->pfn > q->pfn;
}

static bool split_file(const char *owner, struct file *f)
{
	char *copy, *major, *minor;

	memset(f, 0, sizeof(*f));
	if (!owner || strncmp(owner, "file:", 5))
		return false;
	copy = mem_copy(owner + 5);
	major = strsep(&copy, ":");
	minor = strsep(&copy, ":");
	return text_u64(major, &f->major) && text_u64(minor, &f->minor) &&
	       text_u64(copy, &f->inode);
}

static int by_file(const void *a, const void *b)
{
	const struct file *f = a, *g = b;

	if (f->inode != g->inode)
		return f->inode < g->inode ? -1 : 1;
	if (f->major != g->major)
		return f->major < g->major ? -1 : 1;
	return f->minor < g->minor ? -1 : f->minor > g->minor;
}

/* Each file once; the pages point to theirs. */
static void collect_files(struct who *w)
{
	struct file f;
	size_t i, nr = 0;

	w->file = mem_get(w->pages + 1, sizeof(*w->file));
	for (i = 0; i < w->pages; i++)
		if (split_file(w->page[i].owner, &f))
			w->file[nr++] = f;
	qsort(w->file, nr, sizeof(f), by_file);
	for (i = 0; i < nr; i++)
		if (!i || by_file(&w->file[w->files - 1], &w->file[i]))
			w->file[w->files++] = w->file[i];
	for (i = 0; i < w->pages; i++)
		if (split_file(w->page[i].owner, &f))
			w->page[i].file = bsearch(&f, w->file, w->files,
						  sizeof(f), by_file);
}

static void load_page(struct page *p, const struct table *t, size_t row)
{
	table_u64(t, row, "pfn", &p->pfn);
	table_u64(t, row, "block", &p->block);
	if (!table_u64(t, row, "maps", &p->maps))
		p->maps = 1;
	p->reason = table_get(t, row, "reason");
	p->flags = known(table_get(t, row, "flags"));
	p->owner = known(table_get(t, row, "owner"));
	p->pid = known(table_get(t, row, "pid"));
	p->comm = known_name(table_get(t, row, "comm"));
	p->stack = known(table_get(t, row, "stack"));
	p->has_age = table_u64(t, row, "age_ms", &p->age_ms);
	if (!p->reason)
		p->reason = "unknown";
}

/* What "blockers" does not say of a page, but "holders" does. */
static void join_holder(struct who *w, const struct table *t, size_t row)
{
	struct page key = { 0 }, *p, *end = w->page + w->pages;
	uint64_t nr;

	table_u64(t, row, "pfn", &key.pfn);
	if (!table_u64(t, row, "pages", &nr) || !key.pfn)
		return;
	/* The first page that is not before it. */
	for (p = w->page; p < end && w->pages; ) {
		struct page *middle = p + (end - p) / 2;

		if (middle->pfn < key.pfn)
			p = middle + 1;
		else
			end = middle;
	}
	for (; p < w->page + w->pages && p->pfn - key.pfn < nr; p++) {
		p->kind = known(table_get(t, row, "kind"));
		if (p->pid)
			continue;
		p->pid = known(table_get(t, row, "pid"));
		p->comm = known_name(table_get(t, row, "comm"));
		p->stack = known(table_get(t, row, "stack"));
		p->has_age = table_u64(t, row, "age_ms", &p->age_ms);
	}
}

static bool same_word(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_users(const struct users *u, const struct users *v)
{
	size_t i;

	if (u->nr != v->nr)
		return false;
	for (i = 0; i < u->nr; i++)
		if (strcmp(u->user[i].pid, v->user[i].pid))
			return false;
	return true;
}

static bool same_group(const struct page *p, const struct page *q)
{
	return same_word(p->reason, q->reason) &&
	       same_word(p->owner, q->owner) && same_word(p->pid, q->pid) &&
	       same_word(p->comm, q->comm) && same_word(p->stack, q->stack) &&
	       page_gone(p) == page_gone(q) && same_users(&p->users, &q->users);
}

/* Few differ, so the list of groups is short; it has an end all the same. */
#define GROUPS_MAX	256

static void add_to_group(struct who *w, const struct page *p)
{
	struct group *g;
	size_t i;

	for (i = 0; i < w->groups; i++)
		if (same_group(w->group[i].page, p))
			break;
	if (i == GROUPS_MAX)
		i--;
	g = &w->group[i];
	if (i == w->groups) {
		*g = (struct group){ .page = p };
		w->groups++;
	}
	if (!g->pages++ || g->last_block != p->block)
		g->blocks++;
	g->last_block = p->block;
	g->has_age = g->has_age || p->has_age;
	if (p->has_age && p->age_ms > g->oldest_ms)
		g->oldest_ms = p->age_ms;
}

static int by_pages(const void *a, const void *b)
{
	const struct group *g = a, *h = b;

	return g->pages > h->pages ? -1 : g->pages < h->pages;
}

void who_blockers(struct who *w, const struct region *r)
{
	struct table t, holders;
	size_t i;

	w->r = r;
	tree_table(&t, DEBUGFS "/%s/blockers", r->dir);
	tree_table(&holders, DEBUGFS "/%s/holders", r->dir);
	tree_pairs(&w->stacks, DEBUGFS "/%s/stacks", r->dir);
	w->page = mem_get(t.rows + 1, sizeof(*w->page));
	for (i = 0; i < t.rows; i++)
		load_page(&w->page[w->pages++], &t, i);
	qsort(w->page, w->pages, sizeof(*w->page), by_pfn);
	for (i = 0; i < holders.rows; i++)
		join_holder(w, &holders, i);
	collect_files(w);
	proc_find(w);
	w->group = mem_get(GROUPS_MAX, sizeof(*w->group));
	for (i = 0; i < w->pages; i++)
		add_to_group(w, &w->page[i]);
	qsort(w->group, w->groups, sizeof(*w->group), by_pages);
}

static struct holder *holder_of(struct who *w, const struct holder *like)
{
	struct holder *h;
	size_t i;

	for (i = 0; i < w->holders; i++) {
		h = &w->holder[i];
		if (same_word(h->kind, like->kind) && same_word(h->pid, like->pid) &&
		    same_word(h->comm, like->comm) &&
		    same_word(h->stack, like->stack))
			return h;
	}
	if (w->holders == GROUPS_MAX)
		return &w->holder[GROUPS_MAX - 1];
	h = &w->holder[w->holders++];
	*h = *like;
	return h;
}

static void add_holder(struct who *w, const struct table *t, size_t row,
		       const char *kind, uint64_t pages)
{
	struct holder like = {
		.kind = kind,
		.pid = known(table_get(t, row, "pid")),
		.comm = known_name(table_get(t, row, "comm")),
		.stack = known(table_get(t, row, "stack")),
	}, *h = holder_of(w, &like);
	uint64_t age;

	h->pages += pages;
	if (!table_u64(t, row, "age_ms", &age))
		return;
	h->has_age = true;
	if (age > h->oldest_ms)
		h->oldest_ms = age;
}

void who_holders(struct who *w, const struct region *r)
{
	uint64_t chunks, order, pages;
	struct table t;
	size_t i;

	w->r = r;
	w->holder = mem_get(GROUPS_MAX, sizeof(*w->holder));
	w->has_holders = tree_exists(DEBUGFS "/%s/holders", r->dir);
	tree_pairs(&w->stacks, DEBUGFS "/%s/stacks", r->dir);
	if (w->has_holders) {
		tree_table(&t, DEBUGFS "/%s/holders", r->dir);
		for (i = 0; i < t.rows; i++) {
			table_u64(&t, i, "pages", &pages);
			add_holder(w, &t, i, table_get(&t, i, "kind"), pages);
		}
	} else {
		tree_table(&t, DEBUGFS "/%s/batches", r->dir);
		for (i = 0; i < t.rows; i++) {
			table_u64(&t, i, "chunks", &chunks);
			table_u64(&t, i, "order", &order);
			add_holder(w, &t, i, "bulk",
				   order < 40 ? chunks << order : 0);
		}
	}
	dmabuf_bufinfo(w);
	if (!w->pages)
		proc_find(w);
}

enum status cmd_who(const struct options *o)
{
	bool blockers = o->blockers || !o->holders;
	bool holders = o->holders || !o->blockers;
	const struct region *r;
	struct who w = { 0 };
	struct regions rs;
	enum status status;

	regions_load(&rs);
	r = region_pick(&rs, o->region, false, &status);
	if (!r)
		return status;
	if (blockers)
		who_blockers(&w, r);
	if (holders)
		who_holders(&w, r);
	if (o->json)
		who_json(&w, blockers, holders);
	else
		who_print(&w, blockers, holders);
	return STATUS_GOOD;
}
