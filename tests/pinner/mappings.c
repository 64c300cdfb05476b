// SPDX-License-Identifier: GPL-2.0-only
/* The mappings of an open file, by device address. */
#include <linux/capability.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "pinner.h"
#include "compat/pinner_compat.h"

static u64 map_size(const struct pinner_map *map)
{
	return (u64)map->nr << PAGE_SHIFT;
}

static bool overlaps(const struct pinner_map *map, u64 iova, u64 size)
{
	return map->iova < iova + size && iova < map->iova + map_size(map);
}

static bool inside(const struct pinner_map *map, u64 iova, u64 size)
{
	return map->iova >= iova &&
	       map->iova + map_size(map) <= iova + size;
}

static struct pinner_map *find_overlap(struct pinner_file *file, u64 iova,
				       u64 size)
{
	struct pinner_map *map;

	list_for_each_entry(map, &file->maps, list)
		if (overlaps(map, iova, size))
			return map;
	return NULL;
}

/**
 * pinner_map_release_pages() - drop the references of a mapping
 * @map: the mapping
 * @gup_pin: they are FOLL_PIN ones
 *
 * Context: sleeps.
 */
void pinner_map_release_pages(struct pinner_map *map, bool gup_pin)
{
	bool dirty = !(map->flags & CMA_BULK_PINNER_MAP_READONLY);
	unsigned long i;

	for (i = 0; i < map->nr_pinned; i++) {
		/* A device may have written until now. */
		if (dirty)
			set_page_dirty_lock(map->pages[i]);
		if (gup_pin)
			unpin_user_page(map->pages[i]);
		else
			put_page(map->pages[i]);
		cond_resched();
	}
	map->nr_pinned = 0;
	kvfree(map->pages);
	map->pages = NULL;
}

static void map_free(struct pinner_map *map)
{
	map->mode->unmap(map);
	kfree(map);
}

/*
 * Tell the user where the pages are: counts, and pfns if there is room. Stops
 * at a fatal signal, the numbers are of no use to the dead.
 */
static int report(struct pinner_map *map, u64 upfns, u64 room, u64 *pages,
		  u64 *in_cma)
{
	u64 __user *out = u64_to_user_ptr(upfns);
	bool may_see = capable(CAP_SYS_ADMIN);
	unsigned long i, pfn;

	*pages = 0;
	*in_cma = 0;
	for (i = 0; i < map->nr; i++) {
		pfn = map->mode->pfn(map, i);
		*pages += !!pfn;
		*in_cma += pfn && cbp_in_cma(pfn);
		if (upfns && i < room && put_user(may_see ? pfn : 0, out + i))
			return -EFAULT;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

static struct pinner_map *map_new(const struct cma_bulk_pinner_map *arg,
				  const struct pinner_mode *mode)
{
	struct pinner_map *map = kzalloc(sizeof(*map), GFP_KERNEL);

	if (!map)
		return NULL;
	map->mode = mode;
	map->iova = arg->iova;
	map->vaddr = arg->vaddr;
	map->nr = arg->size >> PAGE_SHIFT;
	map->flags = arg->flags;
	map->born = ktime_get();
	return map;
}

static int map_locked(struct pinner_file *file, const struct pinner_mode *mode,
		      struct cma_bulk_pinner_map *arg)
{
	struct pinner_map *map;
	int ret;

	if (find_overlap(file, arg->iova, arg->size))
		return -EEXIST;
	map = map_new(arg, mode);
	if (!map)
		return -ENOMEM;
	ret = mode->map(map, arg);
	if (ret) {
		kfree(map);
		return ret;
	}
	ret = report(map, arg->pfns, map->nr, &arg->pages, &arg->in_cma);
	if (ret) {
		map_free(map);
		return ret;
	}
	list_add_tail(&map->list, &file->maps);
	return 0;
}

/**
 * pinner_file_map() - MAP
 * @file: open file
 * @arg: its argument, of valid form; gets the results
 *
 * Context: process context of the user; sleeps for long, killable.
 * Return: 0 or a negative errno.
 */
int pinner_file_map(struct pinner_file *file, struct cma_bulk_pinner_map *arg)
{
	const struct pinner_mode *mode = pinner_mode_by_id(arg->mode);
	int ret;

	if (!mode)
		return -EINVAL;
	if (!mode->map)
		return -EOPNOTSUPP;
	if (mutex_lock_killable(&file->lock))
		return -EINTR;
	ret = map_locked(file, mode, arg);
	mutex_unlock(&file->lock);
	return ret;
}

/* Like vfio: whole mappings only, and nothing at all if one would be cut. */
static int unmap_locked(struct pinner_file *file, u64 iova, u64 size, u64 *done)
{
	struct pinner_map *map, *next;

	list_for_each_entry(map, &file->maps, list)
		if (overlaps(map, iova, size) && !inside(map, iova, size))
			return -EINVAL;
	*done = 0;
	list_for_each_entry_safe(map, next, &file->maps, list) {
		if (!inside(map, iova, size))
			continue;
		*done += map_size(map);
		list_del(&map->list);
		map_free(map);
		pinner_count(PINNER_UNMAPS, 1);
	}
	return *done ? 0 : -ENOENT;
}

/**
 * pinner_file_unmap() - UNMAP
 * @file: open file
 * @arg: its argument, of valid form; gets the number of bytes
 *
 * Context: sleeps, killable before it begins.
 * Return: 0 or a negative errno.
 */
int pinner_file_unmap(struct pinner_file *file,
		      struct cma_bulk_pinner_unmap *arg)
{
	int ret;

	if (mutex_lock_killable(&file->lock))
		return -EINTR;
	ret = unmap_locked(file, arg->iova, arg->size, &arg->size);
	mutex_unlock(&file->lock);
	return ret;
}

static int query_locked(struct pinner_file *file,
			struct cma_bulk_pinner_query *arg)
{
	struct pinner_map *map = find_overlap(file, arg->iova, 1);
	struct cma_bulk_pinner_query out;
	int ret;

	if (!map)
		return -ENOENT;
	out = (struct cma_bulk_pinner_query){
		.iova = arg->iova,
		.pfns = arg->pfns,
		.nr_pfns = map->nr,
		.mode = map->mode->id,
		.flags = map->flags,
		.age_ms = ktime_ms_delta(ktime_get(), map->born),
	};
	ret = report(map, arg->pfns, arg->nr_pfns, &out.pages, &out.in_cma);
	if (ret)
		return ret;
	if (map->mode->query)
		map->mode->query(map, &out);
	*arg = out;
	return 0;
}

/**
 * pinner_file_query() - QUERY
 * @file: open file
 * @arg: its argument; gets the results
 *
 * Context: sleeps, killable.
 * Return: 0 or a negative errno.
 */
int pinner_file_query(struct pinner_file *file,
		      struct cma_bulk_pinner_query *arg)
{
	int ret;

	if (mutex_lock_killable(&file->lock))
		return -EINTR;
	ret = query_locked(file, arg);
	mutex_unlock(&file->lock);
	return ret;
}

/**
 * pinner_file_release() - let go of all that an open file holds
 * @file: nobody else uses it any more
 *
 * Context: sleeps.
 */
void pinner_file_release(struct pinner_file *file)
{
	struct pinner_map *map, *next;

	list_for_each_entry_safe(map, next, &file->maps, list) {
		list_del(&map->list);
		map_free(map);
		pinner_count(PINNER_UNMAPS, 1);
	}
}
