// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page cache that pins live in. A page taken out of a region becomes a
 * page of a nameless file: on the LRU, dirty, movable, one reference from the
 * cache. So what a mode adds to it is all that makes it stick.
 */
#include <linux/highmem.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>

#include "pinner.h"
#include "compat/pinner_compat.h"

#define PINNER_MAGIC	0x70696e72

static const struct address_space_operations cache_aops = {
	CBP_AOP_DIRTY,
	CBP_AOP_MIGRATE,
};

static int cache_init_fs_context(struct fs_context *fc)
{
	return init_pseudo(fc, PINNER_MAGIC) ? 0 : -ENOMEM;
}

/* No .owner: the mount below would hold the module for ever. */
static struct file_system_type cache_fs = {
	.name = "cma_bulk_pinner",
	.init_fs_context = cache_init_fs_context,
	.kill_sb = kill_anon_super,
};

static struct vfsmount *cache_mount;

/**
 * pinner_cache_init() - make the page cache
 *
 * Context: module init.
 * Return: 0 or a negative errno.
 */
int __init pinner_cache_init(void)
{
	cache_mount = kern_mount(&cache_fs);
	return PTR_ERR_OR_ZERO(cache_mount);
}

/**
 * pinner_cache_exit() - undo pinner_cache_init()
 *
 * Context: no inode is left.
 */
void pinner_cache_exit(void)
{
	kern_unmount(cache_mount);
}

/**
 * pinner_cache_new() - a new, empty file
 *
 * Context: sleeps.
 * Return: its inode, whose iput() frees its pages, or an ERR_PTR().
 */
struct inode *pinner_cache_new(void)
{
	struct inode *inode = alloc_anon_inode(cache_mount->mnt_sb);

	if (IS_ERR(inode))
		return inode;
	inode->i_mapping->a_ops = &cache_aops;
	mapping_set_gfp_mask(inode->i_mapping, GFP_HIGHUSER_MOVABLE);
	return inode;
}

/* Any mixing would do; what counts is that a moved word is noticed. */
static u64 pattern_word(const struct pinner_pin *pin, unsigned long i,
			unsigned int word)
{
	u64 x = pin->key + i * 0x9e3779b97f4a7c15ULL + word;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	return x ^ (x >> 27);
}

static void fill(const struct pinner_pin *pin, unsigned long i,
		 struct page *page)
{
	u64 *words = cbp_kmap(page);
	unsigned int k;

	for (k = 0; k < PAGE_SIZE / sizeof(*words); k++)
		words[k] = pattern_word(pin, i, k);
	cbp_kunmap(words);
}

/**
 * pinner_cache_add() - put a page into a pin's file
 * @pin: whose
 * @i: index, at which there is no page
 * @page: a page nobody else knows; the caller keeps its reference
 *
 * Context: sleeps.
 * Return: 0 or a negative errno.
 */
int pinner_cache_add(struct pinner_pin *pin, unsigned long i,
		     struct page *page)
{
	int ret;

	fill(pin, i, page);
	ret = add_to_page_cache_lru(page, pin->inode->i_mapping, i, GFP_KERNEL);
	if (ret)
		return ret;
	cbp_mark_for_cache(page);
	unlock_page(page);
	return 0;
}

/**
 * pinner_cache_drop() - take pages out of a pin's file, and free them
 * @pin: whose
 * @first: first index
 * @nr: how many, at least 1
 *
 * Context: sleeps.
 */
void pinner_cache_drop(struct pinner_pin *pin, unsigned long first,
		       unsigned long nr)
{
	loff_t start = (loff_t)first << PAGE_SHIFT;

	truncate_inode_pages_range(pin->inode->i_mapping, start,
				   start + ((loff_t)nr << PAGE_SHIFT) - 1);
}

/**
 * pinner_cache_get() - the page that is at an index now
 * @pin: whose
 * @i: index
 *
 * Context: sleeps.
 * Return: the page with a reference for the caller, or NULL.
 */
struct page *pinner_cache_get(struct pinner_pin *pin, unsigned long i)
{
	return find_get_page(pin->inode->i_mapping, i);
}

/**
 * pinner_cache_intact() - does a page hold what was written into it?
 * @pin: whose
 * @i: its index
 * @page: the page
 *
 * Context: any.
 * Return: true if it does.
 */
bool pinner_cache_intact(struct pinner_pin *pin, unsigned long i,
			 struct page *page)
{
	u64 *words = cbp_kmap(page);
	unsigned int k;
	bool intact = true;

	for (k = 0; k < PAGE_SIZE / sizeof(*words) && intact; k++)
		intact = words[k] == pattern_word(pin, i, k);
	cbp_kunmap(words);
	return intact;
}
