// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that uses the in-kernel API, for the tests. It has files in
 * /sys/kernel/debug/cma_bulk_apitest/, each described where it is made; reading
 * "results" tries the API and prints KTAP.
 *
 * The region is the module parameter "region"; while "results" is read, nothing
 * else may allocate from it.
 */
#include <linux/cma.h>
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <cma_bulk/cma_bulk.h>

#include "apitest.h"

#define ORDER	4
#define COUNT	64

static char *region = "reserved";
module_param(region, charp, 0400);
MODULE_PARM_DESC(region, "name of the region to test in");

/* Until unload. */
struct cma_bulk_region *test_region;

static struct dentry *dir;

struct run {
	struct seq_file *m;
	struct cma_bulk_region *region;
	struct page *pages[COUNT];
	size_t nr;
	unsigned int results;
};

static void result(struct run *r, bool ok, const char *name)
{
	seq_printf(r->m, "%sok %u - %s\n", ok ? "" : "not ", ++r->results,
		   name);
}

static void skip(struct run *r, const char *name)
{
	seq_printf(r->m, "ok %u - %s # SKIP no handle\n", ++r->results, name);
}

/* Contiguous, aligned, in the region, uncompounded, with one reference each. */
static bool good_chunk(struct run *r, struct page *page)
{
	phys_addr_t base = cma_bulk_region_base(r->region);
	phys_addr_t addr = PFN_PHYS(page_to_pfn(page));
	unsigned int i;

	if (addr < base || !IS_ALIGNED(page_to_pfn(page), 1UL << ORDER) ||
	    addr + (PAGE_SIZE << ORDER) >
	    base + cma_bulk_region_size(r->region))
		return false;
	for (i = 0; i < 1U << ORDER; i++)
		if (page_count(page + i) != 1 || PageCompound(page + i))
			return false;
	return true;
}

static bool good_chunks(struct run *r)
{
	size_t i;

	for (i = 0; i < r->nr; i++)
		if (!good_chunk(r, r->pages[i]))
			return false;
	return true;
}

static int alloc(struct run *r, const struct cma_bulk_request *req)
{
	return cma_bulk_alloc(r->region, req, r->pages, &r->nr);
}

static void test_alloc(struct run *r)
{
	struct cma_bulk_request req = { .order = ORDER, .count = COUNT };
	int ret = alloc(r, &req);

	result(r, !ret && r->nr == COUNT, "cma_bulk_alloc() gets all");
	result(r, good_chunks(r), "chunks are as promised");
	cma_bulk_free(r->region, ORDER, r->pages, r->nr);
	/* Would be freed twice, and the log would tell. */
	cma_bulk_free(r->region, ORDER, r->pages, r->nr);
	ret = alloc(r, &req);
	result(r, !ret && r->nr == COUNT && good_chunks(r),
	       "after a free, and a second one of the same, all are there");
	cma_bulk_free(r->region, ORDER, r->pages, r->nr);
}

static void test_bad(struct run *r)
{
	struct cma_bulk_request none = { .order = ORDER };
	struct cma_bulk_request order = { .order = 63, .count = 1 };
	struct cma_bulk_request engine = { .count = 1, .engine = 99 };
	struct cma_bulk_request many = { .order = ORDER, .count = SIZE_MAX };
	struct cma_bulk_request retries = { .count = 1, .retries = -2 };

	result(r, alloc(r, &none) == -EINVAL && !r->nr, "count 0: -EINVAL");
	result(r, alloc(r, &order) == -EINVAL && !r->nr, "order 63: -EINVAL");
	result(r, alloc(r, &engine) == -EINVAL && !r->nr, "engine 99: -EINVAL");
	result(r, alloc(r, &retries) == -EINVAL && !r->nr,
	       "retries -2: -EINVAL");
	result(r, alloc(r, &many) == -E2BIG && !r->nr, "too many: -E2BIG");
	result(r, cma_bulk_alloc(NULL, &none, r->pages, &r->nr) == -EINVAL,
	       "no region: -EINVAL");
	result(r, !cma_bulk_region_get("no such region"),
	       "unknown region: NULL");
	result(r, !cma_bulk_region_get(NULL), "no name: NULL");
	result(r, !cma_bulk_region_get_by_device(NULL), "no device: NULL");
}

/* Somebody keeps a reference to a page that is given back. */
static void test_referenced(struct run *r)
{
	struct cma_bulk_request req = { .order = ORDER, .count = 1 };
	struct page *page;

	if (alloc(r, &req)) {
		result(r, false, "a chunk to keep a reference to");
		return;
	}
	page = r->pages[0] + 3;
	get_page(page);
	cma_bulk_free(r->region, ORDER, r->pages, r->nr);
	result(r, page_count(page) == 2,
	       "a referenced page is not put back under its user's feet");
	put_page(page);
}

static int find_area(struct cma *cma, void *arg)
{
	struct cma **found = arg;

	*found = cma;
	return 0;
}

/* A function of the kernel, where the address of a kprobe can be called. */
void *find_function(const char *name)
{
	struct kprobe kp = { .symbol_name = name };

	if (!IS_ENABLED(CONFIG_ARM64) || register_kprobe(&kp))
		return NULL;
	unregister_kprobe(&kp);
	return kp.addr;
}

/* The last area's handle; a driver would have it from its device. */
static struct cma *area(void)
{
	int (*for_each)(int (*it)(struct cma *cma, void *data), void *data);
	struct cma *cma = NULL;

	for_each = find_function("cma_for_each_area");
	if (for_each)
		for_each(find_area, &cma);
	return cma;
}

static void test_patch(struct run *r)
{
	struct cma *cma = area();
	int ret;

	if (!cma) {
		skip(r, "cma_alloc_bulk()");
		return;
	}
	ret = cma_alloc_bulk(cma, 0, false, ORDER, COUNT, r->pages, &r->nr);
	result(r, !ret && r->nr == COUNT && good_chunks(r),
	       "cma_alloc_bulk() gets all");
	cma_bulk_free(r->region, ORDER, r->pages, r->nr);
}

static bool gets_region(struct run *r, struct platform_device *pdev)
{
	struct cma_bulk_region *got =
		cma_bulk_region_get_by_device(&pdev->dev);

	cma_bulk_region_put(got);
	return got == r->region;
}

/* One that reaches the region, and one that does not: the log tells of it. */
static void test_device(struct run *r)
{
	static const char * const names[] = {
		"a device gets its region", "also one that does not reach it"
	};
	struct platform_device *pdev;
	struct cma *cma = area();

	if (!cma || !IS_ENABLED(CONFIG_DMA_CMA)) {
		skip(r, names[0]);
		skip(r, names[1]);
		return;
	}
	pdev = platform_device_register_simple("cma_bulk_narrow", -1, NULL, 0);
	if (IS_ERR(pdev))
		return;
#ifdef CONFIG_DMA_CMA
	pdev->dev.cma_area = cma;
#endif
	*pdev->dev.dma_mask = DMA_BIT_MASK(40);
	result(r, gets_region(r, pdev), names[0]);
	*pdev->dev.dma_mask = DMA_BIT_MASK(24);
	result(r, gets_region(r, pdev), names[1]);
	platform_device_unregister(pdev);
}

static int results_show(struct seq_file *m, void *unused)
{
	struct run *r = kzalloc(sizeof(*r), GFP_KERNEL);

	if (!r)
		return -ENOMEM;
	r->m = m;
	r->region = test_region;
	test_alloc(r);
	test_bad(r);
	test_referenced(r);
	test_patch(r);
	test_device(r);
	kfree(r);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(results);

/* What can be had at once. Return: as cma_bulk_alloc(). */
int alloc_chunks(struct page **pages, size_t count, unsigned int order,
		 size_t *nr)
{
	struct cma_bulk_request req = {
		.order = order, .count = count, .partial = true, .fast = true,
	};

	return cma_bulk_alloc(test_region, &req, pages, nr);
}

/* Are these pages of the region, all of them? */
bool in_region(unsigned long pfn, unsigned long nr)
{
	unsigned long base = PHYS_PFN(cma_bulk_region_base(test_region));
	unsigned long pages = cma_bulk_region_size(test_region) >> PAGE_SHIFT;

	return pfn >= base && pfn - base < pages && nr &&
	       nr <= pages - (pfn - base);
}

/* What was written to a file, as a string. */
int read_line(char *line, size_t room, const char __user *text, size_t size)
{
	if (size >= room)
		return -E2BIG;
	if (copy_from_user(line, text, size))
		return -EFAULT;
	line[size] = '\0';
	return 0;
}

static int __init apitest_init(void)
{
	int ret = -ENODEV;

	test_region = cma_bulk_region_get(region);
	if (!test_region)
		return ret;
	ret = slow_init();
	if (ret)
		goto put;
	dir = debugfs_create_dir("cma_bulk_apitest", NULL);
	debugfs_create_file("results", 0400, dir, NULL, &results_fops);
	back_init(dir);
	hold_init(dir);
	linger_init(dir);
	referee_init(dir);
	values_init(dir);
	isolate_init(dir);
	memset_init(dir);
	ret = import_init(dir);
	if (ret)
		goto remove;
	ret = shrink_init(dir);
	if (ret)
		goto import;
	ret = users_init(dir);
	if (ret)
		goto shrink;
	return 0;

shrink:
	debugfs_remove_recursive(dir);
	dir = NULL;
	shrink_exit();
import:
	debugfs_remove_recursive(dir);
	dir = NULL;
	import_exit();
remove:
	debugfs_remove_recursive(dir);
	slow_exit();
put:
	cma_bulk_region_put(test_region);
	return ret;
}

static void __exit apitest_exit(void)
{
	debugfs_remove_recursive(dir);
	users_exit();
	shrink_exit();
	import_exit();
	isolate_exit();
	linger_exit();
	hold_exit();
	slow_exit();
	cma_bulk_region_put(test_region);
}

module_init(apitest_init);
module_exit(apitest_exit);

MODULE_DESCRIPTION("Test of the in-kernel API of cma_bulk");
MODULE_AUTHOR("The cma_bulk authors");
MODULE_LICENSE("GPL");
