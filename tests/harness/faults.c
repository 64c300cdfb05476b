// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocations that fail: each one of an operation once, and a part of all of
 * them by chance. Whatever the operation says then, nothing may stay behind.
 *
 * The kernel fails the n-th allocation of a task that asks for it. What is left
 * of n after an operation tells whether there were as many.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"

#define MANY		1000000

static const char * const attrs[] = { "failslab", "fail_page_alloc" };

static void attr_set(const char *attr, const char *key, const char *value)
{
	char path[128];
	int ret;

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", attr, key);
	ret = file_write(path, value);
	if (ret)
		bail(path, ret);
}

static void attrs_set(const char *key, const char *value)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(attrs); i++)
		attr_set(attrs[i], key, value);
}

static void attrs_number(const char *key, unsigned long long value,
			 const char *format)
{
	char text[32];

	snprintf(text, sizeof(text), format, value);
	attrs_set(key, text);
}

/* Return: allocations that were made to fail since fault_init(). */
static long long injected(void)
{
	char path[128], text[32];
	long long n = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s/times",
			 attrs[i]);
		if (file_read(path, text, sizeof(text)) < 0)
			bail(path, EIO);
		n += MANY - atoll(text);
	}
	return n;
}

/* All kinds of allocations, quietly; the log is slow. */
static void fault_init(void)
{
	attrs_set("probability", "0");
	attrs_set("interval", "1");
	attrs_set("space", "0");
	attrs_set("verbose", "0");
	attrs_set("ignore-gfp-wait", "N");
	attrs_set("task-filter", "N");
	attr_set("fail_page_alloc", "ignore-gfp-highmem", "N");
	attr_set("fail_page_alloc", "min-order", "0");
	attrs_number("times", MANY, "%llu");
}

/* Only where one of the functions from @start to @end is on the stack. */
static void only_below(unsigned long long start, unsigned long long end)
{
	attrs_number("require-start", start, "%#llx");
	attrs_number("require-end", end, "%#llx");
}

static void everywhere(void)
{
	only_below(0, ~0ULL);
}

/* A file of the task that runs the operations: this one has no threads. */
static int nth_fd(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		bail("/proc/self/fail-nth", errno);
	return fd;
}

static void nth_set(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(nth_fd(), text, len, 0) != len)
		bail("fail-nth", errno);
}

static unsigned int nth_left(void)
{
	char text[16] = "";

	if (pread(nth_fd(), text, sizeof(text) - 1, 0) <= 0)
		bail("fail-nth", errno);
	return atoi(text);
}

/* What an operation may say when memory is short. */
static bool expected(int ret)
{
	static const int fine[] = { 0, -ENOMEM, -EBUSY, -EAGAIN, -EFAULT };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fine); i++)
		if (ret == fine[i])
			return true;
	return false;
}

struct tally {
	unsigned int ok;
	unsigned int failed;
	int odd;
};

static void tally_add(struct tally *tally, int ret)
{
	if (!ret)
		tally->ok++;
	else
		tally->failed++;
	if (!expected(ret))
		tally->odd = ret;
}

/* With the @n-th allocation failing. Return: whether it came that far. */
static bool try_nth(const struct fault_op *op, struct fault_env *env,
		    unsigned int n, struct tally *tally)
{
	unsigned int left;
	int ret;

	if (op->prepare)
		op->prepare(op, env);
	nth_set(n);
	ret = op->run(op, env);
	left = nth_left();
	nth_set(0);
	env->undo(env);
	tally_add(tally, ret);
	/* Without a failure there is no reason for an error. */
	if (left && ret)
		tally->odd = ret;
	return !left;
}

static void say(const char *name, const struct tally *tally, const char *left)
{
	char text[128];

	snprintf(text, sizeof(text), "%s: an errno or success, and no trace",
		 name);
	if (!ktap_ok(!tally->odd && !left, text))
		ktap_diag("%s; left: %s", err_name(tally->odd),
			  left ? left : "nothing");
}

static void each_once(const struct fault_op *op, struct fault_env *env)
{
	struct tally tally = { 0 };
	unsigned int n = 1;

	while (try_nth(op, env, n, &tally) && n < MANY)
		n++;
	ktap_diag("%s: %u allocations, %u of them not missed", op->name, n - 1,
		  tally.ok - 1);
	/* The last run had no failure; one without any tells nothing. */
	if (n == 1)
		tally.odd = -ENODATA;
	say(op->name, &tally, env->left(env));
}

/* Every operation, @rounds times, with @percent of what we allocate failing. */
static void by_chance(const struct fault_op *ops, struct fault_env *env,
		      unsigned int percent, unsigned int rounds)
{
	struct tally tally = { 0 };
	const struct fault_op *op;
	long long before = injected();
	char name[32];
	unsigned int i;
	int ret;

	for (i = 0; i < rounds; i++) {
		for (op = ops; op->name; op++) {
			if (op->prepare)
				op->prepare(op, env);
			attrs_number("probability", percent, "%llu");
			ret = op->run(op, env);
			attrs_set("probability", "0");
			env->undo(env);
			tally_add(&tally, ret);
		}
	}
	ktap_diag("%u %%: %lld allocations failed, %u of %u operations", percent,
		  injected() - before, tally.failed, tally.ok + tally.failed);
	if (injected() == before)
		tally.odd = -ENODATA;
	snprintf(name, sizeof(name), "%u %% of all", percent);
	say(name, &tally, env->left(env));
}

void scenario_faults(const struct region *region, const char *arg)
{
	struct fault_env env = {
		.region = region,
		.undo = fault_undo,
		.left = fault_left,
	};
	unsigned long long start, end;
	const struct fault_op *op;

	(void)arg;
	fault_env_init(&env);
	fault_init();
	everywhere();
	for (op = fault_ops; op->name; op++)
		each_once(op, &env);
	/* The rest of the system shall not suffer, our threads shall. */
	module_text(&start, &end);
	only_below(start, end);
	by_chance(fault_ops, &env, 1, 20);
	by_chance(fault_ops, &env, 10, 10);
	everywhere();
	fault_env_exit(&env);
}

/* Begins without modules. What fails is what their init functions ask for. */
void scenario_faultload(const struct region *region, const char *arg)
{
	struct fault_env env = {
		.region = region,
		.undo = fault_unload,
		.left = fault_loaded,
	};
	unsigned long long start, end;
	const struct fault_op *op;

	(void)arg;
	fault_init();
	function_text("do_one_initcall", &start, &end);
	only_below(start, end);
	for (op = fault_loads; op->name; op++)
		each_once(op, &env);
	by_chance(fault_loads, &env, 1, 10);
	by_chance(fault_loads, &env, 10, 10);
	everywhere();
}
