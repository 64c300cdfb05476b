// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tests load and unload cma_bulk and the pinner in any order, so this module
 * does not link to that one: it looks its functions up, and holds it only while
 * it calls them.
 *
 * symbol_get() is not for use at any time: it looks for the symbol, then asserts
 * that the symbol's module is formed, which the end of an unload on another CPU
 * makes untrue in between (strong_try_module_get() and free_module() of
 * kernel/module/main.c). Before that end the unload calls the notifiers.
 */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/string.h>

#include "product.h"

/*
 * Protects product and unloading, and keeps an unload from its end while
 * symbols are looked up. Inside of pinner_take()'s lock. The notifier takes it,
 * so no module may be loaded or unloaded under it.
 */
static DEFINE_MUTEX(product_lock);
static struct pinner_product product;
static bool unloading;

/* One reference holds the module; the other functions are only looked up. */
static void *look_up(const char *name)
{
	void *addr = __symbol_get(name);

	if (addr)
		__symbol_put(name);
	return addr;
}

static bool look_up_all(void)
{
	product.region_get = symbol_get(cma_bulk_region_get);
	if (!product.region_get)
		return false;
	product.region_put = look_up("cma_bulk_region_put");
	product.region_base = look_up("cma_bulk_region_base");
	product.region_size = look_up("cma_bulk_region_size");
	product.exclude_begin = look_up("cma_bulk_exclude_begin");
	product.exclude_try = look_up("cma_bulk_exclude_try");
	product.exclude_end = look_up("cma_bulk_exclude_end");
	if (product.region_put && product.region_base && product.region_size &&
	    product.exclude_begin && product.exclude_try && product.exclude_end)
		return true;
	symbol_put(cma_bulk_region_get);
	return false;
}

/**
 * pinner_product_get() - hold cma_bulk
 *
 * Context: sleeps.
 * Return: its functions, until pinner_product_put(); NULL if it is not loaded.
 */
const struct pinner_product *pinner_product_get(void)
{
	bool there;

	mutex_lock(&product_lock);
	there = !unloading && look_up_all();
	mutex_unlock(&product_lock);
	return there ? &product : NULL;
}

/**
 * pinner_product_put() - give back what pinner_product_get() held
 *
 * Context: any.
 */
void pinner_product_put(void)
{
	symbol_put(cma_bulk_region_get);
}

static int module_event(struct notifier_block *nb, unsigned long state,
			void *data)
{
	const struct module *mod = data;

	if (strcmp(mod->name, "cma_bulk"))
		return NOTIFY_DONE;
	mutex_lock(&product_lock);
	unloading = state == MODULE_STATE_GOING;
	mutex_unlock(&product_lock);
	return NOTIFY_OK;
}

static struct notifier_block modules = { .notifier_call = module_event };

/**
 * pinner_product_init() - begin to watch modules
 *
 * Return: 0 or a negative errno.
 */
int pinner_product_init(void)
{
	return register_module_notifier(&modules);
}

/**
 * pinner_product_exit() - end it
 */
void pinner_product_exit(void)
{
	unregister_module_notifier(&modules);
}
