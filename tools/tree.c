// SPDX-License-Identifier: GPL-2.0-only
/* Files of the kernel, or of a recorded tree. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text.h"
#include "tree.h"

/* A list of blockers has a line for each page: more than this is not read. */
#define READ_MAX	(256UL << 20)

static const char *root(void)
{
	const char *dir = getenv("CMA_BULK_ROOT");

	return dir ? dir : "";
}

bool tree_recorded(void)
{
	return *root();
}

char *tree_path(const char *path)
{
	return mem_format("%s%s", root(), path);
}

static char *format_path(const char *fmt, va_list args)
{
	char *path;
	int len;

	len = vasprintf(&path, fmt, args);
	if (len < 0)
		return tree_path("");
	fmt = tree_path(path);
	free(path);
	return (char *)fmt;
}

/* The path that the arguments after @fmt say. */
#define PATH_OF(path, fmt) do {			\
	va_list args;				\
						\
	va_start(args, fmt);			\
	(path) = format_path(fmt, args);	\
	va_end(args);				\
} while (0)

bool tree_exists(const char *fmt, ...)
{
	char *path;

	PATH_OF(path, fmt);
	return !access(path, F_OK);
}

static char *read_fd(int fd)
{
	struct text t = { 0 };
	char *nul;
	ssize_t n;

	do {
		/* text_put() leaves room for a NUL behind what it has. */
		if (t.room - t.len < 4096 + 1) {
			t.room = t.room * 2 + 8192;
			t.s = mem_grow(t.s, t.room, 1);
		}
		n = read(fd, t.s + t.len, t.room - t.len - 1);
		if (n > 0)
			t.len += n;
	} while ((n > 0 && t.len < READ_MAX) || (n < 0 && errno == EINTR));
	if (n < 0)
		return NULL;
	t.s[t.len] = '\0';
	while ((nul = memchr(t.s, '\0', t.len)))
		*nul = '?';
	return t.s;
}

static char *read_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *content;
	int err;

	if (fd < 0)
		return NULL;
	content = read_fd(fd);
	err = errno;
	close(fd);
	errno = err;
	return content;
}

char *tree_read(const char *fmt, ...)
{
	char *path;

	PATH_OF(path, fmt);
	return read_path(path);
}

char *tree_line(const char *fmt, ...)
{
	char *path, *content;

	PATH_OF(path, fmt);
	content = read_path(path);
	if (content)
		content[strcspn(content, "\n")] = '\0';
	return content;
}

void tree_table(struct table *t, const char *fmt, ...)
{
	char *path, *content;

	PATH_OF(path, fmt);
	content = read_path(path);
	table_parse(t, content ? content : mem_copy(""));
}

void tree_pairs(struct pairs *p, const char *fmt, ...)
{
	char *path, *content;

	PATH_OF(path, fmt);
	content = read_path(path);
	pairs_parse(p, content ? content : mem_copy(""));
}

char *tree_link(const char *fmt, ...)
{
	char *path, target[4096];
	ssize_t len;

	PATH_OF(path, fmt);
	len = readlink(path, target, sizeof(target));
	return len < 0 ? NULL : mem_copy_n(target, len);
}

int tree_open(int flags, const char *fmt, ...)
{
	char *path;

	PATH_OF(path, fmt);
	return open(path, flags | O_CLOEXEC);
}

int tree_write(const char *content, const char *fmt, ...)
{
	size_t len = strlen(content);
	char *path;
	ssize_t n;
	int fd, err;

	PATH_OF(path, fmt);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	n = write(fd, content, len);
	err = n < 0 ? errno : (size_t)n < len ? EIO : 0;
	close(fd);
	return err;
}

static int by_name(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

char **tree_list(const char *fmt, ...)
{
	char *path, **names = mem_get(1, sizeof(*names));
	struct dirent *entry;
	size_t nr = 0;
	DIR *dir;

	PATH_OF(path, fmt);
	dir = opendir(path);
	if (!dir)
		return names;
	while ((entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		names = mem_grow(names, nr + 2, sizeof(*names));
		names[nr++] = mem_copy(entry->d_name);
		names[nr] = NULL;
	}
	closedir(dir);
	qsort(names, nr, sizeof(*names), by_name);
	return names;
}
