// SPDX-License-Identifier: GPL-2.0-only
/* Modules, through libkmod. */
#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <stdio.h>

#include "harness.h"

/* libkmod explains on standard error; the caller names the error itself. */
static void silent(void *data, int priority, const char *file, int line,
		   const char *fn, const char *format, va_list args)
{
	(void)data;
	(void)priority;
	(void)file;
	(void)line;
	(void)fn;
	(void)format;
	(void)args;
}

static int with_module(const char *name, const char *params,
		       int (*call)(struct kmod_module *mod, const char *params))
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);
	struct kmod_module *mod;
	int ret;

	if (!ctx)
		return -ENOMEM;
	kmod_set_log_fn(ctx, silent, NULL);
	ret = kmod_module_new_from_name(ctx, name, &mod);
	if (!ret) {
		ret = call(mod, params);
		kmod_module_unref(mod);
	}
	kmod_unref(ctx);
	return ret;
}

static int insert(struct kmod_module *mod, const char *params)
{
	if (!kmod_module_get_path(mod))
		return -ENOENT;
	return kmod_module_probe_insert_module(mod, KMOD_PROBE_FAIL_ON_LOADED,
					       params, NULL, NULL, NULL);
}

/* With what it depends on. @params: as on modprobe's command line, or NULL. */
int module_load(const char *name, const char *params)
{
	return with_module(name, params, insert);
}

static int remove_module(struct kmod_module *mod, const char *params)
{
	int ret = kmod_module_remove_module(mod, O_NONBLOCK);

	(void)params;
	/* What the kernel calls "try again" is a module in use. */
	return ret == -EAGAIN ? -EBUSY : ret;
}

/* -EBUSY if somebody uses it, -ENOENT if it is not there. */
int module_unload(const char *name)
{
	return with_module(name, NULL, remove_module);
}

static int refs(struct kmod_module *mod, const char *params)
{
	(void)params;
	return kmod_module_get_refcnt(mod);
}

int module_refs(const char *name)
{
	return with_module(name, NULL, refs);
}
