// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/kernel_stat.h>
#include <linux/math64.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/tick.h>	/* kernel_stat.h since 7.3 */

#include "compat/symbols.h"
#include "idle.h"

/* A CPU that was idle for this part of a span, in percent, has nothing to do. */
#define CB_IDLE_PERCENT	60

/*
 * Where a CPU was idle for a quarter of a span, while the caller slept, nobody else has
 * much to do there.
 */
#define CB_IDLE_LONG	4

/*
 * A task that has waited for a CPU for this part of a span, in percent, and for so many
 * microseconds more, has less than one. The kernel's own threads keep it waiting for 4 ms
 * of 11 ms, and for 10 ms of 40 ms, at most (docs/benchmarks.md).
 */
#define CB_CROWD_PERCENT	25
#define CB_CROWD_US		(2 * USEC_PER_MSEC)

/* A CPU that waits for I/O has nothing to do, either. */
static u64 cpu_idle_us(unsigned int cpu)
{
	return get_cpu_idle_time_us(cpu, NULL) + get_cpu_iowait_time_us(cpu, NULL);
}

static u64 idle_us(void)
{
	unsigned int cpu;
	u64 us = 0;

	for_each_online_cpu(cpu)
		us += cpu_idle_us(cpu);
	return us;
}

/* Kernels whose idle CPUs go on ticking do not tell. */
static bool idle_known(void)
{
	return get_cpu_idle_time_us(cpumask_first(cpu_online_mask), NULL) !=
	       U64_MAX;
}

/* Kernels without CONFIG_SCHED_INFO do not tell. */
static u64 waited_ns(void)
{
#ifdef CONFIG_SCHED_INFO
	return current->sched_info.run_delay;
#else
	return 0;
#endif
}

/**
 * cb_idle_begin() - a span begins
 * @idle: the span
 *
 * Context: any.
 */
void cb_idle_begin(struct cb_idle *idle)
{
	idle->since = ktime_get();
	idle->ran_ns = current->se.sum_exec_runtime;
	idle->waited_ns = waited_ns();
	idle->cpu = raw_smp_processor_id();
	idle->us = idle_us();
	idle->own_us = cpu_idle_us(idle->cpu);
}

static u64 waited_us(const struct cb_idle *idle)
{
	return div_u64(waited_ns() - idle->waited_ns, NSEC_PER_USEC);
}

/*
 * How long the caller has neither run nor waited for a CPU. The kernel adds up the former
 * when a task goes to sleep, and with each tick.
 */
static s64 slept_us(const struct cb_idle *idle, s64 span)
{
	u64 ran = current->se.sum_exec_runtime - idle->ran_ns;

	return max_t(s64, span - div_u64(ran, NSEC_PER_USEC) - waited_us(idle), 0);
}

/**
 * cb_idle_cpus() - how many other CPUs have had nothing to do since a span began?
 * @idle: the span, in which the caller was at work
 *
 * The CPU of the caller does not count: that is idle when the caller waits. Where it has
 * moved from one to another it is one of them at a time.
 *
 * None if somebody else wants the CPU of the caller, as that will soon find another
 * one; but if that was idle for long, it is wanted for a moment only, as by the threads
 * that an rt kernel has for interrupts.
 *
 * Context: any; the answer is a hint.
 *
 * Return: their number; UINT_MAX if it is not known.
 */
unsigned int cb_idle_cpus(const struct cb_idle *idle)
{
	s64 span = max_t(s64, ktime_us_delta(ktime_get(), idle->since), 1);
	bool moved = raw_smp_processor_id() != idle->cpu;
	s64 own = cpu_idle_us(idle->cpu) - idle->own_us;
	s64 us = idle_us() - idle->us;

	if (cb_shares_cpu() && (moved || own < span / CB_IDLE_LONG))
		return 0;
	if (!idle_known())
		return UINT_MAX;
	us -= moved ? slept_us(idle, span) : own;
	/* Less than before, if a CPU went offline. */
	us = max_t(s64, us, 0) + div_s64(span * (100 - CB_IDLE_PERCENT), 100);
	return min_t(u64, div64_u64(us, span), num_online_cpus());
}

/**
 * cb_idle_crowded() - are there more tasks than CPUs?
 * @idle: a span in which the caller was at work
 *
 * Context: process context; the answer is a hint.
 *
 * Return: true if the caller had to wait for a CPU for much of the time; false also if
 * that cannot be known.
 */
bool cb_idle_crowded(const struct cb_idle *idle)
{
	u64 us = ktime_us_delta(ktime_get(), idle->since);

	return waited_us(idle) > CB_CROWD_US + div_u64(CB_CROWD_PERCENT * us, 100);
}
