// SPDX-License-Identifier: GPL-2.0-only
/* harness: see usage(). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static const struct {
	const char *name;
	unsigned int planned;
	void (*run)(const struct region *region, const char *arg);
	const char *what;
} scenarios[] = {
	{ "modules", 13, scenario_modules, "load and unload, and the errors" },
	{ "ioctl", 16, scenario_ioctl, "malformed arguments" },
	{ "longterm", 13, scenario_longterm, "memory leaves the region first" },
	{ "transient", 6, scenario_transient, "100 requests under fire" },
	{ "mirror", 9, scenario_mirror, "the device follows its memory" },
	{ "duel", 7, scenario_duel, "mirror against bulk [for ARG seconds]" },
	{ "kill", 14, scenario_kill, "SIGKILL at bad moments" },
	{ "faults", 42, scenario_faults, "every allocation fails once" },
	{ "faultload", 4, scenario_faultload, "also those of loading" },
	{ "fuzz", 13, scenario_fuzz, "random writes, ioctls, use of a heap [ARG is SEED:NUMBER]" },
	{ "heap", 21, scenario_heap, "buffers for userspace" },
	{ "heaperrors", 25, scenario_heaperrors, "what a heap refuses" },
	{ "heapimport", 16, scenario_heapimport, "devices that share a buffer" },
	{ "heapcapture", 15, scenario_heapcapture, "a camera that fills buffers, ARG is its node" },
	{ "heaprandom", 4, scenario_heaprandom, "SIGKILL at any moment [for ARG seconds]" },
	{ "oom", 6, scenario_oom, "requests until memory runs out" },
	{ "busy", 8, scenario_busy, "unload while the file is open" },
	{ "writers", 16, scenario_writers, "requests at the same time" },
	{ "rivals", 14, scenario_rivals, "requests for more than there is" },
	{ "claims", 4, scenario_claims, "chunks that lie in several units" },
	{ "named", 4, scenario_named, "EBUSY has a name [ARG is NUMBER[:FOLDER]]" },
	{ "search", 4, scenario_search, "what was given back is found again [ARG is a SEED]" },
	{ "holders", 24, scenario_holders, "who has taken references" },
	{ "shrink", 6, scenario_shrink, "a driver with a shrinker, until memory runs out" },
};

static int usage(void)
{
	unsigned int i;

	fprintf(stderr,
		"harness load MODULE [PARAMETERS]\n"
		"harness unload MODULE\n"
		"harness theory REGION ORDER COUNT   most chunks, fewest migrations\n"
		"harness back REGION                 gives all back: microseconds\n"
		"harness anonymous REGION PAGES      until SIGTERM\n"
		"harness splice REGION [shared]      a page that a pipe refers to, until SIGTERM\n"
		"harness camera DEVICE               a camera's own buffers, until SIGTERM\n"
		"harness handover REGION             a buffer whose first owner is gone, until SIGTERM\n"
		"harness starve                      until SIGTERM\n"
		"harness clear BYTES PROCESSES       microseconds that they take, of their own memory\n"
		"harness devices SECONDS             memory mapped in every mode of the pinner\n"
		"harness gupload                     takes references until SIGTERM\n"
		"harness heaptime REGION BYTES      microseconds that a buffer takes\n"
		"harness heapclear REGION BYTES     bytes of a buffer that are not 0\n"
		"harness referee REGION FOLDER       verdicts on all kinds of pages\n"
		"harness SCENARIO [REGION [ARG]]   region \"reserved\"; the modules are loaded\n");
	for (i = 0; i < ARRAY_SIZE(scenarios); i++)
		fprintf(stderr, "    %-10s %s\n", scenarios[i].name,
			scenarios[i].what);
	return 2;
}

static int said(const char *what, int err)
{
	if (err)
		fprintf(stderr, "harness: %s: %s\n", what, err_name(err));
	return !!err;
}

static int run(unsigned int i, const char *name, const char *arg)
{
	struct region region;

	ktap_begin(scenarios[i].planned);
	/* These begin without modules. */
	if (scenarios[i].run != scenario_modules &&
	    scenarios[i].run != scenario_faultload)
		region_find(&region, name);
	scenarios[i].run(&region, arg);
	return ktap_end();
}

static void give_back(const struct region *region)
{
	double start = seconds();

	region_free_all(region);
	printf("%.0f\n", 1e6 * (seconds() - start));
}

/* Return: exit status, or -1 if that is none of these. */
static int tool(int argc, char **argv)
{
	struct region region;

	if (!strcmp(argv[1], "load") && (argc == 3 || argc == 4))
		return said(argv[2], module_load(argv[2], argv[3]));
	if (!strcmp(argv[1], "unload") && argc == 3)
		return said(argv[2], module_unload(argv[2]));
	if (!strcmp(argv[1], "starve") && argc == 2) {
		starve();
		return 0;
	}
	if (!strcmp(argv[1], "clear") && argc == 4 && atoi(argv[3]) > 0) {
		clear_memory(atol(argv[2]), atoi(argv[3]));
		return 0;
	}
	if (!strcmp(argv[1], "gupload") && argc == 2)
		gup_load();
	if (!strcmp(argv[1], "devices") && argc == 3)
		return devices(atof(argv[2]));
	if (!strcmp(argv[1], "back") && argc == 3) {
		region_find(&region, argv[2]);
		give_back(&region);
		return 0;
	}
	if (!strcmp(argv[1], "camera") && argc == 3)
		camera(argv[2]);
	if (!strcmp(argv[1], "handover") && argc == 3) {
		region_find(&region, argv[2]);
		handover(&region);
	}
	if (!strcmp(argv[1], "splice") && (argc == 3 || argc == 4)) {
		region_find(&region, argv[2]);
		splice_page(&region, argc == 4);
	}
	if (argc < 4)
		return -1;
	if (!strcmp(argv[1], "theory") && argc == 5) {
		region_find(&region, argv[2]);
		theory(&region, atoi(argv[3]), atol(argv[4]));
		return 0;
	}
	if (!strcmp(argv[1], "referee") && argc == 4) {
		region_find(&region, argv[2]);
		referee(&region, argv[3]);
		return 0;
	}
	if (!strcmp(argv[1], "heaptime") && argc == 4) {
		region_find(&region, argv[2]);
		heap_time(&region, atol(argv[3]));
		return 0;
	}
	if (!strcmp(argv[1], "heapclear") && argc == 4) {
		region_find(&region, argv[2]);
		heap_clear(&region, atol(argv[3]));
		return 0;
	}
	if (!strcmp(argv[1], "anonymous") && argc == 4) {
		region_find(&region, argv[2]);
		anonymous(&region, atol(argv[3]));
		return 0;
	}
	return -1;
}

int main(int argc, char **argv)
{
	unsigned int i;
	int status;

	if (argc < 2)
		return usage();
	status = tool(argc, argv);
	if (status >= 0)
		return status;
	for (i = 0; i < ARRAY_SIZE(scenarios); i++)
		if (!strcmp(argv[1], scenarios[i].name))
			return run(i, argc > 2 ? argv[2] : "reserved",
				   argc > 3 ? argv[3] : NULL);
	return usage();
}
