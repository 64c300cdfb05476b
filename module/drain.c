// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mm.h>

#include "claims.h"
#include "compat/contig.h"
#include "compat/symbols.h"
#include "contig.h"
#include "drain.h"
#include "pages.h"
#include "patience.h"
#include "region.h"
#include "release.h"

/* Taking any free page makes the kernel drain the batches of every CPU. */
static void drain_by_taking(struct cma_bulk_region *region,
			    const struct cb_patience *patience)
{
	unsigned long pfn = region->base_pfn, end = pfn + region->nr_pages;
	struct cb_claims claims;
	bool done = false;
	struct page *page;

	if (cb_claims_init(&claims, region))
		goto out;
	for (; pfn < end && !done; pfn += CB_UNIT_PAGES) {
		page = pfn_to_page(pfn);
		if (!PageBuddy(page) || !cb_claim(&claims, pfn, 1, 1))
			continue;
		done = !cb_contig_take(region, pfn, 1, true, patience);
		if (done) {
			cb_pages_taken(region, pfn, 1, false);
			cb_release(region, 0, &page, 1, CB_PAGE_IN_FLIGHT);
		}
		cb_unclaim(&claims);
	}
out:
	cb_claims_exit(&claims);
}

/**
 * cb_drain() - take pages out of the LRU batches of every CPU
 * @region: a region that may be used for it
 * @patience: of whoever wants it
 *
 * A page in such a batch has one reference more than the scan can explain.
 * lru_add_drain_all() is not exported. Where it cannot be found, the drain in
 * alloc_contig_range() serves; without that nothing drains but the engines'
 * own cma_alloc().
 *
 * Context: sleeps, without locks.
 */
void cb_drain(struct cma_bulk_region *region,
	      const struct cb_patience *patience)
{
	if (cb_symbols.drain)
		cb_symbols.drain();
	else if (cb_symbols_have_contig())
		drain_by_taking(region, patience);
}

/**
 * cb_drain_now() - the same, for whoever reads a file
 * @region: a region that may be used for it
 *
 * Context: as cb_drain().
 */
void cb_drain_now(struct cma_bulk_region *region)
{
	struct cb_patience patience;

	cb_patience_init(&patience, 0, true);
	cb_drain(region, &patience);
}

/**
 * cb_drain_name() - by which function cb_drain() drains
 *
 * Return: a constant string.
 */
const char *cb_drain_name(void)
{
	if (cb_symbols.drain)
		return "lru_add_drain_all";
	return cb_symbols_have_contig() ? "alloc_contig_range" :
					  "no (neither function found)";
}
