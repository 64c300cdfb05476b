// SPDX-License-Identifier: GPL-2.0-only
/* Is the module there, how much of it can be reached, and its regions. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "region.h"
#include "text.h"
#include "tree.h"

void complain(const char *fmt, ...)
{
	va_list args;
	char *s;

	va_start(args, fmt);
	if (vasprintf(&s, fmt, args) >= 0) {
		fprintf(stderr, "cma-bulk: %s\n", text_utf8(s, true));
		free(s);
	}
	va_end(args);
}

enum reach reach_of_module(void)
{
	if (!tree_exists("/sys/module/cma_bulk") && !tree_exists(SYSFS) &&
	    !tree_exists(DEBUGFS))
		return REACH_NO_MODULE;
	if (tree_read(DEBUGFS "/regions"))
		return REACH_ALL;
	if (errno == EPERM)
		return REACH_LOCKED;
	if (errno == EACCES)
		return REACH_DENIED;
	return REACH_NOT_MOUNTED;
}

const char *reach_text(enum reach reach)
{
	switch (reach) {
	case REACH_NO_MODULE:
		return "the module cma_bulk is not loaded (cma-bulk load)";
	case REACH_NOT_MOUNTED:
		return DEBUGFS " is not there: is debugfs mounted? (cma-bulk doctor)";
	case REACH_DENIED:
		return "no access to " DEBUGFS ": root is needed";
	case REACH_LOCKED:
		return "the kernel is locked down: it refuses access to debugfs";
	case REACH_ALL:
		break;
	}
	return "all can be reached";
}

static void add_region(struct regions *rs, const struct region *r)
{
	size_t i;

	/* What has no name of its own could not be asked for. */
	for (i = 0; i < rs->nr; i++)
		if (!strcmp(rs->r[i].name, r->name))
			return;
	rs->r = mem_grow(rs->r, rs->nr + 1, sizeof(*rs->r));
	rs->r[rs->nr++] = *r;
}

/* What is no name of a folder would lead out of the tree. */
static bool good_name(const char *dir)
{
	return *dir && *dir != '.' && !strchr(dir, '/');
}

static bool power_of_2(uint64_t n)
{
	return n && !(n & (n - 1));
}

static void from_debugfs(struct regions *rs)
{
	struct table t;
	size_t i;

	tree_table(&t, DEBUGFS "/regions");
	for (i = 0; i < t.rows; i++) {
		struct region r = { .word = table_get(&t, i, "name") };

		if (!r.word)
			continue;
		r.dir = text_unescape(r.word);
		r.name = text_utf8(r.dir, true);
		if (!good_name(r.dir))
			continue;
		r.source = table_get(&t, i, "source");
		table_u64(&t, i, "base", &r.base);
		table_u64(&t, i, "size_bytes", &r.bytes);
		table_u64(&t, i, "pageblocks", &r.blocks);
		table_u64(&t, i, "pageblock_pages", &r.block_pages);
		if (r.blocks && r.block_pages &&
		    r.blocks <= UINT64_MAX / r.block_pages)
			r.page_size = r.bytes / (r.blocks * r.block_pages);
		if (!power_of_2(r.page_size) || r.page_size > 1 << 20)
			r.page_size = sysconf(_SC_PAGESIZE);
		add_region(rs, &r);
	}
}

static void from_sysfs(struct regions *rs)
{
	char **dir = tree_list(SYSFS);

	for (; *dir; dir++) {
		struct region r = { .name = *dir, .word = *dir, .dir = *dir };
		const char *size = tree_line(SYSFS "/%s/size_bytes", *dir);

		if (!size)
			continue;
		text_u64(size, &r.bytes);
		r.page_size = sysconf(_SC_PAGESIZE);
		add_region(rs, &r);
	}
}

void regions_load(struct regions *rs)
{
	memset(rs, 0, sizeof(*rs));
	rs->reach = reach_of_module();
	if (rs->reach == REACH_ALL)
		from_debugfs(rs);
	else if (rs->reach != REACH_NO_MODULE)
		from_sysfs(rs);
}

bool region_is(const struct region *r, const char *name)
{
	return !strcmp(r->name, name) || !strcmp(r->word, name) ||
	       !strcmp(r->dir, name);
}

static const struct region *find(const struct regions *rs, const char *name)
{
	const struct region *best = NULL;
	size_t i;

	for (i = 0; i < rs->nr; i++) {
		const struct region *r = &rs->r[i];

		if (name ? region_is(r, name) : !best || r->bytes > best->bytes)
			best = r;
	}
	return best;
}

static void complain_name(const struct regions *rs, const char *name)
{
	struct text t = { 0 };
	size_t i;

	for (i = 0; i < rs->nr; i++)
		text_add(&t, "%s%s", i ? ", " : "", rs->r[i].name);
	complain("no region %s; there is %s", name, text_string(&t));
}

const struct region *region_pick(const struct regions *rs, const char *name,
				 bool sysfs, enum status *status)
{
	const struct region *r;

	*status = STATUS_NO_ACCESS;
	if (rs->reach == REACH_NO_MODULE ||
	    (rs->reach != REACH_ALL && (!sysfs || !rs->nr))) {
		complain("%s", reach_text(rs->reach));
		return NULL;
	}
	*status = STATUS_FAILED;
	if (!rs->nr) {
		complain("there is no region (cma-bulk doctor says why)");
		return NULL;
	}
	r = find(rs, name);
	if (!r) {
		*status = STATUS_USAGE;
		complain_name(rs, name);
	}
	return r;
}
