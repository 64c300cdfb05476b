// SPDX-License-Identifier: GPL-2.0-only
/* cma-bulk: the command line. */
#include <argp.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "commands.h"
#include "mem.h"
#include "term.h"
#include "text.h"

#ifndef TOOL_VERSION
#define TOOL_VERSION	"unknown"
#endif

const char *argp_program_version = "cma-bulk " TOOL_VERSION;

enum {
	KEY_ASCII = 0x100,
	KEY_JSON,
	KEY_PROMETHEUS,
	KEY_BLOCKERS,
	KEY_HOLDERS,
	KEY_INTERVAL,
};

/* Options that only some commands take, as bits. */
#define TAKES_JSON	1U
#define TAKES_PROM	2U
#define TAKES_WATCH	4U
#define TAKES_WHO	8U
#define TAKES_REGION	16U

static const struct command {
	const char *name;
	enum status (*run)(const struct options *o);
	unsigned int takes;
	int least;	/* words after the name */
	int most;
} commands[] = {
	{ "status", cmd_status, TAKES_REGION | TAKES_JSON, 0, 0 },
	{ "map", cmd_map, TAKES_REGION | TAKES_WATCH, 0, 0 },
	{ "alloc", cmd_alloc, TAKES_REGION, 0, 64 },
	{ "free", cmd_free, TAKES_REGION, 0, 512 },
	{ "who", cmd_who, TAKES_REGION | TAKES_JSON | TAKES_WHO, 0, 0 },
	{ "stats", cmd_stats, TAKES_REGION | TAKES_JSON | TAKES_PROM, 0, 0 },
	{ "report", cmd_report, TAKES_REGION, 1, 1 },
	{ "doctor", cmd_doctor, TAKES_REGION | TAKES_JSON, 0, 0 },
	{ "load", cmd_load, 0, 0, 64 },
	{ "unload", cmd_unload, 0, 0, 0 },
};

struct line {
	struct options o;
	const char *name;
	unsigned int used;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct line *line = state->input;
	struct options *o = &line->o;
	uint64_t ms;

	switch (key) {
	case 'r':
		o->region = arg;
		line->used |= TAKES_REGION;
		break;
	case 'w':
		o->watch = true;
		line->used |= TAKES_WATCH;
		break;
	case KEY_INTERVAL:
		if (!text_u64(arg, &ms) || ms < 50 || ms > 3600000)
			argp_error(state, "--interval: %s is not 50 to 3600000", arg);
		o->interval_ms = ms;
		line->used |= TAKES_WATCH;
		break;
	case KEY_ASCII:
		o->ascii = true;
		break;
	case KEY_JSON:
		o->json = true;
		line->used |= TAKES_JSON;
		break;
	case KEY_PROMETHEUS:
		o->prometheus = true;
		line->used |= TAKES_PROM;
		break;
	case KEY_BLOCKERS:
		o->blockers = true;
		line->used |= TAKES_WHO;
		break;
	case KEY_HOLDERS:
		o->holders = true;
		line->used |= TAKES_WHO;
		break;
	case ARGP_KEY_ARG:
		if (!line->name) {
			line->name = arg;
			break;
		}
		o->arg = mem_grow(o->arg, o->args + 1, sizeof(*o->arg));
		o->arg[o->args++] = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options[] = {
	{ "region", 'r', "NAME", 0, "The region (default: the largest)", 0 },
	{ "watch", 'w', NULL, 0, "map: draw it again and again, until q", 0 },
	{ "interval", KEY_INTERVAL, "MS", 0, "map --watch: this often (1000)", 0 },
	{ "blockers", KEY_BLOCKERS, NULL, 0, "who: only what blocks", 0 },
	{ "holders", KEY_HOLDERS, NULL, 0, "who: only who holds memory", 0 },
	{ "json", KEY_JSON, NULL, 0, "status, who, stats, doctor: as JSON", 0 },
	{ "prometheus", KEY_PROMETHEUS, NULL, 0,
	  "stats: in the text format of Prometheus", 0 },
	{ "ascii", KEY_ASCII, NULL, 0, "Nothing but ASCII", 0 },
	{ 0 }
};

static const char doc[] =
	"Shows and drives the kernel module cma_bulk.\v"
	"  status              what there is (default)\n"
	"  map [--watch]       the region, pageblock by pageblock\n"
	"  alloc KEY=VALUE...  a request, for example order=4 count=4800\n"
	"  free all|BATCH...   give back\n"
	"  who                 what blocks, and who holds memory\n"
	"  stats               sums since the module was loaded\n"
	"  report FILE         all of it, as one page of HTML\n"
	"  doctor              what is wrong, and what to do\n"
	"  load [KEY=VALUE...] load the module, with these parameters\n"
	"  unload              unload it\n"
	"\n"
	"Exit status: 0 good, 1 the request failed, 2 usage, 3 no module or no access.";

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[COMMAND [WORD...]]",
	.doc = doc,
};

static const struct command *find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static bool well_formed(const struct command *c, const struct line *line)
{
	if (line->used & ~c->takes) {
		complain("%s does not take that option", c->name);
		return false;
	}
	if (line->o.args < c->least) {
		complain("%s needs a word more", c->name);
		return false;
	}
	if (line->o.args > c->most) {
		complain("%s: \"%s\" is too much", c->name,
			 line->o.arg[c->most]);
		return false;
	}
	return true;
}

/* What could not be written was not told. */
static int ended(enum status status)
{
	if (fflush(stdout) || ferror(stdout)) {
		perror("cma-bulk: output");
		return STATUS_FAILED;
	}
	return status;
}

int main(int argc, char **argv)
{
	struct line line = { .o.interval_ms = 1000 };
	const struct command *c;

	setlocale(LC_CTYPE, "");
	argp_err_exit_status = STATUS_USAGE;
	if (argp_parse(&argp, argc, argv, 0, NULL, &line))
		return STATUS_USAGE;
	c = find(line.name ? line.name : "status");
	if (!c) {
		complain("no command \"%s\" (cma-bulk --help)", line.name);
		return STATUS_USAGE;
	}
	if (!well_formed(c, &line))
		return STATUS_USAGE;
	term_init(line.o.ascii);
	return ended(c->run(&line.o));
}
