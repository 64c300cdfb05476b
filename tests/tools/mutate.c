// SPDX-License-Identifier: GPL-2.0-only
/*
 * mutate DIR SEED: damages files below DIR, the same way for the same seed: bytes,
 * lines and words are changed, cut, repeated, or made very large.
 */
#define _XOPEN_SOURCE 700
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILES_MAX	512
#define ROOM		1048576

static char *file[FILES_MAX];
static size_t files;
static unsigned long long state;

static unsigned long rnd(unsigned long below)
{
	unsigned long long z = state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return (z ^ z >> 31) % below;
}

static int collect(const char *path, const struct stat *st, int type,
		   struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type == FTW_F && files < FILES_MAX)
		file[files++] = strdup(path);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Replaces @len bytes at @at with @n bytes of @with. */
static size_t splice(char *text, size_t size, size_t at, size_t len,
		     const char *with, size_t n)
{
	if (at + len > size)
		len = size - at;
	if (size - len + n > ROOM)
		return size;
	memmove(text + at + n, text + at + len, size - at - len);
	memcpy(text + at, with, n);
	return size - len + n;
}

static size_t damage(char *text, size_t size)
{
	static const char *const word[] = {
		"18446744073709551615", "-1", "99999999999999999999999", "0x", "",
		"\\", "\\777", "#", ":", "\xff\xfe", "\xe2\x96", "\033[2J", "<b>\"'&",
		"%s%n%d", "../../etc", "1e309", "file:1:2", "file::::", "\n\t ",
		"4096", "9223372036854775808", "-9223372036854775808", "0",
	};
	static char large[70000];
	size_t at = size ? rnd(size) : 0;
	const char *w;
	char byte;

	switch (rnd(7)) {
	case 0:
		byte = rnd(256);
		return splice(text, size, at, 1, &byte, 1);
	case 1:
		return splice(text, size, at, rnd(40), "", 0);
	case 2:
		w = word[rnd(sizeof(word) / sizeof(*word))];
		return splice(text, size, at, rnd(8), w, strlen(w));
	case 3:
		return at;
	case 4:
		memset(large, 'a' + rnd(26), sizeof(large));
		return splice(text, size, at, 0, large, rnd(sizeof(large)));
	case 5:
		memcpy(large, text, size < 512 ? size : 512);
		return splice(text, size, at, 0, large, size < 512 ? size : 512);
	default:
		byte = "\n\0 "[rnd(3)];
		return splice(text, size, at, 0, &byte, 1);
	}
}

static void mutate(const char *path)
{
	static char text[ROOM];
	size_t size, times = 1 + rnd(6);
	FILE *f = fopen(path, "r+");

	if (!f)
		return;
	size = fread(text, 1, sizeof(text) - 1, f);
	while (times--)
		size = damage(text, size);
	f = freopen(path, "w", f);
	if (f) {
		fwrite(text, 1, size, f);
		fclose(f);
	}
}

int main(int argc, char **argv)
{
	size_t times;

	if (argc != 3)
		return 2;
	state = strtoull(argv[2], NULL, 10);
	nftw(argv[1], collect, 16, FTW_PHYS);
	qsort(file, files, sizeof(*file), by_name);
	if (!files)
		return 1;
	for (times = 4 + rnd(12); times; times--)
		mutate(file[rnd(files)]);
	return 0;
}
