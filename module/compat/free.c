// SPDX-License-Identifier: GPL-2.0-only
/*
 * alloc_contig_range() hands out single pages, and free_contig_range() frees
 * them one by one, which costs more than to take them. But the kernel frees
 * neighbouring pages as one block, too, if they look as if they had been
 * allocated so: the pages behind the first (its tails) have no reference, and
 * nothing of what it looks up for the first page only differs in them:
 *
 *   mapping, maps or	are errors, for which it would not free the whole block
 *   type, flags
 *   PG_hwpoison	keeps a page from being handed out, if it is freed alone
 *   private		is an error on newer kernels; on older ones the next user
 *			of the page gets it
 *   KASAN's tag	tells whether to poison the block
 *   page_owner		on newer kernels, counts the block as freed by the stack
 *			trace that has allocated its first page; the pages of one
 *			call of alloc_contig_range() have the same
 *   allocation tag	(memory allocation profiling) likewise, and remains in
 *			the tails
 *   pageblock type	tells which list the block goes to
 */
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#ifdef CONFIG_MEM_ALLOC_PROFILING
#include <linux/alloc_tag.h>
#endif

#include "free.h"
#include "page.h"

#define FLAGS_ALONE	(PAGE_FLAGS_CHECK_AT_FREE | CB_PG_HWPOISON)

#define FLAGS_KASAN_TAG	((unsigned long)KASAN_TAG_MASK << KASAN_TAG_PGSHIFT)

#ifdef CONFIG_MEM_ALLOC_PROFILING
#define profiled()	mem_alloc_profiling_enabled()
#else
#define profiled()	false
#endif

/*
 * The largest block. It lies within a pageblock, and is smaller: blocks of that
 * size may go to a list of the CPU, out of which older kernels also serve those
 * who want unmovable memory ("mm/page_alloc: Separate THP PCP into movable and
 * non-movable categories").
 */
static unsigned int largest_order(unsigned int order)
{
	if (profiled())
		return 0;
	if (IS_ENABLED(CONFIG_PAGE_OWNER))
		return min_t(unsigned int, order, pageblock_order - 1);
	return pageblock_order - 1;
}

/* Is there nothing that the kernel has to see, or to undo, for this page alone? */
static bool plain(struct page *page)
{
	return !(cb_page_flags(page) & FLAGS_ALONE) && !cb_page_mapping(page) &&
	       atomic_read(&page->_mapcount) == -1;
}

static bool same_tag(struct page *a, struct page *b)
{
	return !((cb_page_flags(a) ^ cb_page_flags(b)) & FLAGS_KASAN_TAG);
}

/*
 * Drop our references to the pages behind the first, up to one that has to be
 * freed by itself. A page of which something else has got a reference meanwhile
 * is such a page: whatever drops the last one frees it.
 *
 * Return: how many pages may be freed together, the first included.
 */
static unsigned long join(unsigned long pfn, unsigned long nr)
{
	struct page *first = pfn_to_page(pfn), *page;
	unsigned long n;

	if (!plain(first))
		return 1;
	for (n = 1; n < nr; n++) {
		page = pfn_to_page(pfn + n);
		if (!plain(page) || !same_tag(first, page) ||
		    !page_ref_freeze(page, 1))
			break;
		set_page_private(page, 0);
	}
	return n;
}

/* Of joined pages the first has our reference, and so must that of each block. */
static void free_joined(unsigned long pfn, unsigned long nr, unsigned int most)
{
	unsigned long size;
	unsigned int order;

	for (;; pfn += size, nr -= size) {
		order = min_t(unsigned int, __ffs(pfn | 1UL << most),
			      ilog2(nr));
		size = 1UL << order;
		__free_pages(pfn_to_page(pfn), order);
		if (nr == size)
			return;
		page_ref_unfreeze(pfn_to_page(pfn + size), 1);
	}
}

/**
 * cb_free_contig() - give pages of cb_alloc_contig() back to the kernel
 * @pfn: first page
 * @nr: number of pages
 * @order: of each naturally aligned 2^order pages, those among them come from
 *	one call of cb_alloc_contig()
 *
 * Drops a reference of each page. One that is not the last leaves the page to
 * whatever has the others.
 *
 * Context: any but interrupts; does not sleep, and allocates nothing.
 */
void cb_free_contig(unsigned long pfn, unsigned long nr, unsigned int order)
{
	unsigned int most = largest_order(order);
	unsigned long n;

	for (; nr; pfn += n, nr -= n) {
		set_page_private(pfn_to_page(pfn), 0);
		n = most ? join(pfn, nr) : 1;
		free_joined(pfn, n, most);
	}
}

/**
 * cb_free_state() - in which blocks pages go back at the moment
 *
 * Return: "yes" or "no", with a remark; a constant string.
 */
const char *cb_free_state(void)
{
	if (profiled())
		return "no (page by page while the kernel profiles allocations)";
	if (IS_ENABLED(CONFIG_PAGE_OWNER))
		return "yes (within a chunk, as page_owner may be on)";
	return "yes";
}
