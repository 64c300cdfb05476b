/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a sample of struct page to a class: can the kernel empty this page, at
 * what cost, and if not, why not?
 *
 * module/core/ is pure policy: page samples -> classes -> slots -> plan, and the
 * grammar of a request. Nothing in it calls the kernel, takes a lock, allocates
 * or reads a clock, and no header of the kernel is included: plain C types keep
 * it compilable for the module and for the userspace tests alike. The caller
 * brings every array.
 */
#ifndef CMA_BULK_CORE_CLASSIFY_H
#define CMA_BULK_CORE_CLASSIFY_H

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
#define CB_S_HUGETLB	(1u << 14)	/* in use or in the pool */
#define CB_S_MOVABLE	(1u << 15)	/* driver page with migration callbacks */
#define CB_S_TAIL	(1u << 16)	/* of a folio that came apart meanwhile */
#define CB_S_HWPOISON	(1u << 17)
#define CB_S_OFFLINE	(1u << 18)	/* page type: taken by a balloon or hotplug */
#define CB_S_CACHE_ONE	(1u << 19)	/* one cache reference for all its pages */
#define CB_S_STUCK	(1u << 20)	/* this kernel does not isolate such folios */

/* A page of the kernel's own, whose count of maps is something else. */
#define CB_S_ANY_TYPE	\
	(CB_S_SLAB | CB_S_PGTABLE | CB_S_OFFLINE | CB_S_TYPED)

/**
 * struct cb_sample - a racy copy of what matters of one page or folio
 * @flags: CB_S_* bits
 * @order: order of the free buddy or of the folio the page belongs to
 * @refs: reference count of the page, or of its folio's head; -1 for a
 *	%CB_S_TAIL
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
	CB_WAIT,	/* the kernel waits for it, or needs a new huge page */
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
	CB_R_LINGERING,
	CB_R_HWPOISON,
	CB_R_OFFLINE,
	CB_R_SPLIT_THP,
	CB_R_ISOLATED,
	CB_R_CLAIMED,
	CB_NR_REASONS
};

enum cb_class cb_classify(const struct cb_sample *s, int drained,
			  enum cb_reason *reason);
long cb_extra_refs(const struct cb_sample *s);
const char *cb_reason_name(enum cb_reason reason);

#endif
