// SPDX-License-Identifier: GPL-2.0-only
/*
 * A full region, of which random batches are given back: a request for exactly
 * as much gets it, wherever its search begins, turns around and ends.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define CHUNKS	16	/* of order 4, a batch at first */
#define ROUNDS	200
#define RETRY	"partial=0 retries=100 retry_delay_ms=20"

struct batch {
	long long id;
	size_t chunks;
};

struct full {
	const struct region *region;
	struct batch *batch;
	size_t nr;
	size_t most;		/* chunks that a search in windows looks for */
};

static int take(struct full *f, size_t chunks)
{
	char text[128];
	int ret;

	snprintf(text, sizeof(text), "order=4 count=%zu " RETRY, chunks);
	ret = region_alloc(f->region, text);
	if (ret)
		return ret;
	f->batch[f->nr].id = region_last(f->region, "batch");
	f->batch[f->nr++].chunks = chunks;
	return 0;
}

static void fill(struct full *f)
{
	size_t room = region_slots(f->region, 4);
	int ret = 0;

	while (!ret && room >= CHUNKS) {
		ret = take(f, CHUNKS);
		room -= CHUNKS;
	}
	if (!ret && room)
		ret = take(f, room);
	ktap_errno("the region is full", ret, 0);
}

/* Return: chunks that were given back. */
static size_t give_back(struct full *f, size_t wanted)
{
	size_t chunks = 0, i;
	char id[32];
	int ret;

	while (f->nr && chunks < wanted) {
		i = (size_t)rand() % f->nr;
		if (chunks + f->batch[i].chunks > f->most)
			break;
		snprintf(id, sizeof(id), "%lld", f->batch[i].id);
		ret = region_free(f->region, id);
		if (ret)
			bail("giving back a batch", ret);
		chunks += f->batch[i].chunks;
		f->batch[i] = f->batch[--f->nr];
	}
	return chunks;
}

/* In one request or in several, so that batches do not become larger for ever. */
static int take_all(struct full *f, size_t left)
{
	size_t part;
	int ret;

	for (; left; left -= part) {
		part = 1 + (size_t)rand() % (2 * CHUNKS);
		if (part > left || rand() % 4 == 0)
			part = left;
		ret = take(f, part);
		if (ret)
			return ret;
	}
	return 0;
}

void scenario_search(const struct region *region, const char *arg)
{
	struct full f = { .region = region };
	unsigned int rounds = often(ROUNDS), i, bad = 0, tried = 0;
	size_t chunks;
	int ret;

	srand(arg ? (unsigned int)strtoul(arg, NULL, 0) : 1);
	f.batch = calloc(region->pages, sizeof(*f.batch));
	if (!f.batch)
		bail("batches", ENOMEM);
	/* A larger request, four times of which are half the region, looks at all. */
	f.most = region->pages / 8 / 16 - 1;
	fill(&f);
	for (i = 0; i < rounds; i++) {
		chunks = give_back(&f, 1 + (size_t)rand() % f.most);
		if (!chunks)
			continue;
		tried++;
		ret = take_all(&f, chunks);
		if (!ret)
			continue;
		ktap_diag("round %u, %zu chunks: %s", i, chunks, err_name(ret));
		bad++;
		break;
	}
	ktap_diag("%u of %u rounds, %zu batches", tried, rounds, f.nr);
	ktap_ok(tried * 2 > rounds, "something was given back in most rounds");
	ktap_same("each got what was free", bad, 0);
	free(f.batch);
	region_free_all(region);
	region_check_whole(region, "no page is lost");
}
