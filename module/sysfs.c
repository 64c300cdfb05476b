// SPDX-License-Identifier: GPL-2.0-only
/*
 * One value a file, documented in docs/ABI/testing/sysfs-kernel-cma-bulk. It
 * does not depend on debugfs, which production kernels do not mount, lock down
 * or leave out. No file tells an address.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "heap_knobs.h"
#include "pages.h"
#include "refill.h"
#include "region.h"
#include "stats.h"
#include "sysfs.h"

/**
 * struct cb_value - a file, which every region has
 * @attr: its name and mode
 * @get: reads the value
 * @set: changes it; NULL if nothing can
 * @what: for @get and @set: which of their values
 */
struct cb_value {
	struct kobj_attribute attr;
	int (*get)(struct cma_bulk_region *region, unsigned int what,
		   s64 *value);
	int (*set)(struct cma_bulk_region *region, unsigned int what,
		   s64 value);
	unsigned int what;
};

static struct kobject *root;

static int get_size(struct cma_bulk_region *region, unsigned int what,
		    s64 *value)
{
	*value = (s64)region->nr_pages << PAGE_SHIFT;
	return 0;
}

static int get_held(struct cma_bulk_region *region, unsigned int what,
		    s64 *value)
{
	*value = cb_pages_count(region, CB_PAGE_HELD) << PAGE_SHIFT;
	return 0;
}

/* @what is where the sum lies in struct cb_stats. */
static int get_sum(struct cma_bulk_region *region, unsigned int what,
		   s64 *value)
{
	struct cb_stats *sums = kmalloc(sizeof(*sums), GFP_KERNEL);

	if (!sums)
		return -ENOMEM;
	cb_stats_read(region, sums);
	*value = *(u64 *)((char *)sums + what);
	kfree(sums);
	return 0;
}

static int get_heap(struct cma_bulk_region *region, unsigned int what,
		    s64 *value)
{
	return cb_heap_knob_get(region, what, value);
}

static int set_heap(struct cma_bulk_region *region, unsigned int what,
		    s64 value)
{
	return cb_heap_knob_set(region, what, value);
}

/* Of pages, since their states tell of all of them at once. */
static int get_pooled(struct cma_bulk_region *region, unsigned int what,
		      s64 *value)
{
	*value = cb_pages_count(region, CB_PAGE_POOLED) << PAGE_SHIFT;
	return 0;
}

static int get_pool(struct cma_bulk_region *region, unsigned int what,
		    s64 *value)
{
	return cb_pool_setting_get(region, what, value);
}

static int set_pool(struct cma_bulk_region *region, unsigned int what,
		    s64 value)
{
	return cb_pool_setting_set(region, what, value);
}

static ssize_t value_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf);
static ssize_t value_store(struct kobject *kobj, struct kobj_attribute *attr,
			   const char *buf, size_t count);

#define CB_READ(name)	.attr = __ATTR(name, 0444, value_show, NULL)
#define CB_WRITE(name)	.attr = __ATTR(name, 0644, value_show, value_store)
#define CB_SUM(member)	.get = get_sum, .what = offsetof(struct cb_stats, member)
#define CB_HEAP(knob)	.get = get_heap, .set = set_heap, .what = knob
#define CB_POOL(setting) .get = get_pool, .set = set_pool, .what = setting

static struct cb_value values[] = {
	{ CB_READ(size_bytes), .get = get_size },
	{ CB_READ(held_bytes), .get = get_held },
	{ CB_READ(pool_bytes), .get = get_pooled },
	{ CB_READ(requests), CB_SUM(requests) },
	{ CB_READ(success), CB_SUM(outcome[CB_SUCCESS]) },
	{ CB_READ(partial), CB_SUM(outcome[CB_PARTIAL]) },
	{ CB_READ(failure), CB_SUM(outcome[CB_FAILURE]) },
	{ CB_READ(pages_migrated), CB_SUM(counts.pages_migrated) },
	{ CB_READ(contig_busy), CB_SUM(counts.contig_busy) },
	{ CB_WRITE(heap_order), CB_HEAP(CB_HEAP_ORDER) },
	{ CB_WRITE(heap_retries), CB_HEAP(CB_HEAP_RETRIES) },
	{ CB_WRITE(heap_timeout_ms), CB_HEAP(CB_HEAP_TIMEOUT_MS) },
	{ CB_WRITE(pool_chunks), CB_POOL(CB_POOL_CHUNKS) },
	{ CB_WRITE(pool_order), CB_POOL(CB_POOL_ORDER) },
};

/* A directory has no room for a pointer of ours, and there are few. */
static struct cma_bulk_region *region_of(const struct kobject *kobj)
{
	struct cma_bulk_region *region;

	list_for_each_entry(region, &cb_regions, list)
		if (region->sysfs == kobj)
			return region;
	return NULL;
}

static ssize_t value_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	struct cb_value *v = container_of(attr, struct cb_value, attr);
	struct cma_bulk_region *region = region_of(kobj);
	s64 value;
	int ret;

	if (!region)
		return -ENODEV;
	ret = v->get(region, v->what, &value);
	return ret ?: sysfs_emit(buf, "%lld\n", value);
}

static ssize_t value_store(struct kobject *kobj, struct kobj_attribute *attr,
			   const char *buf, size_t count)
{
	struct cb_value *v = container_of(attr, struct cb_value, attr);
	struct cma_bulk_region *region = region_of(kobj);
	s64 value;
	int ret;

	if (!region)
		return -ENODEV;
	/* A NUL inside ends the string, but not what was written. */
	if (strlen(buf) != count || kstrtos64(buf, 10, &value))
		return -EINVAL;
	ret = v->set(region, v->what, value);
	return ret ?: count;
}

static int add_region(struct cma_bulk_region *region)
{
	unsigned int i;
	int ret = 0;

	region->sysfs = kobject_create_and_add(region->name, root);
	if (!region->sysfs)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(values) && !ret; i++)
		ret = sysfs_create_file(region->sysfs, &values[i].attr.attr);
	return ret;
}

/*
 * The last reference may be dropped later, by the kernel alone, while our code
 * must be out of use now: removing the files waits for their readers.
 */
static void remove_dir(struct kobject *dir)
{
	kobject_del(dir);
	kobject_put(dir);
}

/**
 * cb_sysfs_init() - create the directories
 *
 * Context: module init, when requests can be served; may sleep.
 *
 * Return: 0 or a negative errno; undone by cb_sysfs_exit(), also after an
 * error.
 */
int cb_sysfs_init(void)
{
	struct cma_bulk_region *region;
	int ret = 0;

	root = kobject_create_and_add("cma_bulk", kernel_kobj);
	if (!root)
		return -ENOMEM;
	list_for_each_entry(region, &cb_regions, list)
		ret = ret ?: add_region(region);
	return ret;
}

/**
 * cb_sysfs_exit() - remove the directories
 *
 * Context: module exit; sleeps until no task is inside of a file any more.
 */
void cb_sysfs_exit(void)
{
	struct cma_bulk_region *region;

	list_for_each_entry(region, &cb_regions, list) {
		remove_dir(region->sysfs);
		region->sysfs = NULL;
	}
	remove_dir(root);
	root = NULL;
}
