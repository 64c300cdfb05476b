/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of cma_bulk_pinner. A "pin" was asked for through debugfs and owns
 * pages inside a region; a "mapping" was asked for through the device and
 * holds pages of its user. A mode implements either or both.
 */
#ifndef CMA_BULK_PINNER_H
#define CMA_BULK_PINNER_H

#include <linux/fs.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include <cma_bulk/pinner_uapi.h>

#define PINNER_NAME_MAX		64
#define PINNER_HOLD_MS_MAX	600000
#define PINNER_REFILL_MS	200

struct dentry;
struct pinner_engine;
struct pinner_mode;

/**
 * struct pinner_request - a parsed line for the debugfs file `pin`
 * @region: name of the region
 * @mode: how to pin
 * @blocks: number of pageblocks
 * @pages: pages in each of them; legacy: may be 0 if @fill is not
 * @fill: pages beside those in each of them, live and held by nobody
 * @skip: pageblocks at the head of the seed's order that are left out
 * @hold_ms: transient: how long a reference is held; 0: microseconds
 * @jitter_ms: transient: plus or minus this
 * @refill_ms: transient: a page that was moved out of the region is replaced
 *	by a new one in its old place after this time; 0 for never
 * @seed: of every choice
 * @dma: legacy: count as a DMA pin (FOLL_PIN)
 */
struct pinner_request {
	char region[PINNER_NAME_MAX];
	const struct pinner_mode *mode;
	u32 blocks;
	u32 pages;
	u32 fill;
	u32 skip;
	u32 hold_ms;
	u32 jitter_ms;
	u32 refill_ms;
	u64 seed;
	bool dma;
};

/**
 * struct pinner_range - the whole pageblocks of a region
 * @pfn: first page
 * @nr: number of pages
 */
struct pinner_range {
	unsigned long pfn;
	unsigned long nr;
};

static inline bool pinner_range_has(const struct pinner_range *range,
				    unsigned long pfn)
{
	return pfn - range->pfn < range->nr;
}

/**
 * struct pinner_pin - pages that were placed in a region, and who holds them
 * @list: in the list of pins; protected by the lock of pins.c
 * @id: number that users see; set before it is listed, never changed
 * @req: what was asked for; constant
 * @range: where; constant
 * @inode: its page cache holds page i at index i, and behind all of these what
 *	only fills; the cache has locks of its own
 * @nr: number of pages; constant once the pages are placed
 * @nr_fill: number of pages that only fill; constant once placed
 * @home: pfn at which page i was placed; constant once placed
 * @held: page i, if the mode holds it all the time; else NULL. Constant once
 *	the mode has started
 * @key: what the pattern in the pages is made from; constant
 * @born: when it was made; constant
 * @engine: of transient; constant once the mode has started
 * @next_refill: transient: jiffies before which no page is replaced; changed
 *	with cmpxchg(), whose winner replaces one
 */
struct pinner_pin {
	struct list_head list;
	unsigned int id;
	struct pinner_request req;
	struct pinner_range range;
	struct inode *inode;
	unsigned long nr;
	unsigned long nr_fill;
	unsigned long *home;
	struct page **held;
	u64 key;
	ktime_t born;
	struct pinner_engine *engine;
	unsigned long next_refill;
};

/**
 * struct pinner_map - memory of a user of the device
 * @list: in its file's list; protected by the file's lock, as is all of this
 * @mode: how it is held
 * @iova: device address of its start
 * @vaddr: user address of its start
 * @nr: number of pages
 * @flags: CMA_BULK_PINNER_MAP_*
 * @pages: legacy, longterm: the pages
 * @nr_pinned: how many of @pages are held; grows while mapping
 * @born: when it was made
 * @data: the mode's own, which has its own locks
 */
struct pinner_map {
	struct list_head list;
	const struct pinner_mode *mode;
	u64 iova;
	unsigned long vaddr;
	unsigned long nr;
	u32 flags;
	struct page **pages;
	unsigned long nr_pinned;
	ktime_t born;
	void *data;
};

static inline unsigned int pinner_map_gup(const struct pinner_map *map)
{
	return map->flags & CMA_BULK_PINNER_MAP_READONLY ? 0 : FOLL_WRITE;
}

/**
 * struct pinner_mode - one way to get a page stuck
 * @name: in debugfs
 * @id: in the ioctl
 * @pin: debugfs: pages are placed and @held has a reference to each: do what
 *	the mode does. NULL if the mode works on a user's memory only
 * @unpin: debugfs: stop and drop every reference; the pages go afterwards
 * @map: ioctl: take hold of the memory. When it fails it has undone all
 * @unmap: ioctl: let go of all
 * @pfn: ioctl: pfn of page i now, or 0
 * @query: ioctl: fill in the mode's counters; may be NULL
 */
struct pinner_mode {
	const char *name;
	u32 id;
	int (*pin)(struct pinner_pin *pin);
	void (*unpin)(struct pinner_pin *pin);
	int (*map)(struct pinner_map *map, struct cma_bulk_pinner_map *arg);
	void (*unmap)(struct pinner_map *map);
	unsigned long (*pfn)(struct pinner_map *map, unsigned long i);
	void (*query)(struct pinner_map *map, struct cma_bulk_pinner_query *q);
};

extern const struct pinner_mode pinner_legacy;
extern const struct pinner_mode pinner_longterm;
extern const struct pinner_mode pinner_transient;
extern const struct pinner_mode pinner_mirror;

const struct pinner_mode *pinner_mode_by_name(const char *name);
const struct pinner_mode *pinner_mode_by_id(u32 id);

/* region.c */
int pinner_region_find(const char *name, struct pinner_range *range);
int pinner_take(unsigned long pfn, unsigned long nr, bool wait);
u32 *pinner_shuffle_blocks(u32 nr, u64 seed);

/* cache.c */
int pinner_cache_init(void);
void pinner_cache_exit(void);
struct inode *pinner_cache_new(void);
int pinner_cache_add(struct pinner_pin *pin, unsigned long i,
		     struct page *page);
void pinner_cache_drop(struct pinner_pin *pin, unsigned long first,
		       unsigned long nr);
struct page *pinner_cache_get(struct pinner_pin *pin, unsigned long i);
bool pinner_cache_intact(struct pinner_pin *pin, unsigned long i,
			 struct page *page);

/* place.c */
int pinner_place(struct pinner_pin *pin);
bool pinner_replace(struct pinner_pin *pin, unsigned long i);

/* pins.c */
int pinner_pin_create(const struct pinner_request *req);
int pinner_pin_remove(unsigned int id);
void pinner_pin_remove_all(void);
void pinner_pins_lock(void);
void pinner_pins_unlock(void);
struct pinner_pin *pinner_pins_nth(loff_t n);
struct pinner_pin *pinner_pins_page(loff_t n, unsigned long *i);
unsigned long pinner_pin_in_range(struct pinner_pin *pin);
void pinner_hold_dma(struct page *page);
void pinner_drop_dma(struct page *page);
void pinner_drop_held(struct pinner_pin *pin);

/* parse.c */
int pinner_parse_pin(char *text, struct pinner_request *req);

/* debugfs.c, listing.c */
struct dentry *pinner_debugfs_dir(const char *name, struct dentry *parent);
void pinner_debugfs_init(void);
void pinner_debugfs_exit(void);
extern const struct file_operations pinner_pins_fops;
extern const struct file_operations pinner_pfns_fops;
extern const struct file_operations pinner_stats_fops;

/* device.c */
int pinner_device_init(void);
void pinner_device_exit(void);

/* mappings.c */
/**
 * struct pinner_file - an open file of the device
 * @lock: serialises its ioctls, protects @maps and what hangs there. Taken
 *	before mmap_lock
 * @maps: mappings
 */
struct pinner_file {
	struct mutex lock; /* protects maps */
	struct list_head maps;
};

int pinner_file_map(struct pinner_file *file, struct cma_bulk_pinner_map *arg);
int pinner_file_unmap(struct pinner_file *file,
		      struct cma_bulk_pinner_unmap *arg);
int pinner_file_query(struct pinner_file *file,
		      struct cma_bulk_pinner_query *arg);
void pinner_file_release(struct pinner_file *file);
void pinner_map_release_pages(struct pinner_map *map, bool gup_pin);

/* retry.c */
/**
 * struct pinner_retry - how often a page that stays in CMA was tried
 * @migrate: rounds in which it could not be moved
 * @isolate: rounds in which it could not be isolated
 * @migrate_max: limit, negative for none
 * @isolate_max: limit, negative for none
 * @pfn: the page that was in the way last time
 * @same: rounds in a row in which it was that page, held by someone
 */
struct pinner_retry {
	unsigned int migrate;
	unsigned int isolate;
	int migrate_max;
	int isolate_max;
	unsigned long pfn;
	unsigned int same;
};

void pinner_retry_init(struct pinner_retry *retry);
int pinner_retry_again(struct pinner_retry *retry, struct page *page,
		       long own_refs);
int pinner_retry_memory(struct pinner_retry *retry);

/* knobs.c */
int pinner_knob_migrate_max(void);
int pinner_knob_isolate_max(void);
void pinner_knobs_init(struct dentry *parent);

/* longterm_map.c */
int pinner_longterm_map(struct pinner_map *map,
			struct cma_bulk_pinner_map *arg);

/* transient_engine.c */
/**
 * struct pinner_engine_ops - where an engine finds its pages
 * @get: page i with a reference, or NULL. Called from kthreads, may sleep
 * @missed: there was no page i; may be NULL
 */
struct pinner_engine_ops {
	struct page *(*get)(void *owner, unsigned long i);
	void (*missed)(void *owner, unsigned long i);
};

struct pinner_engine *
pinner_engine_start(const struct pinner_engine_ops *ops, void *owner,
		    unsigned long nr, u32 hold_ms, u32 jitter_ms, u64 seed);
void pinner_engine_stop(struct pinner_engine *engine);
void pinner_engine_count(struct pinner_engine *engine, u64 *refs, u64 *misses);

/* stats.c */
enum pinner_stat {
	PINNER_PINS,
	PINNER_PINS_FAILED,
	PINNER_UNPINS,
	PINNER_PLACED,
	PINNER_PLACE_BUSY,
	PINNER_MAPS,
	PINNER_MAPS_FAILED,
	PINNER_UNMAPS,
	PINNER_LONGTERM_PAGES,
	PINNER_LONGTERM_MOVED,
	PINNER_LONGTERM_IN_CMA,
	PINNER_MIGRATE_RETRIES,
	PINNER_ISOLATE_RETRIES,
	PINNER_FAIL_PASSING,
	PINNER_FAIL_PERMANENT,
	PINNER_TRANSIENT_REFS,
	PINNER_TRANSIENT_MISSES,
	PINNER_TRANSIENT_REFILLS,
	PINNER_MIRROR_INVALIDATIONS,
	PINNER_MIRROR_REFAULTS,
	PINNER_MIRROR_TOUCHES,
	PINNER_MIRROR_RETRIES,
	PINNER_MIRROR_ESCALATIONS,
	PINNER_MIRROR_STARVED,
	PINNER_NR_STATS,
};

void pinner_count(enum pinner_stat stat, u64 n);
void pinner_count_refs(u64 n);

#endif
