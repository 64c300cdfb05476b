// SPDX-License-Identifier: GPL-2.0-only
/* Results, as KTAP on standard output. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static unsigned int nr_planned, nr_run, nr_failed;

void ktap_begin(unsigned int planned)
{
	/* Whoever dies shall have said what it did until then. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	nr_planned = planned;
	printf("KTAP version 1\n1..%u\n", planned);
}

/* Return: exit status. */
int ktap_end(void)
{
	if (nr_run != nr_planned)
		ktap_diag("planned %u, ran %u", nr_planned, nr_run);
	return nr_run != nr_planned || nr_failed;
}

bool ktap_ok(bool ok, const char *name)
{
	printf("%sok %u - %s\n", ok ? "" : "not ", ++nr_run, name);
	nr_failed += !ok;
	return ok;
}

bool ktap_same(const char *name, long long got, long long wanted)
{
	if (ktap_ok(got == wanted, name))
		return true;
	ktap_diag("got %lld, wanted %lld", got, wanted);
	return false;
}

/* @got and @wanted are 0 or negative. */
bool ktap_errno(const char *name, int got, int wanted)
{
	if (ktap_ok(got == wanted, name))
		return true;
	ktap_diag("got %s, wanted %s", err_name(got), err_name(wanted));
	return false;
}

void ktap_skip(const char *name, const char *why)
{
	printf("ok %u - %s # SKIP %s\n", ++nr_run, name, why);
}

const char *err_name(int err)
{
	const char *name = err ? strerrorname_np(abs(err)) : "OK";

	return name ? name : "an error without a name";
}

/* Nothing can be said about the rest of the plan. */
void bail(const char *what, int err)
{
	printf("Bail out! %s: %s\n", what, err_name(err));
	exit(1);
}
