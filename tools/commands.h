/* SPDX-License-Identifier: GPL-2.0-only */
/* What the command line asks for, and what serves it. */
#ifndef CMA_BULK_TOOL_COMMANDS_H
#define CMA_BULK_TOOL_COMMANDS_H

#include <stdbool.h>

#include "region.h"

struct options {
	const char *region;
	bool json;
	bool prometheus;
	bool watch;
	bool ascii;
	bool blockers;
	bool holders;
	unsigned int interval_ms;
	char **arg;	/* what follows the command's name */
	int args;
};

enum status cmd_status(const struct options *o);
enum status cmd_map(const struct options *o);
enum status cmd_alloc(const struct options *o);
enum status cmd_free(const struct options *o);
enum status cmd_who(const struct options *o);
enum status cmd_stats(const struct options *o);
enum status cmd_report(const struct options *o);
enum status cmd_doctor(const struct options *o);
enum status cmd_load(const struct options *o);
enum status cmd_unload(const struct options *o);

#endif
