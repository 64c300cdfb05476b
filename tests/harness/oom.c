// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests while a process takes all memory there is, until the kernel kills
 * it. Its memory lies in the region, too, so requests have to move it, to where
 * there is no room.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

#define ROUNDS		2
#define STEP		0x100000UL

struct oom {
	const struct region *region;
	unsigned int killed;
	unsigned int requests[3];	/* success, ENOMEM, EBUSY */
	unsigned int odd;
	long long migrated;
};

/* The process that the kernel kills. It needs nothing but memory. */
static noreturn void hog(void)
{
	unsigned char *at;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (file_write("/proc/self/oom_score_adj", "1000"))
		_exit(1);
	for (;;) {
		at = mmap(NULL, STEP, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (at == MAP_FAILED)
			_exit(2);
		memset(at, 1, STEP);
	}
}

/*
 * beside_hog() - take turns until a process that takes all memory is gone
 *
 * Return: true if the kernel has killed it.
 */
bool beside_hog(void (*turn)(void *arg, unsigned int i), void *arg)
{
	pid_t pid, ended = 0;
	int status = 0;
	unsigned int i;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		bail("fork", errno);
	if (!pid)
		hog();
	for (i = 0; !ended; i++) {
		turn(arg, i);
		ended = waitpid(pid, &status, WNOHANG);
	}
	if (ended == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return true;
	ktap_diag("the hog ended with %#x", status);
	return false;
}

static void one_request(void *arg, unsigned int i)
{
	struct oom *oom = arg;
	/* All of it, so that whatever is there has to go, or half of it. */
	size_t slots = oom->region->pages >> (4 + i % 2);
	char text[128];
	int ret;

	snprintf(text, sizeof(text),
		 "order=4 count=%zu workers=%u retries=%u retry_delay_ms=1",
		 slots, i % 3, i % 4);
	ret = region_alloc(oom->region, text);
	if (!ret)
		oom->requests[0]++;
	else if (ret == -ENOMEM)
		oom->requests[1]++;
	else if (ret == -EBUSY)
		oom->requests[2]++;
	else if (!oom->odd++)
		ktap_diag("a request ended with %s", err_name(ret));
	oom->migrated += region_last(oom->region, "pages_migrated");
	region_free_all(oom->region);
}

void scenario_oom(const struct region *region, const char *arg)
{
	struct oom oom = { .region = region };
	struct live live;
	unsigned int i, rounds = often(ROUNDS);

	(void)arg;
	live_init(&live, region, 64);
	live_unsoak(&live);
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		bail("mlockall", errno);
	for (i = 0; i < rounds; i++)
		oom.killed += beside_hog(one_request, &oom);
	ktap_diag("%u requests got all, %u ENOMEM, %u EBUSY; %lld pages migrated",
		  oom.requests[0], oom.requests[1], oom.requests[2],
		  oom.migrated);
	ktap_same("out of memory, and the hog is killed", oom.killed, rounds);
	ktap_same("requests that ended otherwise than by success, ENOMEM, EBUSY",
		  oom.odd, 0);
	ktap_ok(oom.requests[0], "some got all");
	ktap_ok(oom.migrated > 0, "and had to move pages for that");
	ktap_same("the content is as written", live_damaged(&live), 0);
	live_free(&live);
	region_check_whole(region, "the region can be had whole");
}
