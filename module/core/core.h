/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pure policy of cma_bulk: page samples -> classes -> slots -> plan, and
 * the grammar of a request.
 *
 * Nothing here calls the kernel, takes a lock, allocates or reads a clock, and
 * no header is included: plain C types keep this folder compilable for the
 * module and for the userspace tests alike. The caller brings every array.
 *
 * Terms: a *chunk* is 2^order contiguous pages, what a caller asks for. A
 * *slot* is a place in the region where a chunk could lie.
 */
#ifndef CMA_BULK_CORE_H
#define CMA_BULK_CORE_H

/* ---- pages: classify.c ------------------------------------------------ */

/* What a scan saw of one page; set by the reader of struct page. */
#define CB_S_BUDDY	(1u << 0)	/* free, head of a buddy of @order */
#define CB_S_LRU	(1u << 1)
#define CB_S_LOCKED	(1u << 2)
#define CB_S_WRITEBACK	(1u << 3)
#define CB_S_DIRTY	(1u << 4)
#define CB_S_ANON	(1u << 5)	/* has an anon_vma for a mapping */
#define CB_S_FILE	(1u << 6)	/* has an address_space */
#define CB_S_SWAPBACKED	(1u << 7)	/* anonymous or shmem */
#define CB_S_SWAPCACHE	(1u << 8)
#define CB_S_PRIVATE	(1u << 9)	/* fs data, which holds a reference */
#define CB_S_RESERVED	(1u << 10)
#define CB_S_SLAB	(1u << 11)
#define CB_S_PGTABLE	(1u << 12)
#define CB_S_TYPED	(1u << 13)	/* some other page type: the kernel's own */
#define CB_S_HUGETLB	(1u << 14)
#define CB_S_MOVABLE	(1u << 15)	/* driver page with migration callbacks */
#define CB_S_NOMAPS	(1u << 16)	/* the map count could not be read */

/**
 * struct cb_sample - a racy copy of what matters of one page or folio
 * @flags: CB_S_* bits
 * @order: order of the free buddy or of the folio the page belongs to
 * @refs: reference count of the page, or of its folio's head
 * @maps: how many page table entries map the page, or any page of the folio
 * @pins: FOLL_PIN count, where the kernel keeps one apart from @refs
 */
struct cb_sample {
	unsigned int flags;
	unsigned int order;
	long refs;
	long maps;
	long pins;
};

/* Classes of pages, in the order of rising trouble. */
enum cb_class {
	CB_FREE,	/* in the buddy allocator or a per-CPU list */
	CB_CLEAN,	/* page cache that can be dropped */
	CB_COPY,	/* anonymous or shared memory: must be copied */
	CB_DIRTY,	/* must be written or copied with its file's help */
	CB_WAIT,	/* locked or under writeback: the kernel waits for it */
	CB_REF,		/* a reference too many, which a drain may explain */
	CB_BUSY,	/* stays where it is */
	CB_CLAIMED,	/* another request is at work on its pageblock */
	CB_HELD,	/* handed out by this module */
	CB_NR_CLASSES
};

/* Why a page blocks; the words that users see are in cb_reason_name(). */
enum cb_reason {
	CB_R_NONE,
	CB_R_PINNED,
	CB_R_DMA_PINNED,
	CB_R_WRITEBACK,
	CB_R_LOCKED,
	CB_R_KERNEL,
	CB_R_SLAB,
	CB_R_PAGETABLE,
	CB_R_RESERVED,
	CB_R_HUGETLB,
	CB_R_CMA_USER,
	CB_R_UNKNOWN,
	CB_NR_REASONS
};

enum cb_class cb_classify(const struct cb_sample *s, int drained,
			  enum cb_reason *reason);
const char *cb_reason_name(enum cb_reason reason);

/* ---- pageblocks: blocks.c --------------------------------------------- */

/**
 * struct cb_block - summary of one pageblock, in pages
 * @free: free
 * @movable: in use, and the kernel can move them
 * @busy: in use, and something keeps them (or another request claims them)
 * @held: handed out by this module
 */
struct cb_block {
	unsigned int free;
	unsigned int movable;
	unsigned int busy;
	unsigned int held;
};

void cb_block_add(struct cb_block *b, enum cb_class class, unsigned int nr);
const char *cb_block_state(const struct cb_block *b);

/* ---- slots: slots.c ---------------------------------------------------- */

/*
 * A slot is one byte: up to CB_SLOT_COST_MAX what it costs to empty it, above
 * that why it cannot be had in the present mode.
 */
#define CB_SLOT_COST_MAX	200
#define CB_SLOT_WAIT		248	/* has CB_WAIT pages */
#define CB_SLOT_REF		249	/* has CB_REF pages */
#define CB_SLOT_MASKED		250	/* clean, in a pageblock that is not */
#define CB_SLOT_FAILED		251	/* looked clean, the kernel refused it */
#define CB_SLOT_BUSY		252
#define CB_SLOT_CLAIMED		253
#define CB_SLOT_HELD		254

/**
 * struct cb_geometry - where chunks can lie in a region
 * @base: first pfn of the region
 * @pages: its length
 * @first: pfn of the first slot
 * @stride: pages from one slot to the next, a power of two
 * @size: pages in a chunk, a power of two, at most @stride
 * @block: pages in a pageblock, a power of two
 * @nr_slots: how many slots there are
 * @order: log2 of @size
 */
struct cb_geometry {
	unsigned long base;
	unsigned long pages;
	unsigned long first;
	unsigned long stride;
	unsigned long size;
	unsigned long block;
	unsigned long nr_slots;
	unsigned int order;
};

int cb_geometry_init(struct cb_geometry *g, unsigned long base,
		     unsigned long pages, unsigned long block,
		     unsigned int order, unsigned int align);

/**
 * struct cb_slotmap - folds runs of pages, in address order, into slots
 * @geo: where the slots are
 * @slot: one byte a slot
 * @mask_from: also mask the clean slots of a pageblock that holds a page of
 *	this class up to CB_BUSY; CB_NR_CLASSES masks none
 * @index: slot under construction
 * @cost: cost of it so far
 * @worst: worst class of it so far
 * @block_start: first pfn of the pageblock under construction
 * @block_blocked: that pageblock has a page that blocks
 */
struct cb_slotmap {
	const struct cb_geometry *geo;
	unsigned char *slot;
	enum cb_class mask_from;
	/* private: */
	unsigned long index;
	unsigned long cost;
	enum cb_class worst;
	unsigned long block_start;
	int block_blocked;
};

void cb_slotmap_start(struct cb_slotmap *m, const struct cb_geometry *geo,
		      unsigned char *slot, enum cb_class mask_from);
void cb_slotmap_add(struct cb_slotmap *m, unsigned long pfn, unsigned long nr,
		    enum cb_class class);
void cb_slotmap_finish(struct cb_slotmap *m);

/* ---- plan: plan.c ------------------------------------------------------ */

/**
 * struct cb_range - neighbouring slots that go to the kernel in one call
 * @start: first slot
 * @nr: number of slots
 * @cost: sum of their costs
 */
struct cb_range {
	unsigned int start;
	unsigned int nr;
	unsigned long cost;
};

/**
 * struct cb_plan - which slots to take, and in which runs
 * @slot: the slots
 * @nr_slots: how many
 * @need: how many are wanted
 * @fee: what one call of the kernel costs, in the unit of a slot's cost
 * @doubtful: slots with CB_WAIT pages may be taken
 * @free_only: only slots that cost nothing may be taken
 * @price: found by cb_plan_price(): the price of a slot at which enough of
 *	them are worth taking, in a finer unit than @fee
 * @nr_ranges: found by cb_plan_price(): cb_plan_ranges() needs room for twice
 *	as many
 */
struct cb_plan {
	const unsigned char *slot;
	unsigned long nr_slots;
	unsigned long need;
	unsigned long fee;
	int doubtful;
	int free_only;
	long price;
	unsigned long nr_ranges;
};

unsigned long cb_plan_fee(unsigned int order);
unsigned long cb_plan_price(struct cb_plan *p);
unsigned long cb_plan_ranges(const struct cb_plan *p, struct cb_range *out);
unsigned long cb_plan_spare(const struct cb_range *r, unsigned long nr);

/* ---- requests: parse.c ------------------------------------------------- */

enum cb_engine {
	CB_ENGINE_BULK,
	CB_ENGINE_LINEAR,
	CB_ENGINE_CMA_ALLOC,
	CB_ENGINE_CMA_ALLOC_BLOCK,
	CB_ENGINE_SINGLE,
	CB_NR_ENGINES
};

enum cb_key {
	CB_K_ORDER,
	CB_K_COUNT,
	CB_K_ALIGN,
	CB_K_FAST,
	CB_K_RETRIES,
	CB_K_RETRY_DELAY_MS,
	CB_K_TIMEOUT_MS,
	CB_K_PARTIAL,
	CB_K_SALVAGE,
	CB_K_WORKERS,
	CB_K_ENGINE,
	CB_NR_KEYS
};

/**
 * struct cb_request - a request, one value a key
 * @value: by enum cb_key; every value fits its key's range, which
 *	cb_value_parse() checked, except that @value[CB_K_COUNT] is a 64-bit
 *	unsigned number in disguise
 */
struct cb_request {
	long long value[CB_NR_KEYS];
};

#define CB_INPUT_MAX	4096

void cb_request_defaults(struct cb_request *req);
int cb_value_parse(enum cb_key key, const char *text, unsigned long len,
		   long long *value);
int cb_request_parse(struct cb_request *req, const char *text,
		     unsigned long len, const char **bad,
		     unsigned long *bad_len);
const char *cb_key_name(enum cb_key key);
const char *cb_engine_name(enum cb_engine engine);
int cb_numbers_next(const char **text, const char *end,
		    unsigned long long *number, const char **bad,
		    unsigned long *bad_len);

#endif
