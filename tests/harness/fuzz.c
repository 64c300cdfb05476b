// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random writes to every file of both modules from two processes, random ioctls
 * from four, random use of a heap from two, while the first one unloads the
 * modules and loads them again and again.
 *
 * ARG is SEED[:NUMBER], the number of writes, of ioctls and of calls to the heap. A seed gives each
 * process its own sequence; how they meet is up to the machine.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

#define WRITERS		2
#define CALLERS		4
#define HEAPERS		2
#define PROCESSES	(WRITERS + CALLERS + HEAPERS)
#define NUMBER		10000
#define RELOAD_MS	200
#define REST_MS		20
#define PATIENCE_S	2

__u64 rng_next(struct rng *rng)
{
	__u64 x = rng->state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

unsigned int rng_below(struct rng *rng, unsigned int n)
{
	return (rng_next(rng) >> 32) % n;
}

void fuzz_count(struct fuzz_tally *tally, int ret)
{
	tally->done++;
	tally->errors[-ret < FUZZ_ERRORS ? -ret : FUZZ_ERRORS - 1]++;
}

void fuzz_rest(struct rng *rng, unsigned int share)
{
	if (!rng_below(rng, share))
		sleep_ms(rng_below(rng, REST_MS));
}

static void child(unsigned int i, const struct region *region, __u64 seed,
		  unsigned long nr, struct fuzz_tally *tally)
{
	struct rng rng = { .state = seed * PROCESSES + i };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (i < WRITERS)
		fuzz_writes(&rng, region, nr / WRITERS, tally);
	else if (i < WRITERS + CALLERS)
		fuzz_ioctls(&rng, nr / CALLERS, tally);
	else
		fuzz_heaps(&rng, region, nr / HEAPERS, tally);
	_exit(0);
}

/* Unloads and loads, for as long as a child lives. */
struct loads {
	unsigned int unloaded[2];
	unsigned int bad;
	unsigned int crashed;
	double start;
};

static const char * const modules[] = { PINNER, BULK };

static void reload(struct loads *loads, unsigned int i)
{
	double end = seconds() + PATIENCE_S;
	int ret;

	while ((ret = module_unload(modules[i])) == -EBUSY && seconds() < end)
		sleep_ms(2);
	if (!ret)
		loads->unloaded[i]++;
	else if (ret != -EBUSY)
		ktap_diag("unload %s: %s", modules[i], err_name(ret));
	loads->bad += ret && ret != -EBUSY;
	if (ret)
		return;
	ret = module_load(modules[i], NULL);
	if (ret)
		ktap_diag("load %s: %s", modules[i], err_name(ret));
	loads->bad += !!ret;
}

static void reload_until_done(struct loads *loads)
{
	unsigned int left = PROCESSES, turn = 0;
	struct rng rng = { .state = PROCESSES };
	int status;
	pid_t pid;

	while (left) {
		reload(loads, turn++ % ARRAY_SIZE(modules));
		/* Loading takes longer than most of what the others do. */
		sleep_ms(rng_below(&rng, RELOAD_MS));
		while (left && (pid = waitpid(-1, &status, WNOHANG))) {
			if (pid < 0)
				bail("waitpid", errno);
			left--;
			if (WIFEXITED(status) && !WEXITSTATUS(status))
				continue;
			ktap_diag("process %d ended with %#x", pid, status);
			loads->crashed++;
		}
	}
}

static unsigned long sum(const struct fuzz_tally *tally, unsigned int n,
			 unsigned long errors[])
{
	unsigned long done = 0;
	unsigned int i, e;

	for (i = 0; i < n; i++) {
		done += tally[i].done;
		for (e = 0; e < FUZZ_ERRORS; e++)
			errors[e] += tally[i].errors[e];
	}
	return done;
}

/* Return: how many results no documentation speaks of. */
static unsigned long odd(const char *what, const unsigned long errors[])
{
	static const int known[] = {
		0, EINTR, E2BIG, EAGAIN, ENOMEM, EFAULT, EBUSY, EEXIST, ENODEV,
		EACCES, EINVAL, ENOTTY, EOVERFLOW, EOPNOTSUPP, ETIMEDOUT, ENOENT,
	};
	unsigned long n = 0;
	unsigned int e, i;

	for (e = 0; e < FUZZ_ERRORS; e++) {
		if (!errors[e])
			continue;
		ktap_diag("%s: %lu %s", what, errors[e], err_name(e));
		for (i = 0; i < ARRAY_SIZE(known); i++)
			if ((int)e == known[i])
				break;
		if (i == ARRAY_SIZE(known))
			n += errors[e];
	}
	return n;
}

static void judge(const struct fuzz_tally *tally, unsigned long nr,
		  const struct loads *loads)
{
	unsigned long writes[FUZZ_ERRORS] = { 0 }, calls[FUZZ_ERRORS] = { 0 };
	unsigned long heap[FUZZ_ERRORS] = { 0 };

	ktap_same("writes", sum(tally, WRITERS, writes),
		  nr / WRITERS * WRITERS);
	ktap_same("ioctls", sum(tally + WRITERS, CALLERS, calls),
		  nr / CALLERS * CALLERS);
	ktap_same("calls to the heap",
		  sum(tally + WRITERS + CALLERS, HEAPERS, heap),
		  nr / HEAPERS * HEAPERS);
	ktap_same("errors of writes that are not documented",
		  odd("writes", writes), 0);
	ktap_same("errors of ioctls that are not documented",
		  odd("ioctls", calls), 0);
	ktap_same("errors of the heap that are not documented",
		  odd("heap", heap), 0);
	ktap_ok(writes[0] && calls[0] && heap[0], "some of each succeeded");
	ktap_same("processes that did not end well", loads->crashed, 0);
	ktap_diag("unloaded: %s %u times, %s %u times; %.0f s", modules[0],
		  loads->unloaded[0], modules[1], loads->unloaded[1],
		  seconds() - loads->start);
	ktap_ok(loads->unloaded[0] && loads->unloaded[1],
		"both modules were unloaded meanwhile");
	ktap_same("loads and unloads that failed otherwise than busy",
		  loads->bad, 0);
}

/* All are stopped together before the first of them begins. */
static void start(const struct region *region, __u64 seed, unsigned long nr,
		  struct fuzz_tally *tally)
{
	unsigned int i;
	pid_t pid;

	fflush(stdout);
	for (i = 0; i < PROCESSES; i++) {
		pid = fork();
		if (pid < 0)
			bail("fork", errno);
		if (!pid)
			child(i, region, seed, nr, &tally[i]);
	}
}

void scenario_fuzz(const struct region *region, const char *arg)
{
	__u64 seed = time(NULL) ^ (__u64)getpid() << 32;
	struct loads loads = { 0 };
	struct fuzz_tally *tally;
	unsigned long nr = NUMBER;
	unsigned int files, unknown;
	char *end;

	if (arg && *arg) {
		seed = strtoull(arg, &end, 10);
		if (*end == ':')
			nr = strtoul(end + 1, NULL, 10);
	}
	ktap_diag("seed %llu, %lu writes, ioctls and calls to the heap", seed,
		  nr);
	tally = mmap(NULL, PROCESSES * sizeof(*tally), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tally == MAP_FAILED)
		bail("memory", errno);
	files = fuzz_find_files(&unknown);
	ktap_diag("%u files can be written", files);
	ktap_same("files without good texts", unknown, 0);
	loads.start = seconds();
	start(region, seed, nr, tally);
	reload_until_done(&loads);
	judge(tally, nr, &loads);
	ktap_errno("the pinner unloads", module_unload(PINNER), 0);
	ktap_errno("and cma_bulk", module_unload(BULK), 0);
	munmap(tally, PROCESSES * sizeof(*tally));
}
