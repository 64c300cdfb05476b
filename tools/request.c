// SPDX-License-Identifier: GPL-2.0-only
/* Requests: make one, give back, and say how it went. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "mem.h"
#include "request.h"
#include "term.h"
#include "text.h"
#include "tree.h"

static const struct {
	int err;
	const char *name;
	const char *meaning;
} errors[] = {
	{ EBUSY, "EBUSY", "pages that are pinned or in use stand in the way (cma-bulk who)" },
	{ ENOMEM, "ENOMEM", "the region cannot hold that many free chunks, or there is no memory to move pages to (cma-bulk doctor)" },
	{ ETIMEDOUT, "ETIMEDOUT", "timeout_ms was over" },
	{ EINTR, "EINTR", "it was interrupted" },
	{ EINVAL, "EINVAL", "a word of it is wrong; the kernel log says which" },
	{ E2BIG, "E2BIG", "it is more than the region's size" },
	{ EOPNOTSUPP, "EOPNOTSUPP", "this kernel lacks what the engine needs (cma-bulk doctor)" },
	{ ENOENT, "ENOENT", "there is no such batch" },
	{ EPERM, "EPERM", "the kernel is locked down" },
	{ EACCES, "EACCES", "root is needed" },
};

const char *errno_name(int err)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].err == err)
			return errors[i].name;
	return mem_format("error %d", err);
}

const char *errno_meaning(int err)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].err == err)
			return errors[i].meaning;
	return strerror(err);
}

const char *request_summary(const struct pairs *last, const struct region *r)
{
	uint64_t allocated = pairs_or_0(last, "allocated");
	uint64_t order = pairs_or_0(last, "order");
	uint64_t bytes = order < 40 ? allocated * (r->page_size << order) : 0;

	return mem_format("%" PRIu64 " of %" PRIu64 " chunks of order %" PRIu64
			  " (%s) in %s", allocated, pairs_or_0(last, "requested"),
			  order, text_bytes(bytes),
			  text_us(pairs_or_0(last, "elapsed_us")));
}

static bool is_request_word(const char *word)
{
	const char *equal = strchr(word, '=');
	uint64_t number;

	if (!equal)
		return text_u64(word, &number);
	return equal > word && equal[1] && !strpbrk(word, " \t\n");
}

/* All words in one line; false after a message. */
static bool join_words(const struct options *o, struct text *line,
		       bool (*good)(const char *word), const char *wanted)
{
	int i;

	for (i = 0; i < o->args; i++) {
		if (!good(o->arg[i])) {
			complain("\"%s\" is not %s", o->arg[i], wanted);
			return false;
		}
		text_add(line, "%s%s", i ? " " : "", o->arg[i]);
	}
	text_add(line, "\n");
	return true;
}

static enum status failed(int err, const char *what)
{
	complain("%s: %s: %s", what, errno_name(err), errno_meaning(err));
	switch (err) {
	case EINVAL:
		return STATUS_USAGE;
	case EPERM:
	case EACCES:
		return STATUS_NO_ACCESS;
	default:
		return STATUS_FAILED;
	}
}

enum status cmd_alloc(const struct options *o)
{
	const struct region *r;
	struct text line = { 0 };
	struct regions rs;
	struct pairs last;
	enum status status;
	int err;

	if (!join_words(o, &line, is_request_word, "KEY=VALUE"))
		return STATUS_USAGE;
	regions_load(&rs);
	r = region_pick(&rs, o->region, false, &status);
	if (!r)
		return status;
	err = tree_write(line.s, DEBUGFS "/%s/alloc", r->dir);
	/* A word that is wrong, or no access: there was no request. */
	if (err != EINVAL && err != EPERM && err != EACCES) {
		tree_pairs(&last, DEBUGFS "/%s/last", r->dir);
		print_wrapped(0, "%s", request_summary(&last, r));
		if (pairs_or_0(&last, "batch"))
			printf("batch %" PRIu64 "\n", pairs_or_0(&last, "batch"));
	}
	return err ? failed(err, r->name) : STATUS_GOOD;
}

static bool is_batch_word(const char *word)
{
	uint64_t number;

	return !strcmp(word, "all") || text_u64(word, &number);
}

enum status cmd_free(const struct options *o)
{
	const struct region *r;
	struct text line = { 0 };
	struct regions rs;
	enum status status;
	int err;

	if (!o->args) {
		complain("free what? \"all\", or numbers of batches (cma-bulk status)");
		return STATUS_USAGE;
	}
	if (!join_words(o, &line, is_batch_word, "the number of a batch, or \"all\""))
		return STATUS_USAGE;
	regions_load(&rs);
	r = region_pick(&rs, o->region, false, &status);
	if (!r)
		return status;
	err = tree_write(line.s, DEBUGFS "/%s/free", r->dir);
	return err ? failed(err, r->name) : STATUS_GOOD;
}
