// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a second processor is good for: on a busy host two of a guest may be no faster
 * than one and a half.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

/* Each process clears so much again and again: more than caches have. */
#define CLEAR_AT_ONCE	(8UL << 20)

static void clear(void *addr, size_t bytes)
{
	size_t part;

	for (; bytes; bytes -= part) {
		part = bytes < CLEAR_AT_ONCE ? bytes : CLEAR_AT_ONCE;
		memset(addr, 0, part);
		/* What is cleared next time is used. */
		__asm__ volatile("" : : "r"(addr) : "memory");
	}
}

/* A process that says it is ready on @said, and begins when nobody has @go open. */
static void clearer(int said, int go, size_t bytes)
{
	char byte = 0;
	char *addr = mmap(NULL, CLEAR_AT_ONCE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (addr == MAP_FAILED || write(said, &byte, 1) != 1)
		_exit(1);
	if (read(go, &byte, 1) != 0)
		_exit(1);
	clear(addr, bytes);
	_exit(0);
}

/* clear_memory() - print the microseconds in which so many processes clear @bytes in all */
void clear_memory(size_t bytes, unsigned int processes)
{
	double start;
	int said[2], go[2], status;
	unsigned int i;
	char byte;

	if (pipe(said) || pipe(go))
		bail("pipe", errno);
	for (i = 0; i < processes; i++) {
		switch (fork()) {
		case -1:
			bail("fork", errno);
		case 0:
			close(go[1]);
			clearer(said[1], go[0], bytes / processes);
		}
	}
	close(said[1]);
	for (i = 0; i < processes; i++)
		if (read(said[0], &byte, 1) != 1)
			bail("a process that clears memory", EIO);
	start = seconds();
	close(go[1]);
	for (i = 0; i < processes; i++)
		if (wait(&status) < 0 || status)
			bail("a process that clears memory", EIO);
	printf("%.0f\n", (seconds() - start) * 1e6);
}
