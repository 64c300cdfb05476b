/* SPDX-License-Identifier: GPL-2.0-only */
/* How many CPUs have nothing to do, and are there enough of them? */
#ifndef CMA_BULK_IDLE_H
#define CMA_BULK_IDLE_H

#include <linux/ktime.h>
#include <linux/types.h>

/**
 * struct cb_idle - a span of time
 * @since: when it began
 * @us: how long all CPUs but @cpu together had been idle before, in microseconds
 * @waited_ns: how long the caller had waited for a CPU before, in nanoseconds
 * @cpu: where the caller was
 */
struct cb_idle {
	ktime_t since;
	u64 us;
	u64 waited_ns;
	unsigned int cpu;
};

void cb_idle_begin(struct cb_idle *idle);
unsigned int cb_idle_cpus(const struct cb_idle *idle);
bool cb_idle_crowded(const struct cb_idle *idle);

#endif
