// SPDX-License-Identifier: GPL-2.0-only
/*
 * A range that the kernel refuses is looked at again: what blocks is cut out, and
 * where nothing can be seen to block, the range is halved until the culprit is
 * alone.
 */
#include <linux/errno.h>
#include <linux/mm.h>

#include "job.h"
#include "take.h"
#include "window.h"

/* Halving a range leaves one half waiting each time: 32 bits of slots. */
#define CB_WORK_DEPTH	34

/* Ranges of slots that wait for a call, the next one last. */
struct work {
	struct cb_range range[CB_WORK_DEPTH];
	unsigned int nr;
};

/**
 * cb_call_slots() - how many slots to hand to the kernel in one call
 * @w: the window
 * @pages: how many pages one would like to
 *
 * Return: at least 1, and no more than that if chunks are spread.
 */
unsigned int cb_call_slots(const struct cb_window *w, unsigned long pages)
{
	if (w->geo.stride != w->geo.size)
		return 1;
	return max(min(pages, CB_CALL_PAGES) / w->geo.size, 1UL);
}

/* Does a slot still look as if it could be had? A fast request never waits. */
static bool good_slot(const struct cb_job *job, const struct cb_window *w,
		      unsigned long slot)
{
	if (w->slot[slot] == CB_SLOT_WAIT)
		return !job->fast;
	return w->slot[slot] <= CB_SLOT_COST_MAX;
}

/* The first good slots of @r that lie side by side. */
static bool next_good(const struct cb_job *job, const struct cb_window *w,
		      const struct cb_range *r, struct cb_range *good)
{
	unsigned long slot = r->start, end = r->start + r->nr;

	while (slot < end && !good_slot(job, w, slot))
		slot++;
	good->start = slot;
	while (slot < end && good_slot(job, w, slot))
		slot++;
	good->nr = slot - good->start;
	return good->nr;
}

/* Half of @r, if possible at the end of a pageblock. */
static unsigned int half(const struct cb_window *w, const struct cb_range *r)
{
	unsigned long start = cb_slot_pfn(w, r->start);
	unsigned long middle = cb_slot_pfn(w, r->start + r->nr / 2);
	unsigned long edge = ALIGN(middle, w->geo.block);

	if (w->geo.size < w->geo.block &&
	    edge < cb_slot_pfn(w, r->start + r->nr))
		return (edge - start) / w->geo.stride;
	return r->nr / 2;
}

static void push(struct work *work, unsigned int start, unsigned int nr)
{
	if (nr && !WARN_ON_ONCE(work->nr == CB_WORK_DEPTH))
		work->range[work->nr++] = (struct cb_range){ start, nr };
}

static void push_halves(const struct cb_window *w, const struct cb_range *r,
			struct work *work)
{
	unsigned int first = half(w, r);

	push(work, r->start + first, r->nr - first);
	push(work, r->start, first);
}

/* The kernel refused @r. */
static void refused(struct cb_job *job, struct cb_window *w,
		    const struct cb_range *r, struct work *work)
{
	struct cb_range good;

	if (job->fast || r->nr == 1) {
		cb_window_refused(w, job, r);
		return;
	}
	cb_window_look_again(w, job, r);
	next_good(job, w, r, &good);
	if (good.nr != r->nr)
		/* What blocks can be seen: take_one() goes around it. */
		push(work, r->start, r->nr);
	else
		push_halves(w, r, work);
}

/* There is nothing to migrate to: half of it at a time needs less. */
static void short_of_memory(struct cb_job *job, struct cb_window *w,
			    const struct cb_range *r, struct work *work)
{
	if (job->fast || r->nr * w->geo.size <= w->geo.block || r->nr == 1) {
		cb_window_refused(w, job, r);
		cb_job_no_target(job);
		return;
	}
	push_halves(w, r, work);
}

/*
 * Take one range. -EBUSY means that it was split or given up, and the request
 * goes on; any other error ends the round.
 */
static int take_one(struct cb_job *job, struct cb_window *w,
		    const struct cb_range *r, struct work *work)
{
	struct cb_range good;
	unsigned long in_use;
	int ret;

	in_use = cb_window_look_again(w, job, r);
	if (!next_good(job, w, r, &good))
		return -EBUSY;
	if (good.nr != r->nr) {
		/* Something has come in the way; take what is beside it. */
		push(work, good.start + good.nr,
		     r->start + r->nr - good.start - good.nr);
		push(work, good.start, good.nr);
		return -EBUSY;
	}
	ret = cb_job_call(job, cb_slot_pfn(w, r->start),
			  (r->nr - 1) * w->geo.stride + w->geo.size, in_use);
	switch (ret) {
	case 0:
		cb_job_took(job, cb_slot_pfn(w, r->start),
			    r->nr * w->geo.size, in_use, false);
		return 0;
	case -EBUSY:
		refused(job, w, r, work);
		return -EBUSY;
	case -ENOMEM:
		short_of_memory(job, w, r, work);
		return -EBUSY;
	case -EAGAIN:
		/* It may not wait for an outside caller or a free. */
		cb_window_refused(w, job, r);
		return -EBUSY;
	default:
		return ret;
	}
}

/**
 * cb_take_range() - take what can be had of a range of slots
 * @job: the request, which has claimed them; no other thread of it is at work
 *	in the same units
 * @w: the window that the slots are of
 * @range: the range
 *
 * Context: sleeps, without locks.
 *
 * Return: 0 when all of it was taken or found to be in the way, -EINTR or
 * -ETIMEDOUT.
 */
int cb_take_range(struct cb_job *job, struct cb_window *w,
		  const struct cb_range *range)
{
	struct work work = { .nr = 0 };
	struct cb_range r;
	int ret = 0;

	push(&work, range->start, range->nr);
	while (work.nr && !ret) {
		r = work.range[--work.nr];
		ret = take_one(job, w, &r, &work);
		if (!ret || ret == -EBUSY)
			ret = cb_patience_pause(&job->patience);
	}
	return ret;
}
