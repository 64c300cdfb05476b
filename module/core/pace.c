// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pool is filled in pieces: fast ones for as long as these get all that they
 * want, then patient ones, and when a patient one lacks something, a rest. The
 * rests get longer, since what blocks may block for long.
 */
#include "pace.h"

/**
 * cb_pace_start() - a pool begins to lack chunks
 * @p: filled in
 */
void cb_pace_start(struct cb_pace *p)
{
	p->fast = 1;
	p->rest_ms = CB_PACE_FIRST_MS;
}

/**
 * cb_pace_next() - a piece was tried
 * @p: the pace; set to that of the next piece
 * @wanted: chunks of the piece
 * @got: of these, obtained
 *
 * Return: milliseconds to rest before the next piece.
 */
unsigned int cb_pace_next(struct cb_pace *p, unsigned long wanted,
			  unsigned long got)
{
	unsigned int rest = p->rest_ms;

	if (got >= wanted) {
		p->rest_ms = CB_PACE_FIRST_MS;
		return 0;
	}
	if (p->fast) {
		p->fast = 0;
		return 0;
	}
	/* What was blocked may be free by then. */
	p->fast = 1;
	p->rest_ms = rest < CB_PACE_LAST_MS / 2 ? 2 * rest : CB_PACE_LAST_MS;
	return rest;
}
