// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process whose memory devices use, in every mode of the pinner, one after the
 * other: what it has written is there before, beside and after that.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

#define PAGES		256
#define HOLD_MS		40
#define MODES		4

static const char * const names[MODES] = {
	[CMA_BULK_PINNER_LEGACY] = "legacy",
	[CMA_BULK_PINNER_LONGTERM] = "longterm",
	[CMA_BULK_PINNER_TRANSIENT] = "transient",
	[CMA_BULK_PINNER_MIRROR] = "mirror",
};

struct device {
	struct rng rng;
	int fd;
	unsigned long mapped[MODES];
	unsigned long refused;
	unsigned long damaged;
	unsigned long odd;
};

static __u64 *word(unsigned char *at, size_t page)
{
	return (__u64 *)(at + page * page_size());
}

static void check(struct device *d, unsigned char *at, size_t pages, __u64 number)
{
	size_t i;

	for (i = 0; i < pages; i++)
		d->damaged += *word(at, i) != number + i;
}

/* What is no fault: memory is short, the pages are in use, or stay in the area. */
static bool may_be(int ret)
{
	return ret == -ENOMEM || ret == -EBUSY || ret == -EAGAIN;
}

static void one_mapping(struct device *d)
{
	size_t pages = 1 + rng_below(&d->rng, PAGES), i;
	struct cma_bulk_pinner_map map = {
		.size = pages * page_size(),
		.mode = rng_below(&d->rng, MODES),
		.hold_ms = rng_below(&d->rng, HOLD_MS),
		.seed = rng_next(&d->rng),
	};
	__u64 number = rng_next(&d->rng);
	unsigned char *at;
	int ret;

	at = mmap(NULL, map.size, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		bail("mmap", errno);
	for (i = 0; i < pages; i++)
		*word(at, i) = number + i;
	map.vaddr = (uintptr_t)at;
	map.iova = map.vaddr;
	ret = pinner_map(d->fd, &map);
	if (ret) {
		d->refused += may_be(ret);
		d->odd += !may_be(ret);
	} else {
		check(d, at, pages, number);
		sleep_ms(rng_below(&d->rng, HOLD_MS));
		d->mapped[map.mode]++;
		d->odd += !!pinner_unmap(d->fd, map.iova, map.size);
	}
	check(d, at, pages, number);
	munmap(at, map.size);
}

/* devices() - for so many seconds. Return: exit status. */
int devices(double duration)
{
	struct device d = { .fd = pinner_open() };
	double end = seconds() + duration;
	unsigned int i;

	d.rng.state = time(NULL) ^ (__u64)getpid() << 32;
	while (seconds() < end)
		one_mapping(&d);
	close(d.fd);
	for (i = 0; i < MODES; i++)
		printf("%s %lu ", names[i], d.mapped[i]);
	printf("refused %lu damaged %lu odd %lu\n", d.refused, d.damaged, d.odd);
	return d.damaged || d.odd;
}
