/* SPDX-License-Identifier: GPL-2.0-only */
/* A window: the part of a region that a request looks at, and its slots. */
#ifndef CMA_BULK_WINDOW_H
#define CMA_BULK_WINDOW_H

#include <linux/types.h>

#include "core/plan.h"
#include "core/slots.h"

struct cb_job;

/**
 * struct cb_window - slots of a part of a region
 * @geo: where they are
 * @slot: one byte for each slot
 * @failed: one bit for each slot: refused by the kernel in this round
 * @any_failed: one of them is set
 * @seen: CB_SEEN_* bits of the last look
 * @fresh: what cb_window_find_free() found was seen just now, and is so little
 *	that no other thread works on it
 * @room: how many slots there is memory for
 */
struct cb_window {
	struct cb_geometry geo;
	unsigned char *slot;
	unsigned long *failed;
	bool any_failed;
	unsigned int seen;
	bool fresh;
	unsigned long room;
};

int cb_window_open(struct cb_window *w, const struct cb_job *job,
		   unsigned long pfn, unsigned long nr);
void cb_window_close(struct cb_window *w);
void cb_window_forgive(struct cb_window *w);
void cb_window_look(struct cb_window *w, struct cb_job *job);
bool cb_window_find_free(struct cb_window *w, struct cb_job *job,
			 unsigned long need, struct cb_range *found,
			 unsigned long *tail);
unsigned long cb_window_look_again(struct cb_window *w, struct cb_job *job,
				   const struct cb_range *r);
void cb_window_refused(struct cb_window *w, struct cb_job *job,
		       const struct cb_range *r);

unsigned long cb_slot_pfn(const struct cb_window *w, unsigned long slot);
unsigned long cb_slots_to_unit_end(const struct cb_window *w,
				   unsigned long slot);

#endif
