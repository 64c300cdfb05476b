/* SPDX-License-Identifier: GPL-2.0-only */
/* The regions: a list that is made at load and only read from then on. */
#ifndef CMA_BULK_REGION_H
#define CMA_BULK_REGION_H

#include <linux/bits.h>
#include <linux/list.h>
#include <linux/types.h>

struct cma;
struct kobject;

#define CB_NAME_MAX	64

/* What users of a region are remembered, besides our own. */
#define CB_TRACK_CMA	BIT(0)	/* of cma_alloc() */
#define CB_TRACK_PINS	BIT(1)	/* of references for DMA and I/O */

/**
 * struct cma_bulk_region - a reserved CMA area
 * @list: in cb_regions; never changes between load and unload
 * @name: unique, as in debugfs
 * @source: where it was found: "dt", "cma" or "param"
 * @base_pfn: its first page
 * @nr_pages: its length
 * @cma: the kernel's handle, NULL if it could not be had
 * @first_unit: number of its first unit: units.c
 * @events: counts what may end a wait: units.c
 * @track: which users of it are remembered, CB_TRACK_*: track.c
 * @track_missed: of what all probes have missed, how much was so when it was last
 *	asked to forget: track.c
 * @pages: state of each page: pages.c
 * @owners: who has asked for its pages: owners.c
 * @pins: who has taken references to them, NULL if that is not tracked: pins.c
 * @hints: what earlier looks learned of each pageblock: hints.c
 * @stats: sums, and the last request: stats.c
 * @lingering: pages with references left: release.c
 * @queue: all-or-nothing requests at work: queue.c
 * @blocked: what blocked the last request that ended with -EBUSY: blocked.c
 * @gate: when the pool may be filled: gate.c
 * @pool: chunks kept ready: pool.c
 * @refill: fills the pool up: refill.c
 * @batches: chunks that debugfs holds: batch.c
 * @knobs: defaults of a request: debugfs/knobs.c
 * @heap: /dev/dma_heap: heap.c
 * @heap_knobs: how the heap asks for chunks: heap_knobs.c
 * @sysfs: its directory in sysfs: sysfs.c
 *
 * What is a pointer from @pages on belongs to the file that is named: it makes
 * it, and only there its type is known.
 */
struct cma_bulk_region {
	struct list_head list;
	char name[CB_NAME_MAX];
	const char *source;
	unsigned long base_pfn;
	unsigned long nr_pages;
	struct cma *cma;

	unsigned long first_unit;
	unsigned int events;
	unsigned int track;
	unsigned long track_missed;
	struct cb_pages *pages;
	struct cb_owners *owners;
	struct cb_pins *pins;
	struct cb_hints *hints;
	struct cb_stats_book *stats;
	struct cb_lingering *lingering;
	struct cb_queue *queue;
	struct cb_blocked *blocked;
	struct cb_gate *gate;
	struct cb_pool *pool;
	struct cb_refill *refill;
	struct cb_batches *batches;
	struct cb_knobs *knobs;
	struct cb_heap *heap;
	struct cb_heap_knobs *heap_knobs;
	struct kobject *sysfs;
};

extern struct list_head cb_regions;

int cb_region_add(const char *name, const char *source, phys_addr_t base,
		  phys_addr_t size, struct cma *cma);
struct cma_bulk_region *cb_region_find(const char *name);
struct cma_bulk_region *cb_region_of(unsigned long pfn);
unsigned long cb_region_blocks(const struct cma_bulk_region *region);
void cb_regions_free(void);

#endif
