/* SPDX-License-Identifier: GPL-2.0-only */
/* What a plan is compared with: slow ways to the true optimum. */
#ifndef CMA_BULK_PLAN_REF_H
#define CMA_BULK_PLAN_REF_H

#include "unit.h"

/* Slots that every subset is tried of. */
#define REF_SUBSET_MAX	14
/* How many units of a price make a unit of cost, see plan.c. */
#define REF_PRICE_UNIT	16L
/* A total that cannot be reached. */
#define REF_NEVER	(LONG_MAX / 4)

long ref_cost(unsigned char value, int doubtful);
unsigned long ref_takeable(const unsigned char *slot, unsigned long nr,
			   int doubtful);
void ref_subsets(const unsigned char *slot, unsigned int nr, int doubtful,
		 long fee, long *best);
void ref_exact(const unsigned char *slot, unsigned long nr, int doubtful,
	       long fee, unsigned long max, long *best);
long ref_at_price(const unsigned char *slot, unsigned long nr, int doubtful,
		  long fee, long price, unsigned long *taken);

#endif
