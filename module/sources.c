// SPDX-License-Identifier: GPL-2.0-only
/* Where regions come from: device tree, the kernel's CMA areas, a parameter. */
#include <linux/cma.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_reserved_mem.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/pageblock.h"
#include "compat/ranges.h"
#include "compat/symbols.h"
#include "log.h"
#include "region.h"
#include "skipped.h"
#include "sources.h"

static char *region;
module_param(region, charp, 0400);
MODULE_PARM_DESC(region, "CMA areas that are not found otherwise: NAME:BASE:SIZE[,...], in bytes");

/* What the node itself says: a place, or just a size. */
static void node_extent(struct device_node *np, u64 *base, u64 *size)
{
	struct resource res;
	u32 cells[2];
	int n;

	*base = 0;
	*size = 0;
	if (!of_address_to_resource(np, 0, &res)) {
		*base = res.start;
		*size = resource_size(&res);
		return;
	}
	n = of_property_read_variable_u32_array(np, "size", cells, 1, 2);
	if (n == 1)
		*size = cells[0];
	else if (n == 2)
		*size = (u64)cells[0] << 32 | cells[1];
}

/* What keeps the kernel from making an area of a node. */
static void check_node(struct device_node *np, struct cb_why *why)
{
	if (!of_device_is_available(np))
		cb_why_add(why, "disabled (set its status to \"okay\")");
	if (!of_device_is_compatible(np, "shared-dma-pool")) {
		cb_why_add(why, "not compatible with \"shared-dma-pool\"");
		return;
	}
	if (of_property_read_bool(np, "no-map"))
		cb_why_add(why, "no-map (remove that property)");
	if (!of_property_read_bool(np, "reusable"))
		cb_why_add(why, "not reusable (add that property)");
}

static int add_node(struct device_node *np)
{
	struct reserved_mem *rmem = of_reserved_mem_lookup(np);
	const char *name = kbasename(of_node_full_name(np));
	struct cb_why why = { 0 };
	u64 base, size;
	int ret;

	node_extent(np, &base, &size);
	if (rmem && rmem->size) {
		base = rmem->base;
		size = rmem->size;
	}
	check_node(np, &why);
	if (of_device_is_compatible(np, "shared-dma-pool"))
		cb_why_shape(&why, base, size, cb_area_alignment());
	if (!cb_why_any(&why) && (!rmem || !rmem->size))
		cb_why_add(&why, "the kernel could not reserve it (its log at boot says why)");
	if (cb_why_any(&why))
		return cb_skipped_add(name, base, size, &why);
	ret = cb_region_add(rmem->name, "dt", base, size, NULL);
	return ret == -ENOMEM ? ret : 0;
}

static int add_from_dt(void)
{
	struct device_node *parent = of_find_node_by_path("/reserved-memory");
	struct device_node *np;
	int ret = 0;

	for_each_child_of_node(parent, np) {
		ret = add_node(np);
		if (ret) {
			of_node_put(np);
			break;
		}
	}
	of_node_put(parent);
	return ret;
}

static int skip_area(struct cma *cma, const char *reason)
{
	struct cb_why why = { 0 };

	cb_why_add(&why, "%s", reason);
	return cb_skipped_add(cb_symbols.get_name(cma), 0,
			      cb_symbols.get_size(cma), &why);
}

/* The ranges of an area, which must be all of it. */
static unsigned int count_ranges(struct cma *cma)
{
	unsigned long pfn = 0, nr, left = PHYS_PFN(cb_symbols.get_size(cma));
	unsigned int ranges = 0;

	for (; cb_area_next_range(cma, &pfn, &nr); pfn += nr) {
		if (nr > left)
			return 0;
		left -= nr;
		ranges++;
	}
	return left ? 0 : ranges;
}

static int add_area(struct cma *cma, void *unused)
{
	unsigned long pfn = 0, nr;
	unsigned int ranges;
	int ret;

	/* The kernel keeps an area that crosses a zone's end, but empties it. */
	if (!cb_symbols.get_size(cma))
		return skip_area(cma,
				 "the kernel could not activate it (its log at boot says so)");
	if (!cb_areas_have_ranges())
		return skip_area(cma,
				 "this kernel does not tell where it lies (load the module with region=NAME:BASE:SIZE)");
	ranges = count_ranges(cma);
	if (!ranges)
		return skip_area(cma,
				 "its ranges are not as large as the area (load the module with region=NAME:BASE:SIZE)");
	for (; cb_area_next_range(cma, &pfn, &nr); pfn += nr) {
		ret = cb_region_add(cb_symbols.get_name(cma), "cma",
				    PFN_PHYS(pfn), PFN_PHYS(nr),
				    cb_area_has_handle(cma, ranges) ? cma : NULL);
		if (ret == -ENOMEM)
			return ret;
	}
	return 0;
}

static int add_from_kernel(void)
{
	if (!cb_symbols_have_areas())
		return 0;
	return cb_symbols.for_each_area(add_area, NULL);
}

/* Are all addresses such as this kernel can have? */
static bool addressable(u64 base, u64 size)
{
	u64 last = base + size - 1;

	return size && last >= base && last == (phys_addr_t)last &&
	       last >> PAGE_SHIFT < ULONG_MAX;
}

/* One "NAME:BASE:SIZE"; @spec is taken apart. */
static int add_spec(char *spec)
{
	char *name = strsep(&spec, ":"), *base_str = strsep(&spec, ":");
	u64 base, size;
	int ret;

	if (!*name || !base_str || !spec || kstrtou64(base_str, 0, &base) ||
	    kstrtou64(spec, 0, &size) || !addressable(base, size) ||
	    !PAGE_ALIGNED(base) || !PAGE_ALIGNED(size)) {
		pr_err("region=%s: want NAME:BASE:SIZE\n", name);
		return -EINVAL;
	}
	ret = cb_region_add(name, "param", base, size, NULL);
	/* Known already: what was asked for is there. */
	return ret == -EEXIST ? 0 : ret;
}

static int add_from_param(void)
{
	char *copy, *rest, *spec;
	int ret = 0;

	if (!region || !*region)
		return 0;
	copy = kstrdup(region, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	rest = copy;
	while (!ret && (spec = strsep(&rest, ",")))
		ret = add_spec(spec);
	kfree(copy);
	return ret;
}

/**
 * cb_source_state() - does a source of regions work on this kernel?
 * @source: 0, 1, ...
 * @name: set to its name
 *
 * Return: "yes", or "no" and why; NULL if there are no more sources.
 */
const char *cb_source_state(unsigned int source, const char **name)
{
	switch (source) {
	case 0:
		*name = "source_dt";
		return IS_ENABLED(CONFIG_OF_RESERVED_MEM) ? "yes" :
			"no (kernel without CONFIG_OF_RESERVED_MEM)";
	case 1:
		*name = "source_cma";
		return cb_symbols_have_areas() ? "yes" :
			"no (cma_for_each_area() not found)";
	case 2:
		*name = "source_param";
		return "yes";
	default:
		return NULL;
	}
}

/**
 * cb_sources_init() - find the regions
 *
 * Context: module init; may sleep. Undone by cb_regions_free() and
 * cb_skipped_free(), also after an error.
 *
 * Return: 0, -ENOMEM, or -EINVAL for a bad module parameter. No region at all
 * is not an error.
 */
int __init cb_sources_init(void)
{
	int ret = add_from_dt();

	if (!ret)
		ret = add_from_kernel();
	if (!ret)
		ret = add_from_param();
	cb_skipped_log();
	if (!ret && list_empty(&cb_regions))
		pr_notice("no CMA area found: boot with cma=SIZE on the command line, or add a child with compatible = \"shared-dma-pool\" and reusable to /reserved-memory in the device tree\n");
	return ret;
}
