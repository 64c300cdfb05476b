/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of each page that is ours. */
#ifndef CMA_BULK_PAGES_H
#define CMA_BULK_PAGES_H

#include <linux/mm.h>
#include <linux/types.h>

#include "core/slots.h"

struct cb_patience;
struct cma_bulk_region;
struct page;

/**
 * enum cb_page_state - where a page is between the kernel and a holder
 * @CB_PAGE_NOT_OURS: the kernel's
 * @CB_PAGE_IN_FLIGHT: taken by a request that is still at work, which may give
 *	it back: nobody may conclude from it that memory is used up
 * @CB_PAGE_HELD: handed out
 * @CB_PAGE_POOLED: kept ready for requests; given up when one lacks memory because
 *	of it, so nobody may conclude from it that memory is used up
 * @CB_PAGE_GOING_BACK: being freed; the kernel has it in a moment
 * @CB_PAGE_LINGERING: given back while a reference was left; freed when that
 *	is gone
 * @CB_NR_PAGE_STATES: number of states
 */
enum cb_page_state {
	CB_PAGE_NOT_OURS,
	CB_PAGE_IN_FLIGHT,
	CB_PAGE_HELD,
	CB_PAGE_POOLED,
	CB_PAGE_GOING_BACK,
	CB_PAGE_LINGERING,
	CB_NR_PAGE_STATES
};

int cb_pages_init(struct cma_bulk_region *region);
void cb_pages_exit(struct cma_bulk_region *region);

enum cb_page_state cb_page_state(const struct cma_bulk_region *region,
				 unsigned long pfn);
bool cb_page_from_cma(const struct cma_bulk_region *region, unsigned long pfn);
unsigned long cb_pages_alike(const struct cma_bulk_region *region,
			     unsigned long pfn, unsigned long nr,
			     enum cb_page_state *state);
void cb_pages_taken(struct cma_bulk_region *region, unsigned long pfn,
		    unsigned long nr, bool from_cma);
bool cb_pages_move(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr, enum cb_page_state from,
		   enum cb_page_state to, bool *from_cma);
void cb_pages_move_chunks(struct cma_bulk_region *region, unsigned int order,
			  struct page **pages, size_t nr,
			  enum cb_page_state from, enum cb_page_state to);
void cb_pages_gone(struct cma_bulk_region *region, unsigned long pfn,
		   unsigned long nr);
bool cb_pages_have_room(const struct cma_bulk_region *region,
			const struct cb_geometry *geo, u64 wanted);
u64 cb_pages_count(const struct cma_bulk_region *region,
		   enum cb_page_state state);

/**
 * cb_chunks_together() - how many chunks lie side by side, from the first on?
 * @order: a chunk is 2^order pages
 * @pages: first page of each chunk
 * @nr: number of chunks, at least 1
 *
 * Context: any.
 *
 * Return: at least 1.
 */
static inline size_t cb_chunks_together(unsigned int order,
					struct page **pages, size_t nr)
{
	unsigned long pfn = page_to_pfn(pages[0]);
	size_t n = 1;

	while (n < nr && page_to_pfn(pages[n]) == pfn + (n << order))
		n++;
	return n;
}

#endif
