// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that want more of a region than there is: two that want all or
 * nothing, of which only one can have it, and some that take turns at the same
 * memory for a while. The driver of the tests (cma_bulk_apitest) is loaded.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

#define HOLD		"/sys/kernel/debug/cma_bulk_apitest/hold"
#define ROUNDS		12
#define SECONDS		5
#define MAX_WRITERS	4

/*
 * The most that a wait for claims may last, in requests: three events that do not
 * help (CB_CLAIM_TRIES), then nothing is claimed any more before this request, so
 * the others end theirs, those that wait longer have their turns (two at most),
 * and it has its own. Each of these lasts as long as one request.
 */
#define WAIT_REQUESTS	(3 + 1 + 2 + 1)

/*
 * How many requests of others may be served meanwhile: those of the three events, what
 * the three others have begun by then, and the two turns.
 */
#define WAIT_PASSED	(3 + 3 + 2)

/* ---- two that want all or nothing --------------------------------------- */

struct rival {
	pid_t pid;
	int end;		/* it writes its result there, when it has one */
	bool ended;
	int ret;
};

static void rival_start(const struct region *region, struct rival *r,
			const char *request)
{
	int ends[2], ret;

	if (pipe(ends))
		bail("pipe", errno);
	r->ended = false;
	r->pid = fork();
	if (r->pid < 0)
		bail("fork", errno);
	if (!r->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		mlockall(MCL_CURRENT | MCL_FUTURE);
		ret = region_alloc(region, request);
		_exit(write(ends[1], &ret, sizeof(ret)) != sizeof(ret));
	}
	close(ends[1]);
	r->end = ends[0];
}

static void rival_end(struct rival *r)
{
	if (r->ended)
		return;
	if (read(r->end, &r->ret, sizeof(r->ret)) != sizeof(r->ret))
		bail("a rival", EPIPE);
	r->ended = true;
	close(r->end);
	waitpid(r->pid, NULL, 0);
}

/* Until it sleeps in the kernel, which it does for nothing but its request. */
static bool rival_waits(const struct rival *r)
{
	unsigned int tries, seen = 0;
	char path[64], text[512], *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", r->pid);
	for (tries = 0; tries < 1000 && seen < 3; tries++) {
		sleep_ms(5);
		if (file_read(path, text, sizeof(text)) < 0)
			return false;
		state = strrchr(text, ')');
		seen = state && state[2] == 'D' ? seen + 1 : 0;
	}
	return seen == 3;
}

static void hold(const char *ms)
{
	int ret = file_write(HOLD, ms);

	if (ret)
		bail(HOLD, ret);
}

struct score {
	unsigned int decided;	/* one has all, the other has nothing */
	unsigned int busy;	/* and the other one was told EBUSY */
	unsigned int odd;
};

static void count_round(const struct region *region, struct score *score,
			const struct rival r[2], size_t wanted)
{
	const struct rival *winner = r[0].ret ? &r[1] : &r[0];
	const struct rival *loser = r[0].ret ? &r[0] : &r[1];

	score->decided += !winner->ret && loser->ret;
	score->busy += !winner->ret && loser->ret == -EBUSY;
	if (winner->ret || !loser->ret)
		ktap_diag("%zu chunks each: %s and %s", wanted,
			  err_name(r[0].ret), err_name(r[1].ret));
	else if (loser->ret != -EBUSY)
		ktap_diag("the other one: %s", err_name(loser->ret));
	region_free_all(region);
}

/*
 * Each gets a part of what only one can have. An outside caller keeps all of them
 * from taking anything, so they can only claim: a third request first, then the
 * first rival what that has left, and the second rival what it leaves when it is
 * killed. None has begun after another one had ended, when ENOMEM would be right.
 */
static void held_round(const struct region *region, struct score *score,
		       const char *request, size_t wanted, unsigned int gap)
{
	struct rival third, r[2];
	char text[64];

	snprintf(text, sizeof(text), "order=4 workers=1 count=%zu", wanted * 3 / 4);
	hold("600000");
	rival_start(region, &third, text);
	score->odd += !rival_waits(&third);
	rival_start(region, &r[0], request);
	score->odd += !rival_waits(&r[0]);
	rival_start(region, &r[1], request);
	score->odd += !rival_waits(&r[1]);
	kill(third.pid, SIGKILL);
	waitpid(third.pid, NULL, 0);
	close(third.end);
	sleep_ms(gap);
	hold("0");
	rival_end(&r[0]);
	rival_end(&r[1]);
	count_round(region, score, r, wanted);
}

static void free_round(const struct region *region, struct score *score,
		       const char *request, size_t wanted, unsigned int gap)
{
	struct rival r[2];

	rival_start(region, &r[0], request);
	sleep_ms(gap);
	rival_start(region, &r[1], request);
	rival_end(&r[0]);
	rival_end(&r[1]);
	count_round(region, score, r, wanted);
}

/* The other one gets it when what the first one got is given back. */
static bool patient_round(const struct region *region, const char *request)
{
	struct pollfd ends[2] = { };
	struct rival r[2];
	unsigned int i, first;

	hold("600000");
	for (i = 0; i < 2; i++)
		rival_start(region, &r[i], request);
	for (i = 0; i < 2; i++)
		rival_waits(&r[i]);
	hold("0");
	for (i = 0; i < 2; i++)
		ends[i] = (struct pollfd){ .fd = r[i].end, .events = POLLIN };
	if (poll(ends, 2, 30000) <= 0) {
		ktap_diag("neither has it after 30 s");
		for (i = 0; i < 2; i++)
			kill(r[i].pid, SIGKILL);
		while (wait(NULL) > 0)
			;
		region_free_all(region);
		return false;
	}
	first = !ends[0].revents;
	rival_end(&r[first]);
	region_free_all(region);
	rival_end(&r[!first]);
	region_free_all(region);
	return !r[0].ret && !r[1].ret;
}

static void all_or_nothing(const struct region *region)
{
	size_t wanted = region_slots(region, 4) * 6 / 10;
	unsigned int i, rounds = often(ROUNDS), patient = 0;
	struct score held = { }, unheld = { };
	char request[128];

	for (i = 0; i < rounds; i++) {
		snprintf(request, sizeof(request),
			 "order=4 partial=0 workers=%u count=%zu", i % 3, wanted);
		held_round(region, &held, request, wanted, i % 4 * 50);
		free_round(region, &unheld, request, wanted, i * 3 % 20);
		snprintf(request, sizeof(request),
			 "order=4 partial=0 retries=-1 retry_delay_ms=10 workers=%u count=%zu",
			 i % 3, wanted);
		patient += patient_round(region, request);
	}
	ktap_diag("without a common start: %u of %u told EBUSY, the others that it was too late",
		  unheld.busy, rounds);
	ktap_same("all waited before they began", held.odd, 0);
	ktap_same("exactly one gets all", held.decided, rounds);
	ktap_same("the other one is told EBUSY", held.busy, rounds);
	ktap_same("exactly one gets all without a common start", unheld.decided,
		  rounds);
	ktap_same("with retries both get all, one after the other", patient,
		  rounds);
}

/* ---- turns --------------------------------------------------------------- */

struct tally {
	unsigned int got;
	unsigned int refused;
	unsigned int passed;	/* requests of others, served during one of its own */
	double longest;		/* of all requests, with their waits; s */
	double work;		/* the longest request without its waits; s */
	double wait;		/* the longest wait; s */
};

static const struct mix {
	const char *name;
	const char *request[MAX_WRITERS];
	unsigned int parts[MAX_WRITERS];	/* of the region: 1 / parts */
} mixes[] = {
	{ "four alike", { "engine=bulk", "engine=bulk", "engine=bulk",
			  "engine=bulk" }, { 3, 3, 3, 3 } },
	/* The second has to have every unit for itself. */
	{ "one that wants all units", { "engine=bulk", "engine=linear",
			  "engine=bulk", "engine=bulk" }, { 8, 8, 8, 8 } },
};

/* Waits are known when no other request has ended meanwhile. */
static void note_last(const struct region *region, long long batch,
		      struct tally *t)
{
	char path[512], text[4096], *at;
	long long wait_us, elapsed_us;

	snprintf(path, sizeof(path), "%s/last", region->dir);
	if (file_read(path, text, sizeof(text)) < 0)
		return;
	at = strstr(text, "\nbatch:");
	if (!at || atoll(at + 7) != batch)
		return;
	at = strstr(text, "\nwait_us:");
	wait_us = at ? atoll(at + 9) : 0;
	at = strstr(text, "\nelapsed_us:");
	elapsed_us = at ? atoll(at + 12) : 0;
	if ((elapsed_us - wait_us) / 1e6 > t->work)
		t->work = (elapsed_us - wait_us) / 1e6;
	if (wait_us / 1e6 > t->wait)
		t->wait = wait_us / 1e6;
}

/* What is held is no reason to wait, so ENOMEM and EBUSY are no mistakes. */
static void take_turns(const struct region *region, const char *request,
		       struct tally *t, unsigned int *served)
{
	double end = seconds() + SECONDS, start, took;
	unsigned int before;
	long long batch;
	int ret;

	do {
		before = __atomic_load_n(served, __ATOMIC_SEQ_CST);
		start = seconds();
		ret = region_alloc(region, request);
		took = seconds() - start;
		t->passed += __atomic_load_n(served, __ATOMIC_SEQ_CST) - before;
		if (took > t->longest)
			t->longest = took;
		if (ret) {
			t->refused++;
			sleep_ms(1);
			continue;
		}
		t->got++;
		__atomic_fetch_add(served, 1, __ATOMIC_SEQ_CST);
		batch = region_own_batch(region);
		note_last(region, batch, t);
		region_give_back(region, batch);
	} while (seconds() < end);
}

static void play(const struct region *region, const struct mix *mix)
{
	size_t all = region_slots(region, 4), idle = 0;
	struct tally *t;
	unsigned int *served;
	double longest = 0, work = 0, wait_s = 0, passed, most = 0;
	char request[128];
	pid_t pid[MAX_WRITERS];
	unsigned int i;

	/* Behind the tallies: requests that were served, of all of them. */
	t = mmap(NULL, sizeof(*t) * MAX_WRITERS + sizeof(*served), PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (t == MAP_FAILED)
		bail("mmap", errno);
	served = (unsigned int *)&t[MAX_WRITERS];
	for (i = 0; i < MAX_WRITERS; i++) {
		snprintf(request, sizeof(request),
			 "order=4 partial=0 count=%zu %s",
			 all / mix->parts[i], mix->request[i]);
		fflush(stdout);
		pid[i] = fork();
		if (pid[i] < 0)
			bail("fork", errno);
		if (!pid[i]) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			mlockall(MCL_CURRENT | MCL_FUTURE);
			take_turns(region, request, &t[i], served);
			_exit(0);
		}
	}
	for (i = 0; i < MAX_WRITERS; i++) {
		waitpid(pid[i], NULL, 0);
		ktap_diag("%s: writer %u: %u got, %u refused", mix->name, i,
			  t[i].got, t[i].refused);
		ktap_diag("longest request %.1f ms, wait %.1f ms, rest %.1f ms",
			  t[i].longest * 1e3, t[i].wait * 1e3, t[i].work * 1e3);
		passed = (double)t[i].passed / (t[i].got + t[i].refused);
		ktap_diag("%.1f of others are served during a request", passed);
		most = passed > most ? passed : most;
		idle += !t[i].got;
		longest = t[i].longest > longest ? t[i].longest : longest;
		work = t[i].work > work ? t[i].work : work;
		wait_s = t[i].wait > wait_s ? t[i].wait : wait_s;
	}
	region_free_all(region);
	munmap(t, sizeof(*t) * MAX_WRITERS + sizeof(*served));
	ktap_diag("%s: the longest wait is %.1f times the longest request",
		  mix->name, wait_s / work);
	ktap_diag("and the longest request with its waits %.1f times",
		  longest / work);
	ktap_same("writers that got nothing", idle, 0);
	ktap_ok(work > 0 && wait_s <= WAIT_REQUESTS * work,
		"no wait lasts longer than all that may come before it");
	ktap_ok(work > 0 && longest <= (WAIT_REQUESTS + 1) * work,
		"nor does a request with its waits");
	ktap_ok(most <= WAIT_PASSED, "and no more are served meanwhile, on average");
}

void scenario_rivals(const struct region *region, const char *arg)
{
	unsigned int i;

	(void)arg;
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		bail("mlockall", errno);
	all_or_nothing(region);
	for (i = 0; i < ARRAY_SIZE(mixes); i++)
		play(region, &mixes[i]);
	region_check_whole(region, "the region can be had whole");
}
