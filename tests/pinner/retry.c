// SPDX-License-Identifier: GPL-2.0-only
/*
 * How often to try to move a page out of CMA, and what to call it when it did
 * not work: passing or permanent.
 */
#include <linux/delay.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "pinner.h"
#include "compat/pinner_compat.h"

/* Back-off doubles from 1 ms up to this: 10 rounds take about 0.4 s. */
#define RETRY_MS_MAX	100U

/**
 * pinner_retry_init() - begin to count, with the limits of the knobs
 * @retry: the counters
 *
 * Context: any.
 */
void pinner_retry_init(struct pinner_retry *retry)
{
	memset(retry, 0, sizeof(*retry));
	retry->migrate_max = pinner_knob_migrate_max();
	retry->isolate_max = pinner_knob_isolate_max();
}

/* Count a round; false if there were enough. */
static bool take_round(unsigned int *rounds, int max, enum pinner_stat stat)
{
	if (max >= 0 && *rounds >= max)
		return false;
	(*rounds)++;
	pinner_count(stat, 1);
	return true;
}

static int back_off(const struct pinner_retry *retry)
{
	unsigned int round = retry->migrate + retry->isolate;
	unsigned int ms = min(1U << min(round, 10U), RETRY_MS_MAX);

	schedule_timeout_killable(msecs_to_jiffies(ms));
	return fatal_signal_pending(current) ? -EINTR : 0;
}

/*
 * Has someone a reference who is not the caller? A page off the LRU has one
 * more from whoever took it off, or from the batch in which it waits to get on.
 */
static bool is_held(struct page *page, long own_refs)
{
	return cbp_extra_refs(page) > own_refs + !cbp_on_lru(page);
}

/* One look cannot tell a pin from a fault in flight; the same twice can. */
static void note_holder(struct pinner_retry *retry, struct page *page,
			bool held)
{
	unsigned long pfn = page_to_pfn(page);

	if (!held)
		retry->same = 0;
	else if (retry->pfn == pfn)
		retry->same++;
	else
		retry->same = 1;
	retry->pfn = pfn;
}

/**
 * pinner_retry_again() - a page stayed in CMA: try again?
 * @retry: the counters
 * @page: the page
 * @own_refs: references to it that are the caller's
 *
 * Sleeps for a while if so.
 *
 * Context: sleeps; killable.
 * Return: 0 to try again, -EINTR if killed, -EAGAIN if a limit is reached and
 * the obstacle looks passing, -EBUSY if it looks permanent.
 */
int pinner_retry_again(struct pinner_retry *retry, struct page *page,
		       long own_refs)
{
	bool held = is_held(page, own_refs), again;

	/* Belongs to no process and no file: a driver's, nobody can move it. */
	if (!cbp_owned(page))
		return -EBUSY;
	note_holder(retry, page, held);
	/* Held, or in reach: it was isolated, and could not be moved then. */
	if (held || cbp_on_lru(page))
		again = take_round(&retry->migrate, retry->migrate_max,
				   PINNER_MIGRATE_RETRIES);
	else
		again = take_round(&retry->isolate, retry->isolate_max,
				   PINNER_ISOLATE_RETRIES);
	if (again)
		return back_off(retry);
	return retry->same > 1 || cbp_dma_pinned(page) ? -EBUSY : -EAGAIN;
}

/**
 * pinner_retry_memory() - there was no memory to move a page to: try again?
 * @retry: the counters
 *
 * Context: sleeps; killable.
 * Return: 0 to try again, -EINTR, or -ENOMEM if the limit is reached.
 */
int pinner_retry_memory(struct pinner_retry *retry)
{
	if (!take_round(&retry->migrate, retry->migrate_max,
			PINNER_MIGRATE_RETRIES))
		return -ENOMEM;
	return back_off(retry);
}
