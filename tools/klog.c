// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's log, by /dev/kmsg. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "klog.h"
#include "mem.h"
#include "text.h"
#include "tree.h"

/* A buffer of 1 MiB has some ten thousand lines. */
#define LINES_MAX	100000

/* "priority,number,microseconds,flags;text"; after a blank, more of a record. */
static void add_line(struct klog *log, const char *line)
{
	const char *text = strchr(line, ';');

	if (*line == ' ' || !text || log->nr == LINES_MAX)
		return;
	if (log->nr % 256 == 0)
		log->line = mem_grow(log->line, log->nr + 256,
				     sizeof(*log->line));
	log->line[log->nr++] = text_utf8(text + 1, true);
}

static void add_lines(struct klog *log, char *content)
{
	char *line;

	while ((line = strsep(&content, "\n")))
		add_line(log, line);
}

void klog_load(struct klog *log)
{
	char record[8192 + 1];
	ssize_t n;
	int fd;

	memset(log, 0, sizeof(*log));
	if (tree_recorded()) {
		add_lines(log, tree_read("/dev/kmsg"));
		return;
	}
	fd = tree_open(O_RDONLY | O_NONBLOCK, "/dev/kmsg");
	if (fd < 0)
		return;
	/* One record each; EPIPE: those that were next have been overwritten. */
	while ((n = read(fd, record, sizeof(record) - 1)) > 0 ||
	       (n < 0 && (errno == EPIPE || errno == EINTR))) {
		if (n < 0)
			continue;
		record[n] = '\0';
		add_lines(log, record);
	}
	close(fd);
}

const char *klog_last(const struct klog *log, const char *word,
		      const char *other)
{
	size_t i;

	for (i = log->nr; i-- > 0;)
		if (strstr(log->line[i], word) && strstr(log->line[i], other))
			return log->line[i];
	return NULL;
}

/* What stands before ": alloc failed", if it is not the name of a function. */
static const char *area_name(const char *line, const char *end)
{
	const char *name = line, *p;

	for (p = line; p + 1 < end; p++)
		if (p[0] == ':' && p[1] == ' ')
			name = p + 2;
	if (name >= end || memmem(name, end - name, "cma_alloc", 9))
		return NULL;
	return mem_copy_n(name, end - name);
}

static bool parse_failure(const char *line, struct alloc_failure *f)
{
	const char *what = strstr(line, "alloc failed, req-size: ");

	if (!what || !memmem(line, what - line, "cma", 3))
		return false;
	f->line = line;
	f->area = what - line > 2 ? area_name(line, what - 2) : NULL;
	return sscanf(what, "alloc failed, req-size: %" SCNu64 " pages, ret: %d",
		      &f->pages, &f->err) == 2;
}

bool klog_alloc_failure(const struct klog *log, int err,
			struct alloc_failure *f)
{
	size_t i;

	for (i = log->nr; i-- > 0;)
		if (parse_failure(log->line[i], f) && f->err == -err)
			return true;
	return false;
}
