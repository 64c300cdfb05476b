// SPDX-License-Identifier: GPL-2.0-only
/* Load and unload, and the table of modes. */
#include <linux/module.h>
#include <linux/string.h>

#include "pinner.h"
#include "product.h"

static const struct pinner_mode *const modes[] = {
	&pinner_legacy,
	&pinner_longterm,
	&pinner_transient,
	&pinner_mirror,
};

/**
 * pinner_mode_by_name() - find a mode by its name in debugfs
 * @name: "legacy", "longterm", "transient" or "mirror"
 *
 * Context: any.
 * Return: the mode, or NULL.
 */
const struct pinner_mode *pinner_mode_by_name(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++)
		if (!strcmp(modes[i]->name, name))
			return modes[i];
	return NULL;
}

/**
 * pinner_mode_by_id() - find a mode by its number in the ioctl
 * @id: enum cma_bulk_pinner_mode
 *
 * Context: any.
 * Return: the mode, or NULL.
 */
const struct pinner_mode *pinner_mode_by_id(u32 id)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++)
		if (modes[i]->id == id)
			return modes[i];
	return NULL;
}

static int __init pinner_init(void)
{
	int ret;

	ret = pinner_product_init();
	if (ret)
		return ret;
	ret = pinner_cache_init();
	if (ret)
		goto exit_product;
	ret = pinner_device_init();
	if (ret)
		goto exit_cache;
	pinner_debugfs_init();
	return 0;

exit_cache:
	pinner_cache_exit();
exit_product:
	pinner_product_exit();
	return ret;
}

static void __exit pinner_exit(void)
{
	/* First, so that nobody makes a pin while they are removed. */
	pinner_debugfs_exit();
	pinner_device_exit();
	pinner_pin_remove_all();
	pinner_cache_exit();
	pinner_product_exit();
}

module_init(pinner_init);
module_exit(pinner_exit);

MODULE_DESCRIPTION("Fake pinners for the tests of cma_bulk");
MODULE_LICENSE("GPL");
