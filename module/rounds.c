// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rounds of a request: an engine tries, the pool gives way, other requests take
 * turns, pins come and go, until all is there, time is up, or it is hopeless.
 */
#include <linux/log2.h>

#include "engine.h"
#include "engines.h"
#include "gate.h"
#include "job.h"
#include "pages.h"
#include "pool.h"
#include "queue.h"
#include "region.h"
#include "release.h"
#include "rounds.h"
#include "watch.h"

#include <trace/events/cma_bulk.h>

/*
 * Wait for @ms at most; what opens meanwhile is taken at once, which is not a round.
 * Return: 1 if something else has changed, 0, or an errno.
 */
static int wait_between_rounds(struct cb_job *job,
			       const struct cb_engine_ops *engine,
			       struct cb_turn *turn, u64 ms)
{
	ktime_t start = ktime_get(), end = ktime_add_ms(start, ms);
	int ret;

	trace_round_wait(job->counts.rounds, job->wanted - job->got, ms);
	do {
		start = ktime_get();
		ms = max_t(s64, ktime_ms_delta(end, start), 0);
		ret = cb_watch_wait(&job->watch, ms, &job->patience);
		cb_job_waited(job, start);
		if (ret != CB_WATCH_OPENED)
			return ret;
		cb_turn_begin(turn);
		ret = engine->take_opened(job);
		cb_turn_end(turn);
		/* What still is to be moved out of blocked slots delays no round. */
	} while (!ret && ms && job->got < job->wanted);
	return ret;
}

/*
 * Wait until the next round, or until all is there; a round that would find nothing
 * counts, but is not made.
 * @left: how many there may be, -1 for no end. -EAGAIN if there are none left.
 */
static int wait_for_round(struct cb_job *job, const struct cb_engine_ops *engine,
			  struct cb_turn *turn, u64 ms, s64 *left)
{
	int ret;

	for (;;) {
		if (!*left)
			return -EAGAIN;
		if (*left > 0)
			--*left;
		ret = wait_between_rounds(job, engine, turn, ms);
		if (ret || job->got == job->wanted ||
		    !cb_watch_suffices(&job->watch))
			return min(ret, 0);
		job->counts.rounds++;
	}
}

/**
 * cb_rounds_undo() - give back all that was obtained so far
 * @job: the request
 *
 * Context: process context; waits for nobody.
 */
void cb_rounds_undo(struct cb_job *job)
{
	cb_release(job->region, job->geo.order, job->pages, job->got,
		   CB_PAGE_IN_FLIGHT);
	job->got = 0;
	job->counts.pool_chunks = 0;
	job->counts.pool_clear = 0;
}

/* Take what is missing out of the pool, as far as that has it. */
static void take_pooled(struct cb_job *job)
{
	size_t got = 0;

	if (job->pool)
		got = cb_pool_take(job->region, job->geo.order,
				   ilog2(job->geo.stride), job->pages + job->got,
				   job->wanted - job->got,
				   &job->counts.pool_clear);
	job->got += got;
	job->counts.pool_chunks += got;
}

/*
 * What the pool has may be what a request lacks, or lie where its chunks could: so
 * it is given up. Return: 1 if the request can get more now, 0, or an errno.
 */
static int pool_gives_way(struct cb_job *job)
{
	size_t had = job->got;
	ktime_t start = ktime_get();
	int ret;

	if (job->for_pool)
		return 0;
	ret = cb_gate_settle(job->region, &job->patience);
	cb_job_waited(job, start);
	if (ret == -EAGAIN)
		cb_job_met_claim(job);
	else if (ret)
		return ret;
	take_pooled(job);
	return cb_pool_give_back(job->region, SIZE_MAX) || job->got > had;
}

/*
 * One round. An all-or-nothing request that lacks something beside another one
 * does not conclude from it that there is too little: one of them gives way, and
 * the other one looks again.
 */
static int one_round(struct cb_job *job, const struct cb_engine_ops *engine,
		     struct cb_turn *turn)
{
	ktime_t start;
	int ret;

	job->counts.rounds++;
	job->no_target = false;
	cb_watch_clear(&job->watch);
	for (;;) {
		ret = engine->round(job);
		cb_claims_leave(&job->claims);
		if (ret || job->got == job->wanted)
			return ret;
		ret = pool_gives_way(job);
		if (ret < 0 || job->got == job->wanted)
			return min(ret, 0);
		if (ret) {
			job->no_target = false;
			continue;
		}
		if (job->partial || !cb_turn_meets(turn))
			return 0;
		if (cb_turn_yields(turn))
			cb_rounds_undo(job);
		start = ktime_get();
		ret = cb_turn_wait(turn, &job->patience);
		cb_job_waited(job, start);
		if (ret)
			return ret == -EAGAIN ? 0 : ret;
	}
}

/* Why a request that has made its rounds lacks something. */
static int verdict(const struct cb_job *job)
{
	if (job->no_target)
		return -ENOMEM;
	/*
	 * What is held now may have been obtained by another request meanwhile.
	 * All or nothing was possible when this one began, and may be again.
	 */
	if (job->partial &&
	    !cb_pages_have_room(job->region, &job->geo, job->wanted))
		return -ENOMEM;
	return -EBUSY;
}

/* Rounds until all is there, time is up, or it is hopeless. */
static int rounds(struct cb_job *job, const struct cb_request *req,
		  struct cb_turn *turn)
{
	const struct cb_engine_ops *engine =
		cb_engine_ops(req->value[CB_K_ENGINE]);
	s64 left = job->fast ? 0 : req->value[CB_K_RETRIES];
	u64 waited_us, spent_us;
	ktime_t start;
	int ret, err;
	size_t got;

	for (;;) {
		got = job->got;
		start = ktime_get();
		waited_us = job->counts.wait_us;
		cb_turn_begin(turn);
		ret = one_round(job, engine, turn);
		cb_turn_end(turn);
		if (job->got == job->wanted)
			return 0;
		if (ret == -EAGAIN) {
			cb_job_met_claim(job);
			return -EBUSY;
		}
		if (ret)
			return ret;
		ret = verdict(job);
		/* Waiting for pins to go does not help against what is held. */
		if (ret == -ENOMEM && !job->no_target)
			return ret;
		spent_us = ktime_us_delta(ktime_get(), start) -
			   (job->counts.wait_us - waited_us);
		cb_watch_paid(&job->watch, spent_us, job->got != got);
		err = wait_for_round(job, engine, turn,
				     req->value[CB_K_RETRY_DELAY_MS], &left);
		if (err)
			return err == -EAGAIN ? ret : err;
		if (job->got == job->wanted)
			return 0;
	}
}

/**
 * cb_rounds() - obtain what a request wants, from the pool and in rounds
 * @job: the request
 * @req: how often it tries, and by which engine
 *
 * Context: sleeps, without locks. May wait for as long as the request says.
 *
 * Return: 0 if all was obtained, -EBUSY, -ENOMEM, -ETIMEDOUT or -EINTR; what was
 * obtained is in flight.
 */
int cb_rounds(struct cb_job *job, const struct cb_request *req)
{
	const struct cb_engine_ops *engine =
		cb_engine_ops(req->value[CB_K_ENGINE]);
	struct cb_turn turn;
	int ret;

	/* Nothing is taken for what cannot be. */
	if (!job->partial &&
	    !cb_pages_have_room(job->region, &job->geo, job->wanted))
		return -ENOMEM;
	take_pooled(job);
	if (job->got == job->wanted)
		return 0;
	ret = engine->open(job);
	if (!ret) {
		cb_turn_init(&turn, job->region, !job->partial && !job->fast);
		ret = rounds(job, req, &turn);
		cb_turn_exit(&turn);
	}
	engine->close(job);
	return ret;
}
