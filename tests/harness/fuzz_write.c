// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random writes: one half is well-formed, the other nearly so, or not at all.
 *
 * Nothing may wait for ever: what could make a request last is small in every
 * good text, and the bad ones for those files can be no number.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

#define MAX_FILES	64
#define OPENS_MAX	1000
#define UNTIMED_MAX	50	/* chunks */

typedef int (*text_fn)(struct rng *rng, const struct region *region,
		       char *text, size_t size);

static const char *any_engine(struct rng *rng)
{
	static const char * const engines[] = {
		"bulk", "bulk", "bulk", "linear", "single", "cma_alloc",
		"cma_alloc_block",
	};

	return engines[rng_below(rng, ARRAY_SIZE(engines))];
}

static int good_alloc(struct rng *rng, const struct region *region,
		      char *text, size_t size)
{
	unsigned int order = rng_below(rng, 11);
	/* Small ones more often: what is large takes long. */
	unsigned int most = rng_below(rng, 1 + (region->pages >> order));
	unsigned int count = 1 + rng_below(rng, 1 + most);
	/* The knobs, when the module is new, give it no time to end. */
	unsigned int untimed = 1 + rng_below(rng, UNTIMED_MAX);

	switch (rng_below(rng, 8)) {
	case 0:
		return snprintf(text, size, "%u\n", untimed);
	case 1:
		return snprintf(text, size, "%u %u", order, untimed);
	default:
		return snprintf(text, size,
				"order=%u count=%u engine=%s align=%u fast=%u partial=%u salvage=%u workers=%u retries=%d retry_delay_ms=%u timeout_ms=%u",
				order, count, any_engine(rng),
				rng_below(rng, 12), rng_below(rng, 2),
				rng_below(rng, 2), rng_below(rng, 2),
				rng_below(rng, 5), (int)rng_below(rng, 3) - 1,
				rng_below(rng, 5), 1 + rng_below(rng, 50));
	}
}

static int good_free(struct rng *rng, const struct region *region,
		     char *text, size_t size)
{
	unsigned int first = 1 + rng_below(rng, 20);

	(void)region;
	if (rng_below(rng, 2))
		return snprintf(text, size, "all");
	return snprintf(text, size, "%u %u", first, first + 1);
}

static int good_reset(struct rng *rng, const struct region *region,
		      char *text, size_t size)
{
	(void)rng;
	(void)region;
	return snprintf(text, size, "1\n");
}

static int good_pin(struct rng *rng, const struct region *region,
		    char *text, size_t size)
{
	static const char * const modes[] = {
		"legacy", "legacy dma=1", "longterm", "transient",
	};

	return snprintf(text, size,
			"region=%s mode=%s blocks=%u pages=%u hold_ms=%u jitter_ms=%u seed=%llu",
			strrchr(region->dir, '/') + 1,
			modes[rng_below(rng, ARRAY_SIZE(modes))],
			1 + rng_below(rng, 4), 1 + rng_below(rng, 12),
			rng_below(rng, 5), rng_below(rng, 5), rng_next(rng));
}

static int good_unpin(struct rng *rng, const struct region *region,
		      char *text, size_t size)
{
	(void)region;
	if (rng_below(rng, 2))
		return snprintf(text, size, "all");
	return snprintf(text, size, "%u", 1 + rng_below(rng, 20));
}

static int good_engine(struct rng *rng, const struct region *region,
		       char *text, size_t size)
{
	(void)region;
	return snprintf(text, size, "%s\n", any_engine(rng));
}

static int good_bool(struct rng *rng, const struct region *region,
		     char *text, size_t size)
{
	(void)region;
	return snprintf(text, size, "%u\n", rng_below(rng, 2));
}

/* Probes come and go under everything else. */
static int good_track(struct rng *rng, const struct region *region,
		      char *text, size_t size)
{
	static const char * const words[] = { "off", "cma", "pins", "cma pins" };

	(void)region;
	return snprintf(text, size, "%s\n", words[rng_below(rng, ARRAY_SIZE(words))]);
}

/* Small enough for whatever it means. */
static int good_number(struct rng *rng, const struct region *region,
		       char *text, size_t size)
{
	(void)region;
	return snprintf(text, size, "%u\n", rng_below(rng, 4));
}

/* A request that nobody gave a time must not wait for ever. */
static int good_time(struct rng *rng, const struct region *region,
		     char *text, size_t size)
{
	(void)region;
	return snprintf(text, size, "%u\n", 1 + rng_below(rng, 20));
}

static const struct kind {
	const char *name;
	text_fn good;
	bool no_number;		/* a bad text must not happen to be one */
	unsigned int share;
} kinds[] = {
	{ "alloc", good_alloc, false, 8 },
	{ "free", good_free, false, 6 },
	{ "reset_stats", good_reset, false, 1 },
	{ "track", good_track, false, 1 },
	{ "pin", good_pin, true, 4 },
	{ "unpin", good_unpin, false, 4 },
	{ "knobs/order", good_number, false, 1 },
	{ "knobs/count", good_time, false, 1 },
	{ "knobs/align", good_number, false, 1 },
	{ "knobs/fast", good_bool, false, 1 },
	{ "knobs/retries", good_number, true, 1 },
	{ "knobs/retry_delay_ms", good_number, true, 1 },
	{ "knobs/timeout_ms", good_time, true, 1 },
	{ "knobs/partial", good_bool, false, 1 },
	{ "knobs/salvage", good_bool, false, 1 },
	{ "knobs/workers", good_number, false, 1 },
	{ "knobs/engine", good_engine, false, 1 },
	{ "knobs/floor_mb", good_number, false, 1 },
	{ "knobs/pool", good_bool, false, 1 },
	{ "knobs/migrate_max", good_number, true, 1 },
	{ "knobs/isolate_max", good_number, true, 1 },
};

static struct {
	char path[256];
	const struct kind *kind;
} files[MAX_FILES];

static unsigned int nr_files, nr_unknown, nr_shares;

static const struct kind *kind_of(const char *path)
{
	size_t len = strlen(path), n, i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		n = strlen(kinds[i].name);
		if (len > n && path[len - n - 1] == '/' &&
		    !strcmp(path + len - n, kinds[i].name))
			return &kinds[i];
	}
	return NULL;
}

static int note_file(const char *path, const struct stat *st, int type,
		     struct FTW *ftw)
{
	const struct kind *kind = kind_of(path);

	(void)ftw;
	if (type != FTW_F || !(st->st_mode & 0200))
		return 0;
	if (!kind) {
		ktap_diag("unknown: %s", path);
		nr_unknown++;
		return 0;
	}
	if (nr_files == MAX_FILES || strlen(path) >= sizeof(files[0].path))
		return -1;
	snprintf(files[nr_files].path, sizeof(files[0].path), "%s", path);
	files[nr_files++].kind = kind;
	nr_shares += kind->share;
	return 0;
}

unsigned int fuzz_find_files(unsigned int *unknown)
{
	if (nftw(DEBUGFS_ROOT "/" BULK, note_file, 8, FTW_PHYS) ||
	    nftw(DEBUGFS_ROOT "/" PINNER, note_file, 8, FTW_PHYS) || !nr_files)
		bail("the files", errno);
	*unknown = nr_unknown;
	return nr_files;
}

static unsigned int pick_file(struct rng *rng)
{
	unsigned int left = rng_below(rng, nr_shares), i = 0;

	while (left >= files[i].kind->share)
		left -= files[i++].kind->share;
	return i;
}

/* Parts of a good text: cut off, repeated, replaced. */
static int spoil(struct rng *rng, char *text, int len)
{
	int from = rng_below(rng, len), n = 1 + rng_below(rng, len - from);

	switch (rng_below(rng, 4)) {
	case 0:
		return from;
	case 1:
		memmove(text + len, text + from, n);
		return len + n;
	case 2:
		text[from] = rng_next(rng);
		return len;
	default:
		memmove(text + from, text + from + n, len - from - n);
		return len - n;
	}
}

static int noise(struct rng *rng, char *text)
{
	static const char near[] = "0123456789=-+\n \tacdeglnorstux_,x%s";
	int len = rng_below(rng, rng_below(rng, 8) ? 64 : FUZZ_TEXT_MAX), i;
	bool any = rng_below(rng, 2);

	for (i = 0; i < len; i++)
		text[i] = any ? (char)rng_next(rng) :
			  near[rng_below(rng, sizeof(near) - 1)];
	return len;
}

/* @text has room for twice FUZZ_TEXT_MAX. */
static int make_text(struct rng *rng, const struct region *region,
		     const struct kind *kind, char *text)
{
	bool good = rng_below(rng, 2);
	int len;

	if (!good && rng_below(rng, 2)) {
		len = noise(rng, text);
	} else {
		len = kind->good(rng, region, text, FUZZ_TEXT_MAX);
		if (!good)
			len = spoil(rng, text, len);
	}
	if (good || kind->good == good_free || kind->good == good_unpin)
		return len;
	if (kind->no_number)
		text[len++] = 'x';
	/* Whatever a spoilt request has become, it ends. */
	if (kind->good == good_alloc)
		len += sprintf(text + len, " retries=0 timeout_ms=50");
	return len;
}

/* Between unload and load it is not there; that is not counted as a write. */
static int open_file(const char *path)
{
	unsigned int tries;
	int fd;

	for (tries = 0; tries < OPENS_MAX; tries++) {
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd >= 0)
			return fd;
		sleep_ms(1);
	}
	return -errno;
}

static int write_once(struct rng *rng, const char *path, const char *text,
		      int len)
{
	int fd = open_file(path), ret = 0;

	if (fd < 0)
		return fd;
	if (!rng_below(rng, 64))
		text = (char *)16;	/* nothing is mapped there */
	if (write(fd, text, len) < 0)
		ret = -errno;
	/* The file is going with its module. */
	if (ret == -EIO)
		ret = -ENODEV;
	close(fd);
	return ret;
}

void fuzz_writes(struct rng *rng, const struct region *region,
		 unsigned long nr, struct fuzz_tally *tally)
{
	static char text[2 * FUZZ_TEXT_MAX];
	unsigned int i;
	int len;

	while (nr--) {
		i = pick_file(rng);
		len = make_text(rng, region, files[i].kind, text);
		fuzz_count(tally, write_once(rng, files[i].path, text, len));
		fuzz_rest(rng, 16);
	}
}
