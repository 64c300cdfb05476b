/* SPDX-License-Identifier: GPL-2.0-only */
/* How eagerly a pool is filled up. */
#ifndef CMA_BULK_CORE_PACE_H
#define CMA_BULK_CORE_PACE_H

/* How long to rest when even a patient try lacks something: at first, at most. */
#define CB_PACE_FIRST_MS	200
#define CB_PACE_LAST_MS		10000

/**
 * struct cb_pace - where the filling of a pool is
 * @fast: the next try takes only what nothing blocks
 * @rest_ms: the rest after the next patient try that lacks something
 */
struct cb_pace {
	int fast;
	unsigned int rest_ms;
};

void cb_pace_start(struct cb_pace *p);
unsigned int cb_pace_next(struct cb_pace *p, unsigned long wanted,
			  unsigned long got);

#endif
