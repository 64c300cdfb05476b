/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which unit is in use by whom: one table over all regions, for calls, frees
 * and callers outside of this module. (Who is going to call is in claims.h.)
 *
 * A unit (CB_UNIT_PAGES) is what the kernel isolates at once. A second call that
 * touches an isolated unit fails with -EBUSY, and since Linux 6.0 fails the first
 * one, too. Regions may share a unit.
 */
#ifndef CMA_BULK_UNITS_H
#define CMA_BULK_UNITS_H

#include <linux/types.h>

struct cb_patience;
struct cma_bulk_region;
struct page;

int cb_units_init(void);
void cb_units_exit(void);
unsigned long cb_unit(const struct cma_bulk_region *region, unsigned long pfn);
unsigned long cb_nr_units(const struct cma_bulk_region *region);

unsigned long cb_units_total(void);

unsigned int cb_units_seq(const struct cma_bulk_region *region);
void cb_units_changed(struct cma_bulk_region *region);
int cb_units_wait(const struct cma_bulk_region *region, unsigned int seq,
		  const struct cb_patience *patience);

int cb_call_begin(struct cma_bulk_region *region, unsigned long pfn,
		  unsigned long nr, const struct cb_patience *patience);
void cb_call_end(struct cma_bulk_region *region, unsigned long pfn,
		 unsigned long nr);

bool cb_free_begin(struct cma_bulk_region *region, struct page *page);
void cb_free_end(struct cma_bulk_region *region, unsigned long pfn);
struct page *cb_free_deferred(struct cma_bulk_region **region);

void cb_outside_begin(void);
bool cb_outside_try(void);
bool cb_outside_works(void);
void cb_outside_end(void);

#endif
