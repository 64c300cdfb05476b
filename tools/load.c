// SPDX-License-Identifier: GPL-2.0-only
/* cma-bulk load and unload: libkmod. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <libkmod.h>

#include "commands.h"
#include "mem.h"
#include "text.h"
#include "tree.h"

#define MODULE	"cma_bulk"

static enum status ended(int err, const char *what)
{
	switch (err) {
	case 0:
		return STATUS_GOOD;
	case EPERM:
	case EACCES:
		complain("%s: not permitted: root is needed, and a kernel that is locked down wants a signed module",
			 what);
		return STATUS_NO_ACCESS;
	case ENOENT:
		complain("%s: there is no module " MODULE " for this kernel", what);
		return STATUS_NO_ACCESS;
	case EKEYREJECTED:
	case ENOKEY:
		complain("%s: the kernel does not trust the module's signature", what);
		return STATUS_NO_ACCESS;
	default:
		complain("%s: %s (the kernel log may say more)", what, strerror(err));
		return STATUS_FAILED;
	}
}

/* Modules of this machine are no part of a recorded tree. */
static bool refused(void)
{
	if (tree_recorded())
		complain("not with CMA_BULK_ROOT");
	return tree_recorded();
}

static bool join(const struct options *o, struct text *parameters)
{
	int i;

	for (i = 0; i < o->args; i++) {
		if (!strchr(o->arg[i], '=')) {
			complain("\"%s\" is not KEY=VALUE", o->arg[i]);
			return false;
		}
		text_add(parameters, "%s%s", i ? " " : "", o->arg[i]);
	}
	return true;
}

static int insert(struct kmod_ctx *ctx, const char *parameters)
{
	struct kmod_list *list = NULL;
	struct kmod_module *mod;
	int ret;

	ret = kmod_module_new_from_lookup(ctx, MODULE, &list);
	if (ret < 0)
		return ret;
	if (!list)
		return -ENOENT;
	mod = kmod_module_get_module(list);
	ret = kmod_module_probe_insert_module(mod, KMOD_PROBE_FAIL_ON_LOADED,
					      parameters, NULL, NULL, NULL);
	kmod_module_unref(mod);
	kmod_module_unref_list(list);
	/* Above 0: on a blacklist. */
	return ret > 0 ? -EPERM : ret;
}

static int remove_module(struct kmod_ctx *ctx)
{
	struct kmod_module *mod;
	int ret;

	ret = kmod_module_new_from_name(ctx, MODULE, &mod);
	if (ret < 0)
		return ret;
	ret = kmod_module_remove_module(mod, 0);
	kmod_module_unref(mod);
	return ret;
}

enum status cmd_load(const struct options *o)
{
	struct text parameters = { 0 };
	struct kmod_ctx *ctx;
	int err;

	if (refused() || !join(o, &parameters))
		return STATUS_USAGE;
	ctx = kmod_new(NULL, NULL);
	if (!ctx)
		return ended(ENOMEM, "load");
	err = -insert(ctx, text_string(&parameters));
	kmod_unref(ctx);
	if (err != EEXIST)
		return ended(err, "load");
	complain("load: it is loaded already");
	return o->args ? STATUS_FAILED : STATUS_GOOD;
}

enum status cmd_unload(const struct options *o)
{
	struct kmod_ctx *ctx;
	int err;

	(void)o;
	if (refused())
		return STATUS_USAGE;
	if (reach_of_module() == REACH_NO_MODULE) {
		complain("unload: %s", reach_text(REACH_NO_MODULE));
		return STATUS_NO_ACCESS;
	}
	ctx = kmod_new(NULL, NULL);
	if (!ctx)
		return ended(ENOMEM, "unload");
	err = -remove_module(ctx);
	kmod_unref(ctx);
	if (err != EAGAIN && err != EBUSY)
		return ended(err, "unload");
	complain("unload: it is in use: a driver or a buffer holds its memory (cma-bulk who)");
	return STATUS_FAILED;
}
