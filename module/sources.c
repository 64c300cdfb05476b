// SPDX-License-Identifier: GPL-2.0-only
/* Where regions come from: device tree, the kernel's CMA areas, a parameter. */
#include <linux/cma.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/symbols.h"
#include "log.h"
#include "region.h"
#include "sources.h"

static char *region;
module_param(region, charp, 0400);
MODULE_PARM_DESC(region, "CMA areas that are not found otherwise: NAME:BASE:SIZE[,...], in bytes");

static bool is_cma_node(const struct device_node *np)
{
	return of_device_is_available(np) &&
	       of_device_is_compatible(np, "shared-dma-pool") &&
	       of_property_read_bool(np, "reusable");
}

static int add_from_dt(void)
{
	struct device_node *parent = of_find_node_by_path("/reserved-memory");
	struct device_node *np;
	struct reserved_mem *rmem;
	int ret = 0;

	for_each_child_of_node(parent, np) {
		if (!is_cma_node(np))
			continue;
		rmem = of_reserved_mem_lookup(np);
		if (!rmem || !rmem->size)
			continue;
		ret = cb_region_add(rmem->name, "dt", rmem->base, rmem->size,
				    NULL);
		if (ret == -ENOMEM) {
			of_node_put(np);
			break;
		}
	}
	of_node_put(parent);
	return ret == -ENOMEM ? ret : 0;
}

static int add_area(struct cma *cma, void *unused)
{
	const char *name = cb_symbols.get_name(cma);
	phys_addr_t size = cb_symbols.get_size(cma);
	int ret;

	/* The kernel keeps an area that crosses a zone's end, but empties it. */
	if (!size) {
		pr_notice("%s: the kernel could not activate it (its log at boot says so), left out\n",
			  name);
		return 0;
	}
	ret = cb_region_add(name, "cma", cb_symbols.get_base(cma), size, cma);
	return ret == -ENOMEM ? ret : 0;
}

static int add_from_kernel(void)
{
	if (!cb_symbols_have_areas())
		return 0;
	return cb_symbols.for_each_area(add_area, NULL);
}

/* One "NAME:BASE:SIZE"; @spec is taken apart. */
static int add_spec(char *spec)
{
	char *name = strsep(&spec, ":"), *base_str = strsep(&spec, ":");
	u64 base, size;
	int ret;

	if (!*name || !base_str || !spec || kstrtou64(base_str, 0, &base) ||
	    kstrtou64(spec, 0, &size) || !size || base + size < base ||
	    !PAGE_ALIGNED(base) || !PAGE_ALIGNED(size) ||
	    PHYS_PFN(base) > ULONG_MAX - PHYS_PFN(size)) {
		pr_err("region=%s: want NAME:BASE:SIZE\n", name);
		return -EINVAL;
	}
	if (!cb_pageblock_type_known()) {
		pr_err("region=%s: refused, this kernel does not tell whether it is of type CMA\n",
		       name);
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
		return cb_pageblock_type_known() ? "yes" :
			"no (the type of a pageblock cannot be read)";
	default:
		return NULL;
	}
}

/**
 * cb_sources_init() - find the regions
 *
 * Context: module init; may sleep. Undone by cb_regions_free(), also after an
 * error.
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
	if (!ret && list_empty(&cb_regions))
		pr_notice("no CMA area found: boot with cma=SIZE on the command line, or add a child with compatible = \"shared-dma-pool\" and reusable to /reserved-memory in the device tree\n");
	return ret;
}
