// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that a benchmark needs beside it. Each goes on until SIGTERM.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"

/* SIGTERM is not delivered, but waited for or looked at. */
static void ready(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	puts("ready");
	fflush(stdout);
}

static bool is_over(void)
{
	sigset_t set;

	return !sigpending(&set) && sigismember(&set, SIGTERM);
}

static void wait_for_end(void)
{
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigwait(&set, &sig);
}

/* anonymous() - have so many pages of anonymous memory in a region */
void anonymous(const struct region *region, size_t pages)
{
	struct live live;

	live_init(&live, region, pages);
	live_unsoak(&live);
	ready();
	wait_for_end();
	if (live_damaged(&live))
		bail("memory lost its content", EIO);
	live_free(&live);
}

static double now_us(void)
{
	return seconds() * 1e6;
}

/*
 * starve() - allocate page after page, and print the longest that one took
 *
 * What a process feels of a big request beside it, in microseconds.
 */
void starve(void)
{
	const size_t size = 8 << 20;
	double before, after, longest = 0;
	char *addr = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t at;

	if (addr == MAP_FAILED)
		bail("mmap", errno);
	madvise(addr, size, MADV_NOHUGEPAGE);
	ready();
	while (!is_over()) {
		before = now_us();
		for (at = 0; at < size; at += page_size(), before = after) {
			addr[at] = 1;
			after = now_us();
			if (after - before > longest)
				longest = after - before;
		}
		madvise(addr, size, MADV_DONTNEED);
	}
	printf("%.0f\n", longest);
}
