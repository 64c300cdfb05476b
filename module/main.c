// SPDX-License-Identifier: GPL-2.0-only
/* Load and unload. */
#include <linux/module.h>

#include "../debugfs/debugfs.h"
#include "compat/symbols.h"
#include "internal.h"

static int __init cma_bulk_init(void)
{
	int ret;

	cb_symbols_init();
	ret = cb_team_init();
	if (ret)
		return ret;
	ret = cb_sources_init();
	if (ret)
		goto free_regions;
	cb_debugfs_init();
	return 0;

free_regions:
	cb_regions_free();
	cb_team_exit();
	return ret;
}

static void __exit cma_bulk_exit(void)
{
	/* Waits for whoever is inside a file. */
	cb_debugfs_exit();
	cb_regions_free();
	cb_team_exit();
}

module_init(cma_bulk_init);
module_exit(cma_bulk_exit);

MODULE_DESCRIPTION("Thousands of high-order pages at once from CMA regions");
MODULE_AUTHOR("The cma_bulk authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(CMA_BULK_VERSION);
