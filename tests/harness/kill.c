// SPDX-License-Identifier: GPL-2.0-only
/* SIGKILL for a process that holds pins, or is about to. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

#define INSIDE		512
#define ROUNDS		40
#define DEATH_MS	10000

/* Start @play in a child, and wait until it says that it is ready. */
static pid_t start(const struct region *region,
		   void (*play)(const struct region *region, int ready))
{
	int pipes[2];
	pid_t pid;
	char c;

	if (pipe(pipes))
		bail("pipe", errno);
	pid = fork();
	if (pid < 0)
		bail("fork", errno);
	if (!pid) {
		close(pipes[0]);
		play(region, pipes[1]);
		_exit(1);
	}
	close(pipes[1]);
	if (read(pipes[0], &c, 1) != 1)
		bail("the child", EPIPE);
	close(pipes[0]);
	return pid;
}

static void say_ready(int ready)
{
	if (write(ready, "", 1) != 1)
		_exit(1);
}

/* Return: whether it died of that, and soon. */
static bool kill_it(pid_t pid)
{
	double end = seconds() + DEATH_MS / 1e3;
	int status;
	pid_t got;

	if (kill(pid, SIGKILL))
		return false;
	do {
		got = waitpid(pid, &status, WNOHANG);
		if (!got)
			sleep_ms(5);
	} while (!got && seconds() < end);
	return got == pid && WIFSIGNALED(status) &&
	       WTERMSIG(status) == SIGKILL;
}

static long long left(void)
{
	return pinner_stat("maps") - pinner_stat("unmaps");
}

static void map_or_die(int fd, const struct live *live, unsigned int mode,
		       __u64 iova)
{
	struct cma_bulk_pinner_map arg;

	pinner_arg(&arg, live, mode);
	arg.iova = iova;
	if (pinner_map(fd, &arg))
		_exit(1);
}

/* Memory in the region, and the device open. */
static int live_device(struct live *live, const struct region *region)
{
	live_init(live, region, INSIDE);
	live_unsoak(live);
	return pinner_open();
}

static void hold_legacy(const struct region *region, int ready)
{
	struct live live;
	int fd = live_device(&live, region);

	map_or_die(fd, &live, CMA_BULK_PINNER_LEGACY, 1ULL << 40);
	map_or_die(fd, &live, CMA_BULK_PINNER_TRANSIENT, 2ULL << 40);
	map_or_die(fd, &live, CMA_BULK_PINNER_MIRROR, 3ULL << 40);
	say_ready(ready);
	pause();
}

static void hold_longterm(const struct region *region, int ready)
{
	struct live live;
	int fd = live_device(&live, region);

	map_or_die(fd, &live, CMA_BULK_PINNER_LONGTERM, 1ULL << 40);
	say_ready(ready);
	pause();
}

/* One that cannot succeed: somebody else, we ourselves, has a pin on it. */
static void try_for_ever(const struct region *region, int ready)
{
	struct cma_bulk_pinner_map arg;
	struct live live;
	int other, fd;

	other = live_device(&live, region);
	fd = pinner_open();
	map_or_die(other, &live, CMA_BULK_PINNER_LEGACY, 1ULL << 40);
	pinner_arg(&arg, &live, CMA_BULK_PINNER_LONGTERM);
	say_ready(ready);
	pinner_map(fd, &arg);
}

static void map_and_unmap(const struct region *region, int ready)
{
	struct live live;
	int fd = live_device(&live, region);
	unsigned int mode;

	say_ready(ready);
	for (;;) {
		for (mode = 0; mode <= CMA_BULK_PINNER_MIRROR; mode++) {
			map_or_die(fd, &live, mode, 1ULL << 40);
			if (pinner_unmap(fd, 1ULL << 40,
					 live.pages * page_size()))
				_exit(1);
		}
	}
}

static void kill_holder(const struct region *region)
{
	pid_t pid = start(region, hold_legacy);

	ktap_same("legacy, transient and mirror are held", left(), 3);
	ktap_ok(kill_it(pid), "the holder dies");
	ktap_same("and lets go", left(), 0);
	region_check_whole(region, "the region can be had whole");

	pid = start(region, hold_longterm);
	ktap_same("longterm is held", left(), 1);
	ktap_ok(kill_it(pid), "its holder dies");
	ktap_same("and lets go of that", left(), 0);
}

/* No limit, so only the signal ends it. */
static void kill_inside(const struct region *region)
{
	double end = seconds() + DEATH_MS / 1e3;
	long long before = pinner_stat("migrate_retries");
	pid_t pid;

	pinner_knob("migrate_max", -1);
	pinner_knob("isolate_max", -1);
	pid = start(region, try_for_ever);
	while (pinner_stat("migrate_retries") < before + 15 && seconds() < end)
		sleep_ms(20);
	ktap_ok(pinner_stat("migrate_retries") >= before + 15 &&
		!waitpid(pid, NULL, WNOHANG),
		"an ioctl without limits tries on");
	ktap_ok(kill_it(pid), "until it is killed");
	pinner_knob("migrate_max", 10);
	pinner_knob("isolate_max", 100);
	ktap_same("nothing is held", left(), 0);
	region_check_whole(region, "the region can be had whole again");
}

static void kill_often(const struct region *region)
{
	unsigned int i, rounds = often(ROUNDS), died = 0, seed = 1;
	pid_t pid;

	for (i = 0; i < rounds; i++) {
		pid = start(region, map_and_unmap);
		seed = seed * 1103515245 + 12345;
		usleep((seed >> 8) % 60000);
		died += kill_it(pid);
	}
	ktap_same("killed at odd moments", died, rounds);
	ktap_same("nothing is held by the dead", left(), 0);
}

void scenario_kill(const struct region *region, const char *arg)
{
	(void)arg;
	kill_holder(region);
	kill_inside(region);
	kill_often(region);
	ktap_errno("the module can be unloaded", module_unload(PINNER), 0);
}
