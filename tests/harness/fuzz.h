/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random use of both modules: fuzz.c, fuzz_write.c, fuzz_ioctl.c, fuzz_heap.c.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "harness.h"

#define DEBUGFS_ROOT	"/sys/kernel/debug"
#define FUZZ_TEXT_MAX	5000
#define FUZZ_ERRORS	160

/* A generator of each process: the same seed makes the same choices. */
struct rng {
	__u64 state;
};

__u64 rng_next(struct rng *rng);
unsigned int rng_below(struct rng *rng, unsigned int n);

/* What a process has done, in memory that it shares with the first. */
struct fuzz_tally {
	unsigned long done;
	unsigned long errors[FUZZ_ERRORS];	/* by errno, 0 is success */
};

void fuzz_count(struct fuzz_tally *tally, int ret);

/*
 * To be called where no file is open: rests one time in @share, so that now and
 * then nobody uses a module.
 */
void fuzz_rest(struct rng *rng, unsigned int share);

/*
 * Find the files that can be written, once for all processes; the modules are
 * loaded. Return: their number; @unknown counts those without good texts.
 */
unsigned int fuzz_find_files(unsigned int *unknown);
void fuzz_writes(struct rng *rng, const struct region *region,
		 unsigned long nr, struct fuzz_tally *tally);
void fuzz_ioctls(struct rng *rng, unsigned long nr, struct fuzz_tally *tally);
void fuzz_heaps(struct rng *rng, const struct region *region, unsigned long nr,
		struct fuzz_tally *tally);

#endif
