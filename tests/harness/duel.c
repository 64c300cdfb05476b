// SPDX-License-Identifier: GPL-2.0-only
/*
 * mirror against bulk: the process renews its memory and the device faults it,
 * while requests take the region from under it, all as fast as they can.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness.h"

#define INSIDE		1024
#define WINDOW		64
#define SECONDS		15
/* Progress is made in the time of so many requests without an opponent. */
#define PATIENCE	4

static struct {
	const struct region *region;
	struct live live;
	size_t slots;
	atomic_bool stop;
	atomic_llong requests;
	atomic_llong renewed;
	atomic_llong migrated;
	atomic_llong short_ones;
	atomic_llong odd;
} duel;

static void *take(void *unused)
{
	long long got;
	int ret;

	while (!duel.stop) {
		ret = region_alloc_slots(duel.region, 4, duel.slots);
		got = region_last(duel.region, "allocated");
		duel.migrated += region_last(duel.region, "pages_migrated");
		if (ret == -EBUSY && got < (long long)duel.slots)
			duel.short_ones++;
		else if (ret || got != (long long)duel.slots)
			duel.odd++;
		region_free_all(duel.region);
		duel.requests++;
	}
	return unused;
}

static void *renew(void *unused)
{
	size_t first = 0;

	while (!duel.stop) {
		live_renew(&duel.live, first, WINDOW);
		duel.renewed += WINDOW;
		first += WINDOW;
		if (first + WINDOW > duel.live.pages)
			first = 0;
	}
	return unused;
}

/* Samples in which nothing had moved on. */
struct idle {
	int requests;
	int renewals;
	int device;
	double longest;
};

/* Without QUERY, which would be in the device's way. */
static long long device_progress(void)
{
	return pinner_stat("mirror_touches") + pinner_stat("mirror_refaults");
}

static bool stood_still(long long *before, long long now)
{
	bool still = now == *before;

	*before = now;
	return still;
}

/*
 * Samples are @patience_ms apart or more. Two that follow each other at once
 * after this thread had to wait would say nothing of anybody.
 */
static void watch(int duration, unsigned int patience_ms, struct idle *idle)
{
	long long requests = 0, renewed = 0, device = device_progress();
	double start = seconds(), last = start, now = start;

	while (now - start < duration) {
		sleep_ms(patience_ms);
		now = seconds();
		if (now - last > idle->longest)
			idle->longest = now - last;
		last = now;
		idle->requests += stood_still(&requests, duel.requests);
		idle->renewals += stood_still(&renewed, duel.renewed);
		idle->device += stood_still(&device, device_progress());
	}
}

static void fight(int duration, unsigned int patience_ms, struct idle *idle)
{
	pthread_t taker, renewer;
	int ret;

	ret = pthread_create(&taker, NULL, take, NULL);
	if (!ret)
		ret = pthread_create(&renewer, NULL, renew, NULL);
	if (ret)
		bail("pthread_create", ret);
	watch(duration, patience_ms, idle);
	duel.stop = true;
	pthread_join(taker, NULL);
	pthread_join(renewer, NULL);
}

/*
 * In milliseconds, a second at least; more where the kernel checks each page. The
 * request counts for nothing else: it has met nobody.
 */
static unsigned int patience(void)
{
	double start = seconds(), alone;

	region_alloc_slots(duel.region, 4, duel.slots);
	region_free_all(duel.region);
	alone = seconds() - start;
	return PATIENCE * alone > 1 ? PATIENCE * alone * 1e3 : 1000;
}

void scenario_duel(const struct region *region, const char *arg)
{
	struct cma_bulk_pinner_query q = { 0 };
	struct idle idle = { 0 };
	struct cma_bulk_pinner_map map;
	unsigned int patience_ms;
	int fd = pinner_open();

	duel.region = region;
	duel.slots = region_slots(region, 4);
	patience_ms = patience();
	live_init(&duel.live, region, INSIDE);
	pinner_arg(&map, &duel.live, CMA_BULK_PINNER_MIRROR);
	ktap_errno("a device mirrors the memory", pinner_map(fd, &map), 0);
	fight(arg ? atoi(arg) : SECONDS, patience_ms, &idle);
	if (pinner_query(fd, map.iova, &q))
		bail("query", EIO);
	ktap_diag("%lld requests, %lld short; %lld pages renewed, %lld migrated",
		  duel.requests, duel.short_ones, duel.renewed, duel.migrated);
	ktap_diag("longest time between two samples: %.1f s, of %.1f s", idle.longest,
		  patience_ms / 1e3);
	ktap_diag("device: %llu touches, %llu invalidations, %llu refaults",
		  q.touches, q.invalidations, q.refaults);
	ktap_diag("device: %llu retries, %llu escalations, %llu starved",
		  q.retries, q.escalations, q.starved);
	ktap_same("samples in which no request ended", idle.requests, 0);
	ktap_same("samples in which the device stood still", idle.device, 0);
	ktap_same("samples in which the process did", idle.renewals, 0);
	ktap_same("requests that neither got all nor said EBUSY", duel.odd, 0);
	ktap_ok(duel.migrated && q.refaults, "they met");
	ktap_same("the content is as written", live_damaged(&duel.live), 0);
	close(fd);
	live_free(&duel.live);
}
