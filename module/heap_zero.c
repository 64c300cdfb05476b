// SPDX-License-Identifier: GPL-2.0-only
/* Clear the pages of a buffer, on several CPUs if it is a large one. */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/workqueue.h>

#include "heap_zero.h"

/* What a thread clears before it looks again whether it shall stop. */
#define ZERO_STEP	(SZ_512K >> PAGE_SHIFT)

/* Less than this is done before a second thread has begun. */
#define ZERO_ALONE	(SZ_8M >> PAGE_SHIFT)

/* Beside the caller. More threads wait for the memory, not for a CPU. */
#define ZERO_HELPERS	3

static struct workqueue_struct *zero_wq;

/**
 * struct zeroing - a buffer that is being cleared
 * @pages: first page of each chunk
 * @order: a chunk is 2^order pages
 * @total: pages
 * @next: first page that no thread has begun
 * @stop: the caller is killed
 */
struct zeroing {
	struct page **pages;
	unsigned int order;
	long total;
	atomic_long_t next;
	bool stop;
};

struct helper {
	struct work_struct work;
	struct zeroing *zeroing;
};

static struct page *nth_page_of(const struct zeroing *z, long i)
{
	return z->pages[i >> z->order] + (i & ((1L << z->order) - 1));
}

/* Return: whether there may be more to do. */
static bool zero_step(struct zeroing *z)
{
	long i = atomic_long_fetch_add(ZERO_STEP, &z->next), end;

	for (end = min(i + ZERO_STEP, z->total); i < end; i++)
		clear_highpage(nth_page_of(z, i));
	cond_resched();
	return end < z->total && !READ_ONCE(z->stop);
}

static void help(struct work_struct *work)
{
	struct zeroing *z = container_of(work, struct helper, work)->zeroing;

	while (zero_step(z))
		;
}

static unsigned int helpers_for(const struct zeroing *z)
{
	if (z->total < ZERO_ALONE)
		return 0;
	return min(num_online_cpus() - 1, (unsigned int)ZERO_HELPERS);
}

/**
 * cb_heap_zero() - clear chunks
 * @pages: first page of each chunk
 * @chunks: how many
 * @order: a chunk is 2^order pages
 *
 * Context: process context, without locks; ends early when the task is killed.
 *
 * Return: 0, or -EINTR for a fatal signal; not all is clear then.
 */
int cb_heap_zero(struct page **pages, size_t chunks, unsigned int order)
{
	struct zeroing z = {
		.pages = pages,
		.order = order,
		.total = chunks << order,
		.next = ATOMIC_LONG_INIT(0),
	};
	struct helper helper[ZERO_HELPERS];
	unsigned int i, nr = helpers_for(&z);

	for (i = 0; i < nr; i++) {
		helper[i].zeroing = &z;
		INIT_WORK_ONSTACK(&helper[i].work, help);
		queue_work(zero_wq, &helper[i].work);
	}
	while (zero_step(&z))
		if (fatal_signal_pending(current))
			WRITE_ONCE(z.stop, true);
	/* One that has not begun has nothing left to do. */
	for (i = 0; i < nr; i++) {
		cancel_work_sync(&helper[i].work);
		destroy_work_on_stack(&helper[i].work);
	}
	return z.stop ? -EINTR : 0;
}

/**
 * cb_heap_zero_setup() - at load: prepare for threads
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_heap_zero_teardown().
 */
int cb_heap_zero_setup(void)
{
	zero_wq = alloc_workqueue("cma_bulk_zero", WQ_UNBOUND, 0);
	return zero_wq ? 0 : -ENOMEM;
}

/**
 * cb_heap_zero_teardown() - at unload, or when setup has failed
 *
 * Context: may sleep; no buffer is being cleared.
 */
void cb_heap_zero_teardown(void)
{
	if (zero_wq)
		destroy_workqueue(zero_wq);
	zero_wq = NULL;
}
