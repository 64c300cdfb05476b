// SPDX-License-Identifier: GPL-2.0-only
/* Small files, time, waiting, and how often something is repeated. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

/* Return: length of the text, which ends with a NUL, or a negative errno. */
long file_read(const char *path, char *text, size_t size)
{
	size_t have = 0;
	ssize_t got = 1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	while (got > 0 && have < size - 1) {
		got = read(fd, text + have, size - 1 - have);
		if (got > 0)
			have += got;
	}
	if (got < 0)
		got = -errno;
	close(fd);
	text[have] = '\0';
	return got < 0 ? got : (long)have;
}

/* One write(2). */
int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/* Return: the value in a file of lines "key: value". Ends the run without. */
long long file_key(const char *path, const char *key)
{
	char text[16384], *line, *save;
	size_t len = strlen(key);
	long ret = file_read(path, text, sizeof(text));

	if (ret < 0)
		bail(path, ret);
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (!strncmp(line, key, len) && line[len] == ':')
			return strtoll(line + len + 1, NULL, 10);
	bail(key, -ENOENT);
}

double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

void sleep_ms(unsigned int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

/* What was printed is passed on, and a signal ends this process. */
noreturn void wait_for_signal(void)
{
	fflush(stdout);
	for (;;)
		pause();
}

/* Return: @n, or the part of it that scripts/run-tests wants here. */
unsigned int often(unsigned int n)
{
	const char *text = getenv("REPEAT_PART");
	unsigned int part = text ? atoi(text) : 1;

	return part ? (n + part - 1) / part : n;
}
