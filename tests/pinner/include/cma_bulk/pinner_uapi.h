/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * /dev/cma_bulk_pinner: a fake device that pins its user's memory, the way
 * vfio does or did. For tests only. Everything that a file descriptor pinned
 * is released when the last reference to it goes, whatever ended its owner.
 *
 * All sizes and addresses are bytes. Reserved fields must be zero.
 */
#ifndef CMA_BULK_PINNER_UAPI_H
#define CMA_BULK_PINNER_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define CMA_BULK_PINNER_DEVICE	"/dev/cma_bulk_pinner"

/**
 * enum cma_bulk_pinner_mode - the way in which a page gets stuck
 * @CMA_BULK_PINNER_LEGACY: referenced where it lies
 * @CMA_BULK_PINNER_LONGTERM: moved out of CMA first, verified page by page
 * @CMA_BULK_PINNER_TRANSIENT: referenced for a moment, again and again
 * @CMA_BULK_PINNER_MIRROR: never referenced; a device page table that follows
 */
enum cma_bulk_pinner_mode {
	CMA_BULK_PINNER_LEGACY = 0,
	CMA_BULK_PINNER_LONGTERM = 1,
	CMA_BULK_PINNER_TRANSIENT = 2,
	CMA_BULK_PINNER_MIRROR = 3,
};

/**
 * enum cma_bulk_pinner_failure - what a failed MAP says about trying again
 * @CMA_BULK_PINNER_FAIL_NONE: did not fail
 * @CMA_BULK_PINNER_FAIL_PASSING: a later try may succeed: the page was being
 *	moved or used by someone for a moment, or memory was short
 * @CMA_BULK_PINNER_FAIL_PERMANENT: it will fail until something changes: the
 *	page is pinned by someone else, cannot be moved, or is not there
 */
enum cma_bulk_pinner_failure {
	CMA_BULK_PINNER_FAIL_NONE = 0,
	CMA_BULK_PINNER_FAIL_PASSING = 1,
	CMA_BULK_PINNER_FAIL_PERMANENT = 2,
};

/* struct cma_bulk_pinner_map.flags */
/* The device only reads; without it the memory must be writable. */
#define CMA_BULK_PINNER_MAP_READONLY	0x1U
/* legacy: FOLL_PIN instead of a plain reference ("maybe DMA pinned"). */
#define CMA_BULK_PINNER_MAP_DMA		0x2U
#define CMA_BULK_PINNER_MAP_FLAGS \
	(CMA_BULK_PINNER_MAP_READONLY | CMA_BULK_PINNER_MAP_DMA)

/**
 * struct cma_bulk_pinner_map - MAP: pin or mirror memory of the caller
 * @vaddr: in: user address, page aligned
 * @size: in: a multiple of the page size, not 0
 * @iova: in: the device's address for it, page aligned; names the mapping
 * @pfns: in: 0, or the address of one __u64 a page, filled with the page
 *	frame numbers; 0 for a page without one (and all without CAP_SYS_ADMIN)
 * @mode: in: enum cma_bulk_pinner_mode
 * @flags: in: CMA_BULK_PINNER_MAP_*
 * @hold_ms: in: transient: how long a reference is held; 0: microseconds
 * @jitter_ms: in: transient: plus or minus this
 * @seed: in: transient, mirror: of their random choices
 * @pages: out: pages pinned, or mirrored
 * @in_cma: out: of these, pages that lie in a CMA pageblock
 * @migrate_retries: out: longterm: rounds because a page could not be moved
 * @isolate_retries: out: longterm: rounds because a page could not be isolated
 * @failed_vaddr: out: the page because of which it failed; 0 if none did
 * @failure: out: enum cma_bulk_pinner_failure
 * @reserved32: zero
 * @reserved: zero
 *
 * The out fields are also written when MAP fails after its arguments were
 * found valid. Nothing stays pinned then.
 *
 * Errors: EINVAL malformed, EEXIST overlaps an iova range, E2BIG more than
 * CMA_BULK_PINNER_MAX_SIZE, EFAULT not mapped or not writable, EINTR killed,
 * ENOMEM, EOPNOTSUPP not on this kernel. longterm, for a page that stays in
 * CMA: EAGAIN with FAIL_PASSING, EBUSY with FAIL_PERMANENT.
 */
struct cma_bulk_pinner_map {
	__u64 vaddr;
	__u64 size;
	__u64 iova;
	__u64 pfns;
	__u32 mode;
	__u32 flags;
	__u32 hold_ms;
	__u32 jitter_ms;
	__u64 seed;
	__u64 pages;
	__u64 in_cma;
	__u32 migrate_retries;
	__u32 isolate_retries;
	__u64 failed_vaddr;
	__u32 failure;
	__u32 reserved32;
	__u64 reserved[4];
};

/**
 * struct cma_bulk_pinner_unmap - UNMAP: release whole mappings
 * @iova: in: start of a range of device addresses
 * @size: in: its size; out: bytes unmapped
 * @reserved: zero
 *
 * Errors: EINVAL malformed, or a mapping lies only partly inside the range;
 * ENOENT no mapping inside.
 */
struct cma_bulk_pinner_unmap {
	__u64 iova;
	__u64 size;
	__u64 reserved[2];
};

/**
 * struct cma_bulk_pinner_query - QUERY: what a mapping holds now
 * @iova: in: any address inside the mapping
 * @pfns: in: 0, or the address of @nr_pfns __u64, filled as by MAP
 * @nr_pfns: in: room in @pfns; out: pages of the mapping
 * @pages: out: pages pinned, or valid in the mirror
 * @in_cma: out: of these, pages that lie in a CMA pageblock
 * @age_ms: out: since MAP
 * @references: out: transient: references taken so far
 * @misses: out: transient: times there was nothing to reference
 * @invalidations: out: mirror: times the kernel took back part of it
 * @refaults: out: mirror: pages faulted again after the first time
 * @touches: out: mirror: pages read through the device's page table
 * @retries: out: mirror: faults that collided and were repeated
 * @escalations: out: mirror: faults repeated under the mmap write lock
 * @starved: out: mirror: faults given up even so, and tried again later
 * @mode: out: enum cma_bulk_pinner_mode
 * @flags: out: those of MAP
 * @error: out: mirror: last errno (positive) of a fault that failed, or 0
 * @reserved32: zero
 * @reserved: zero
 *
 * Errors: EINVAL malformed, ENOENT no such mapping, EFAULT.
 */
struct cma_bulk_pinner_query {
	__u64 iova;
	__u64 pfns;
	__u64 nr_pfns;
	__u64 pages;
	__u64 in_cma;
	__u64 age_ms;
	__u64 references;
	__u64 misses;
	__u64 invalidations;
	__u64 refaults;
	__u64 touches;
	__u64 retries;
	__u64 escalations;
	__u64 starved;
	__u32 mode;
	__u32 flags;
	__u32 error;
	__u32 reserved32;
	__u64 reserved[4];
};

/* One mapping is at most this large: 16 GiB. */
#define CMA_BULK_PINNER_MAX_SIZE	0x400000000ULL

#define CMA_BULK_PINNER_IOC	0xcb
#define CMA_BULK_PINNER_MAP \
	_IOWR(CMA_BULK_PINNER_IOC, 0x00, struct cma_bulk_pinner_map)
#define CMA_BULK_PINNER_UNMAP \
	_IOWR(CMA_BULK_PINNER_IOC, 0x01, struct cma_bulk_pinner_unmap)
#define CMA_BULK_PINNER_QUERY \
	_IOWR(CMA_BULK_PINNER_IOC, 0x02, struct cma_bulk_pinner_query)

#endif
