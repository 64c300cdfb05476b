// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that allocate from a heap, map, touch, pass buffers to each other,
 * fork, and are killed at any moment, for ARG seconds.
 *
 * Whoever allocates a buffer writes its number into each page, after it has seen
 * that each is empty; whoever gets it later finds the same number in all of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"
#include "heap.h"

#define PROCESSES	4
#define SECONDS		15
#define BUFFERS		6
#define LIFE_MS		150

/* In memory that all share. */
struct tally {
	unsigned long allocated;
	unsigned long failed;
	unsigned long odd;
	unsigned long touched;
	unsigned long passed;
	unsigned long forked;
	unsigned long damaged;
	__u64 number;
};

struct player {
	const struct region *region;
	struct tally *tally;
	struct rng rng;
	int (*socks)[2];
	unsigned int self;
	int heap;
	int fd[BUFFERS];
};

static void count(unsigned long *what)
{
	__atomic_fetch_add(what, 1, __ATOMIC_RELAXED);
}

/* As it is in memory now. */
static __u64 number_at(const unsigned char *at)
{
	return __atomic_load_n((const __u64 *)at, __ATOMIC_RELAXED);
}

/* All pages have @wanted; or, if that is 0, some number in common. */
static bool pages_have(const unsigned char *at, size_t len, __u64 wanted)
{
	size_t i;

	for (i = 0; i < len; i += page_size())
		if (number_at(at + i) != (wanted ?: number_at(at)))
			return false;
	return wanted || number_at(at);
}

static bool pages_empty(const unsigned char *at, size_t len)
{
	size_t i;

	for (i = 0; i < len; i += page_size())
		if (number_at(at + i))
			return false;
	return true;
}

static void touch(struct player *p, int fd)
{
	size_t len = lseek(fd, 0, SEEK_END);
	unsigned char *at = heap_map(fd, len);

	if (!at)
		return;
	if (!pages_have(at, len, 0))
		count(&p->tally->damaged);
	count(&p->tally->touched);
	/* Sometimes it is the end of the process that unmaps it. */
	if (rng_below(&p->rng, 4))
		munmap(at, len);
}

static int allocate(struct player *p)
{
	__u64 most = p->region->pages * page_size() / 12;
	size_t len = 1 + rng_next(&p->rng) % most, i;
	int fd = heap_alloc(p->heap, len, HEAP_RDWR);
	unsigned char *at;
	__u64 number;

	if (fd < 0) {
		count(fd == -ENOMEM || fd == -EBUSY ? &p->tally->failed :
		      &p->tally->odd);
		return -1;
	}
	count(&p->tally->allocated);
	len = lseek(fd, 0, SEEK_END);
	at = heap_map(fd, len);
	if (!at) {
		close(fd);
		return -1;
	}
	number = __atomic_add_fetch(&p->tally->number, 1, __ATOMIC_RELAXED);
	if (!pages_empty(at, len))
		count(&p->tally->damaged);
	for (i = 0; i < len; i += page_size())
		*(__u64 *)(at + i) = number;
	if (!pages_have(at, len, number))
		count(&p->tally->damaged);
	munmap(at, len);
	return fd;
}

/* It dies with its parent, or soon after it. */
static void fork_one(struct player *p, int fd)
{
	pid_t pid = fork();

	if (pid)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	touch(p, fd);
	sleep_ms(rng_below(&p->rng, LIFE_MS));
	_exit(0);
}

static void receive(struct player *p, int *slot)
{
	int fd = fd_receive(p->socks[p->self][0]);

	if (fd >= 0)
		*slot = fd;
}

static void act(struct player *p)
{
	int *slot = &p->fd[rng_below(&p->rng, BUFFERS)];
	unsigned int other = rng_below(&p->rng, PROCESSES);

	if (*slot < 0) {
		if (rng_below(&p->rng, 2))
			receive(p, slot);
		else
			*slot = allocate(p);
		return;
	}
	switch (rng_below(&p->rng, 4)) {
	case 0:
		touch(p, *slot);
		break;
	case 1:
		if (!fd_send(p->socks[other][1], *slot))
			count(&p->tally->passed);
		break;
	case 2:
		count(&p->tally->forked);
		fork_one(p, *slot);
		break;
	default:
		close(*slot);
		*slot = -1;
	}
}

static void play(struct player *p)
{
	unsigned int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Children are not waited for. */
	signal(SIGCHLD, SIG_IGN);
	for (i = 0; i < BUFFERS; i++)
		p->fd[i] = -1;
	for (;;)
		act(p);
}

static pid_t start(struct player *p, unsigned int i)
{
	pid_t pid = fork();

	if (pid < 0)
		bail("fork", errno);
	if (!pid) {
		p->self = i;
		p->rng.state += 1 + i;
		play(p);
	}
	p->rng.state += PROCESSES;
	return pid;
}

static unsigned int kill_and_start(struct player *p, double end)
{
	unsigned int i, kills = 0;
	pid_t pid[PROCESSES];

	for (i = 0; i < PROCESSES; i++)
		pid[i] = start(p, i);
	while (seconds() < end) {
		sleep_ms(rng_below(&p->rng, LIFE_MS));
		i = rng_below(&p->rng, PROCESSES);
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
		pid[i] = start(p, i);
		kills++;
	}
	for (i = 0; i < PROCESSES; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	return kills;
}

static void judge(const struct tally *t, unsigned int kills)
{
	ktap_diag("%u killed, %lu allocated, %lu failed, %lu touched, %lu passed on, %lu forked",
		  kills, t->allocated, t->failed, t->touched, t->passed,
		  t->forked);
	ktap_ok(kills > 5 && t->allocated && t->touched && t->passed &&
		t->forked, "all of it was done");
	ktap_same("buffers with other content than was written", t->damaged, 0);
	ktap_same("allocations that failed otherwise than by ENOMEM, EBUSY",
		  t->odd, 0);
}

void scenario_heaprandom(const struct region *region, const char *arg)
{
	struct player p = { .region = region };
	long long before = heap_held(region);
	int socks[PROCESSES][2];
	unsigned int i, kills;

	p.rng.state = time(NULL) ^ (__u64)getpid() << 32;
	ktap_diag("seed %llu", p.rng.state);
	p.tally = mmap(NULL, sizeof(*p.tally), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p.tally == MAP_FAILED)
		bail("memory", errno);
	for (i = 0; i < PROCESSES; i++)
		if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0,
			       socks[i]))
			bail("socketpair", errno);
	p.socks = socks;
	p.heap = heap_open(region);
	fflush(stdout);
	kills = kill_and_start(&p, seconds() + (arg ? atof(arg) : SECONDS));
	judge(p.tally, kills);
	/* What nobody has received lives in the sockets. */
	for (i = 0; i < PROCESSES; i++) {
		close(socks[i][0]);
		close(socks[i][1]);
	}
	close(p.heap);
	ktap_ok(heap_held_becomes(region, before), "nothing is held in the end");
	munmap(p.tally, sizeof(*p.tally));
}
