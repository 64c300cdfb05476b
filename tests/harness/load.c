// SPDX-License-Identifier: GPL-2.0-only
/* Loading and unloading, with parameters, and the errors of both. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

#define PARAMETER	"/sys/module/cma_bulk/parameters/region"

static void errors(void)
{
	ktap_errno("a module that is not there: ENOENT",
		   module_load("cma_bulk_nonsense", NULL), -ENOENT);
	ktap_errno("unload what is not loaded: ENOENT", module_unload(BULK),
		   -ENOENT);
	ktap_errno("a parameter that is malformed: EINVAL",
		   module_load(BULK, "region=nonsense"), -EINVAL);
	ktap_errno("one that names memory outside of CMA: EINVAL",
		   module_load(BULK, "region=low:0x0:0x200000"), -EINVAL);
	ktap_same("a module that refused to load is not there",
		  module_refs(BULK) >= 0, 0);
}

/* Without the product, the pinner has no region to pin in. */
static void pinner_alone(void)
{
	ktap_errno("the pinner loads alone", module_load(PINNER, NULL), 0);
	ktap_errno("but has no region: ENODEV",
		   file_write("/sys/kernel/debug/cma_bulk_pinner/pin",
			      "region=reserved"), -ENODEV);
}

static void with_parameter(void)
{
	char params[128], text[128];
	struct region region;

	region_find(&region, "reserved");
	ktap_errno("unloads", module_unload(BULK), 0);
	/* All of it is known already; asking for it is no error. */
	snprintf(params, sizeof(params), "region=reserved:%#llx:%#llx",
		 region.base * page_size(), region.pages * page_size());
	ktap_errno("loads with a parameter", module_load(BULK, params), 0);
	if (file_read(PARAMETER, text, sizeof(text)) < 0)
		text[0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	ktap_ok(!strcmp(text, params + strlen("region=")),
		"the module has seen it");
}

void scenario_modules(const struct region *region, const char *arg)
{
	(void)region;
	(void)arg;
	errors();
	pinner_alone();
	ktap_errno("cma_bulk loads beside it", module_load(BULK, NULL), 0);
	ktap_errno("twice: EEXIST", module_load(BULK, NULL), -EEXIST);
	with_parameter();
	ktap_ok(!module_unload(BULK) && !module_unload(PINNER), "both unload");
}
