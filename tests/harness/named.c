// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random requests beside a second writer: each that ends with EBUSY leaves a list
 * of blockers that names something. With a folder for page cache, the region
 * holds pages of all kinds meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

/* What a writer has seen; shared by the two. */
struct seen {
	unsigned int requests;
	unsigned int busy;
	unsigned int gone;		/* nothing blocked any more */
	unsigned int empty;
	unsigned int odd;
};

static unsigned int below(unsigned int n)
{
	return (unsigned int)random() % n;
}

static unsigned int ilog2(unsigned int n)
{
	unsigned int log = 0;

	while (n >>= 1)
		log++;
	return log;
}

static void random_request(const struct region *region, char *text, size_t size)
{
	static const char *const engines[] = {
		"bulk", "bulk", "bulk", "bulk", "bulk", "bulk", "bulk",
		"linear", "single",
	};
	unsigned int order = below(below(10) + 1), most;

	/* As often a few as a good part of the region, and all between. */
	most = region->pages >> order;
	most >>= below(ilog2(most) + 1);
	snprintf(text, size,
		 "order=%u count=%u fast=%u partial=%u salvage=%u workers=%u retries=%u retry_delay_ms=%u engine=%s",
		 order, 1 + below(most), below(2), below(2), below(4) > 0,
		 below(3), below(4) / 3, below(2),
		 engines[below(ARRAY_SIZE(engines))]);
}

/* The first lines of the list. */
static void read_list(const struct region *region, char *text, size_t size)
{
	FILE *f = region_open(region, "blockers");
	size_t n;

	setvbuf(f, NULL, _IONBF, 0);
	n = fread(text, 1, size - 1, f);
	text[n] = '\0';
	fclose(f);
}

static void one_request(const struct region *region, struct seen *seen)
{
	char text[256], list[256], *line;
	int ret;

	random_request(region, text, sizeof(text));
	ret = region_alloc(region, text);
	seen->requests++;
	if (ret == -EBUSY) {
		read_list(region, list, sizeof(list));
		seen->busy++;
		line = strchr(list, '\n');
		if (!line || !line[1]) {
			if (!seen->empty++)
				ktap_diag("nothing is named: %s", text);
		} else if (strstr(line, " gone -")) {
			seen->gone++;
		}
	} else if (ret && ret != -ENOMEM && ret != -EOPNOTSUPP) {
		if (!seen->odd++)
			ktap_diag("%s: %s", text, err_name(ret));
	}
	if (!below(3))
		region_free_all(region);
}

static noreturn void second_writer(const struct region *region, struct seen *seen,
				   unsigned int seed)
{
	srandom(seed);
	for (;;)
		one_request(region, seen);
}

/* Small memory of all kinds. It lives until the process ends. */
static void mix(const struct region *region, const char *dir)
{
	struct kinds kinds = {
		.region = region, .dir = dir, .no_poison = true,
		.rounds = 2,
	};

	kinds.kind = calloc(region->pages, 1);
	if (!kinds.kind)
		bail("memory", ENOMEM);
	kinds_make(&kinds);
}

static void both(const struct region *region, struct seen *seen,
		 unsigned int requests, unsigned int seed)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		bail("fork", errno);
	if (!pid)
		second_writer(region, &seen[1], 2 * seed);
	srandom(2 * seed - 1);
	while (seen[0].requests + seen[1].requests < requests)
		one_request(region, &seen[0]);
	kill(pid, SIGKILL);
	if (waitpid(pid, NULL, 0) != pid)
		bail("waitpid", errno);
	region_free_all(region);
}

void scenario_named(const struct region *region, const char *arg)
{
	unsigned int i, requests = 0, seed = 1;
	struct seen *seen, sum = { };
	char dir[64] = "";

	if (arg)
		sscanf(arg, "%u:%u:%63s", &requests, &seed, dir);
	if (!requests || !seed)
		bail("a number of requests and a seed", EINVAL);
	seen = mmap(NULL, 2 * sizeof(*seen), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (seen == MAP_FAILED)
		bail("memory", errno);
	if (*dir)
		mix(region, dir);
	both(region, seen, requests, seed);
	for (i = 0; i < 2; i++) {
		sum.requests += seen[i].requests;
		sum.busy += seen[i].busy;
		sum.gone += seen[i].gone;
		sum.empty += seen[i].empty;
		sum.odd += seen[i].odd;
	}
	ktap_diag("%u requests, %u of them EBUSY, after %u of which nothing blocked any more",
		  sum.requests, sum.busy, sum.gone);
	ktap_ok(sum.requests >= requests, "all requests were made");
	ktap_ok(sum.busy > requests / 100, "some of them end with EBUSY");
	ktap_same("EBUSY, and nothing is named", sum.empty, 0);
	ktap_same("other errors", sum.odd, 0);
}
