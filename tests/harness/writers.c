// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that want chunks of one region at the same time. They and all
 * others live elsewhere and get no new memory meanwhile, so that nothing but
 * the requests of the others can be in the way of a request.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

#define ROUNDS		20
#define MAX_WRITERS	4
#define MAX_BATCHES	(2 * MAX_WRITERS)

struct ask {
	unsigned int order;
	unsigned int align;
	unsigned int share;	/* of the region: 1 / share; 0 ends the list */
	bool fast;		/* takes what is easy to have, may miss some */
};

static const struct mix {
	const char *name;
	struct ask asks[MAX_WRITERS + 1];
} mixes[] = {
	{ "two alike", { { 4, 0, 16, false }, { 4, 0, 16, false } } },
	{ "two orders, one fast", { { 0, 0, 64, false }, { 4, 0, 16, true } } },
	{ "four orders", { { 4, 0, 16, false }, { 0, 0, 64, false },
			   { 7, 0, 16, false }, { 9, 0, 16, false } } },
	{ "two of four fast", { { 4, 0, 16, true }, { 2, 5, 64, false },
				{ 1, 0, 32, true }, { 4, 0, 16, false } } },
	{ "two that fill it", { { 4, 0, 2, false }, { 4, 0, 2, false } } },
};

struct writer {
	const struct ask *ask;
	char request[64];
	pid_t pid;
	int go[2];
	int done[2];
};

struct team {
	const struct region *region;
	struct writer writers[MAX_WRITERS];
	unsigned int nr;
	unsigned char *seen;	/* for each page of the region */
	unsigned int refused;
	unsigned int wrong;
};

/* Numbers of all batches, as "free" wants them. Return: the newest of @pid. */
static unsigned int batches_of(const struct region *region, pid_t pid,
			       char *text, size_t size)
{
	FILE *f = region_open(region, "batches");
	unsigned int batch, newest = 0;
	char line[256];
	size_t len = 0;
	int owner;

	text[0] = '\0';
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%u %*u %*u %*u %*u %d", &batch, &owner) != 2)
			continue;
		if (len < size)
			len += snprintf(text + len, size - len, "%u ", batch);
		if (owner == pid && batch > newest)
			newest = batch;
	}
	fclose(f);
	return newest;
}

static int give_back(const struct region *region, const char *batches)
{
	return batches[0] ? region_free(region, batches) : 0;
}

/* Take, give back, and take again without a pause. Return: the first error. */
static int take_twice(const struct region *region, const char *request)
{
	unsigned int before, now;
	char text[256];
	int ret, back = 0, again;

	/* The parent gives back what is left of the round before. */
	before = batches_of(region, getpid(), text, sizeof(text));
	ret = region_alloc(region, request);
	now = batches_of(region, getpid(), text, sizeof(text));
	if (now > before) {
		snprintf(text, sizeof(text), "%u", now);
		back = give_back(region, text);
	}
	again = region_alloc(region, request);
	if (back)
		return back;
	return ret ? ret : again;
}

static void play(const struct region *region, struct writer *writer)
{
	char text[256], c;
	int ret = 0;

	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		_exit(1);
	/* What it will need later is there before it says that it is. */
	batches_of(region, getpid(), text, sizeof(text));
	do {
		if (write(writer->done[1], &ret, sizeof(ret)) != sizeof(ret))
			_exit(1);
		if (read(writer->go[0], &c, 1) != 1)
			_exit(0);
		ret = take_twice(region, writer->request);
	} while (1);
}

static int result_of(struct writer *writer)
{
	int ret;

	if (read(writer->done[0], &ret, sizeof(ret)) != sizeof(ret))
		bail("a writer", EPIPE);
	return ret;
}

static void start(const struct region *region, struct writer *writer)
{
	const struct ask *ask = writer->ask;
	unsigned int step = ask->order > ask->align ? ask->order : ask->align;
	size_t all = region->pages >> step;

	/* A pair that wants all of it can have only what others do not hold. */
	if (ask->share == 2)
		all = region_slots(region, ask->order);
	snprintf(writer->request, sizeof(writer->request),
		 "order=%u align=%u fast=%u count=%zu", ask->order, ask->align,
		 ask->fast, all / ask->share);
	if (pipe(writer->go) || pipe(writer->done))
		bail("pipe", errno);
	writer->pid = fork();
	if (writer->pid < 0)
		bail("fork", errno);
	if (!writer->pid) {
		/* The end of the parent ends this pipe, and so us. */
		close(writer->go[1]);
		play(region, writer);
	}
	close(writer->go[0]);
	close(writer->done[1]);
	result_of(writer);
}

/* Each chunk inside, apart from all others and aligned; as many as there are. */
static void check_chunks(struct team *team)
{
	const struct region *region = team->region;
	FILE *f = region_open(region, "chunks");
	unsigned long long pfn, i;
	unsigned int order;
	char line[128];

	memset(team->seen, 0, region->pages);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*u %llu %u", &pfn, &order) != 2)
			continue;
		team->wrong += pfn & ((1ULL << order) - 1);
		for (i = 0; i < 1ULL << order; i++)
			if (!region_has(region, pfn + i) ||
			    team->seen[pfn + i - region->base]++)
				team->wrong++;
	}
	fclose(f);
}

/* Whatever is on no list of chunks must not be held, and nothing else. */
static void check_books(struct team *team)
{
	FILE *f = region_open(team->region, "blocks");
	unsigned long long held, sum = 0;
	char line[256];
	size_t i;

	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%*u %*u %*s %*u %*u %*u %llu", &held) == 1)
			sum += held;
	fclose(f);
	for (i = 0; i < team->region->pages; i++)
		sum -= team->seen[i];
	team->wrong += !!sum;
}

/* The chunks of the round before go back while new ones are taken. */
static void round_of(struct team *team, const char *old)
{
	unsigned int i;
	int ret;

	for (i = 0; i < team->nr; i++)
		if (write(team->writers[i].go[1], "", 1) != 1)
			bail("a writer", errno);
	if (give_back(team->region, old))
		team->wrong++;
	for (i = 0; i < team->nr; i++) {
		ret = result_of(&team->writers[i]);
		if (!ret || (ret == -EBUSY && team->writers[i].ask->fast))
			continue;
		team->refused++;
		ktap_diag("%s: %s", team->writers[i].request, err_name(ret));
	}
	check_chunks(team);
	check_books(team);
}

static long long refused_calls(const struct region *region)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/stats", region->dir);
	return file_key(path, "contig_busy");
}

/*
 * Until 5.18 (8b10b465d0e1) a drain empties the list of a processor before it has the
 * lock under which it frees the pages. A call that drains for itself meanwhile finds
 * the list empty, and is refused for a page that is free in a moment: whose it was
 * does not matter. Seen on 5.10, one call in some hundred rounds on a busy machine.
 */
static bool drains_in_two_steps(void)
{
	unsigned int version, patchlevel;
	struct utsname u;

	if (uname(&u) || sscanf(u.release, "%u.%u", &version, &patchlevel) != 2)
		return false;
	return version < 5 || (version == 5 && patchlevel < 18);
}

static void play_mix(struct team *team, const struct mix *mix)
{
	bool tight = mix->asks[0].share == 2;
	unsigned int i, rounds = often(ROUNDS);
	char old[16 * MAX_BATCHES] = "";
	long long calls;

	team->refused = 0;
	team->wrong = 0;
	for (team->nr = 0; mix->asks[team->nr].share; team->nr++) {
		team->writers[team->nr].ask = &mix->asks[team->nr];
		start(team->region, &team->writers[team->nr]);
	}
	/* Whoever still lives in the region has to move. */
	region_alloc_slots(team->region, 0, team->region->pages);
	region_free_all(team->region);
	calls = refused_calls(team->region);
	for (i = 0; i < rounds; i++) {
		round_of(team, old);
		batches_of(team->region, 0, old, sizeof(old));
		if (!tight)
			continue;
		region_free_all(team->region);
		old[0] = '\0';
	}
	calls = refused_calls(team->region) - calls;
	region_free_all(team->region);
	/* A later one has a copy of the pipes of those before it. */
	for (i = team->nr; i-- > 0;) {
		close(team->writers[i].go[1]);
		close(team->writers[i].done[0]);
		waitpid(team->writers[i].pid, NULL, 0);
	}
	ktap_diag("%s: %lld calls of the kernel refused", mix->name, calls);
	ktap_same("patient writers get all", team->refused, 0);
	ktap_same("no page is in two chunks", team->wrong, 0);
	if (calls && drains_in_two_steps())
		ktap_skip("nobody gets in another's way",
			  "this kernel refuses what it is about to free");
	else
		ktap_same("nobody gets in another's way", calls, 0);
}

void scenario_writers(const struct region *region, const char *arg)
{
	struct team team = { .region = region };
	unsigned int i;

	(void)arg;
	team.seen = malloc(region->pages);
	if (!team.seen || mlockall(MCL_CURRENT | MCL_FUTURE))
		bail("memory", ENOMEM);
	for (i = 0; i < ARRAY_SIZE(mixes); i++)
		play_mix(&team, &mixes[i]);
	free(team.seen);
	region_check_whole(region, "the region can be had whole");
}
