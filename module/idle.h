/* SPDX-License-Identifier: GPL-2.0-only */
/* How many CPUs have nothing to do, and are there enough of them? */
#ifndef CMA_BULK_IDLE_H
#define CMA_BULK_IDLE_H

#include <linux/ktime.h>
#include <linux/types.h>

/**
 * struct cb_idle - a span of time
 * @since: when it began
 * @us: how long all CPUs together had been idle before, in microseconds
 * @own_us: how long @cpu of these
 * @ran_ns: how long the caller had run before, in nanoseconds
 * @waited_ns: how long it had waited for a CPU
 * @cpu: where the caller was
 */
struct cb_idle {
	ktime_t since;
	u64 us;
	u64 own_us;
	u64 ran_ns;
	u64 waited_ns;
	unsigned int cpu;
};

void cb_idle_begin(struct cb_idle *idle);
unsigned int cb_idle_cpus(const struct cb_idle *idle);
bool cb_idle_crowded(const struct cb_idle *idle);

#endif
