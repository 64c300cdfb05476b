// SPDX-License-Identifier: GPL-2.0-only
/* A page of this process in a region, with a reference of a pipe. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "harness.h"

static size_t first_inside(const struct live *live)
{
	size_t i;

	for (i = 0; i < live->pages; i++)
		if (region_has(live->region, live_pfn(live, i)))
			return i;
	bail("a page in the region", ENOENT);
}

/* Its number on standard output; a child's that has it, too, if it is @shared. */
void splice_page(const struct region *region, bool shared)
{
	pid_t child;
	struct live live;
	struct iovec iov;
	int fds[2];
	size_t i;

	live_init(&live, region, 256);
	live_unsoak(&live);
	i = first_inside(&live);
	iov.iov_base = live.addr + i * page_size();
	iov.iov_len = page_size();
	if (pipe2(fds, O_CLOEXEC) || vmsplice(fds[1], &iov, 1, SPLICE_F_NONBLOCK) < 0)
		bail("vmsplice", errno);
	printf("%llu", live_pfn(&live, i));
	if (shared) {
		fflush(stdout);
		child = fork();
		if (!child) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			wait_for_signal();
		}
		printf(" %d", child);
	}
	putchar('\n');
	wait_for_signal();
}
