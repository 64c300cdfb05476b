// SPDX-License-Identifier: GPL-2.0-only
/* All that the modules can be asked for, as operations that can fail. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fault.h"
#include "heap.h"

#define PINNER_FILES	"/sys/kernel/debug/" PINNER
#define INSIDE		64
/* The last pages that were made, so about half of them lie in the region. */
#define MAPPED		32
#define BUFFER		0x100000

/* All of it, without regard for what it says. */
static int read_file(const char *path)
{
	char text[4096];
	ssize_t got;
	int ret, fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	do {
		got = read(fd, text, sizeof(text));
		ret = got < 0 ? -errno : 0;
	} while (got > 0);
	close(fd);
	return ret;
}

static int read_bulk(const struct fault_op *op, struct fault_env *env)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", env->region->dir, op->text);
	return read_file(path);
}

static int read_pinner(const struct fault_op *op, struct fault_env *env)
{
	char path[512];

	(void)env;
	snprintf(path, sizeof(path), PINNER_FILES "/%s", op->text);
	return read_file(path);
}

static int alloc(const struct fault_op *op, struct fault_env *env)
{
	return region_alloc(env->region, op->text);
}

static int write_to(const struct fault_env *env, const char *file,
		    const char *text)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", env->region->dir, file);
	return file_write(path, text);
}

static int free_text(const struct fault_op *op, struct fault_env *env)
{
	return write_to(env, "free", op->text);
}

static int free_number(const struct fault_op *op, struct fault_env *env)
{
	char text[32];

	(void)op;
	snprintf(text, sizeof(text), "%lld", env->batch);
	return write_to(env, "free", text);
}

static int reset(const struct fault_op *op, struct fault_env *env)
{
	return write_to(env, "reset_stats", op->text);
}

static int knob(const struct fault_op *op, struct fault_env *env)
{
	return write_to(env, "knobs/order", op->text);
}

static int make_pin(const struct fault_op *op, struct fault_env *env)
{
	char text[256];

	snprintf(text, sizeof(text), "region=%s %s",
		 strrchr(env->region->dir, '/') + 1, op->text);
	return file_write(PINNER_FILES "/pin", text);
}

static int remove_pins(const struct fault_op *op, struct fault_env *env)
{
	(void)env;
	return file_write(PINNER_FILES "/unpin", op->text);
}

static __u64 map_addr(const struct fault_env *env)
{
	return (uintptr_t)env->live.addr +
	       (env->live.pages - MAPPED) * page_size();
}

static int map(const struct fault_op *op, struct fault_env *env)
{
	struct cma_bulk_pinner_map arg;

	pinner_arg(&arg, &env->live, op->mode);
	arg.vaddr = map_addr(env);
	arg.iova = arg.vaddr;
	arg.size = MAPPED * page_size();
	return pinner_map(env->fd, &arg);
}

static int open_device(const struct fault_op *op, struct fault_env *env)
{
	int fd = open(CMA_BULK_PINNER_DEVICE, O_RDWR | O_CLOEXEC);

	(void)op;
	(void)env;
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/*
 * Not mapped: where remap_pfn_range() finds no memory for a page table, x86 warns
 * in get_pat_info(), whoever maps.
 */
static int buffer(const struct fault_op *op, struct fault_env *env)
{
	int fd = heap_alloc(env->heap, BUFFER, HEAP_RDWR);

	(void)op;
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int load(const struct fault_op *op, struct fault_env *env)
{
	(void)env;
	return module_load(op->text, NULL);
}

static void must(const char *what, int ret)
{
	if (ret)
		bail(what, ret);
}

static void some_batches(const struct fault_op *op, struct fault_env *env)
{
	(void)op;
	must("a batch", region_alloc(env->region, "order=4 count=16"));
	must("another", region_alloc(env->region, "order=0 count=50"));
	env->batch = region_last(env->region, "batch");
}

static void some_pins(const struct fault_op *op, struct fault_env *env)
{
	static const struct fault_op legacy = { .text = "blocks=2 pages=3" };

	(void)op;
	must("a pin", make_pin(&legacy, env));
}

static void both(const struct fault_op *op, struct fault_env *env)
{
	some_batches(op, env);
	some_pins(op, env);
}

/*
 * What is not needed may be left out. UNMAP and QUERY are not in the table:
 * they allocate nothing.
 */
#define OP(what, how, ...) { .name = what, .run = how, ##__VA_ARGS__ }

const struct fault_op fault_ops[] = {
	OP("bulk", alloc, .text = "order=4 count=64 workers=1"),
	OP("bulk, order 0, spread", alloc, .text = "order=0 align=5 count=40"),
	OP("bulk, two workers", alloc, .text = "order=4 count=400 workers=2"),
	OP("bulk, nearly all", alloc,
	   .text = "order=4 count=500 retries=5 workers=1"),
	OP("bulk around pins", alloc, .prepare = some_pins,
	   .text = "order=4 count=300 retries=1"),
	OP("bulk, all or nothing", alloc,
	   .text = "order=2 count=100 partial=0"),
	OP("fast", alloc, .text = "order=4 count=64 fast=1"),
	OP("linear", alloc, .text = "order=4 count=64 engine=linear"),
	OP("single", alloc, .text = "order=4 count=16 engine=single"),
	OP("cma_alloc", alloc, .text = "order=4 count=8 engine=cma_alloc"),
	OP("cma_alloc_block", alloc,
	   .text = "order=4 count=64 engine=cma_alloc_block"),
	OP("free all", free_text, .prepare = some_batches, .text = "all"),
	OP("free a number", free_number, .prepare = some_batches),
	OP("reset_stats", reset, .text = "1"),
	OP("a knob", knob, .text = "4"),
	OP("pin legacy", make_pin, .text = "blocks=2 pages=3"),
	OP("pin legacy, dma", make_pin, .text = "dma=1 blocks=1 pages=9"),
	OP("pin longterm", make_pin, .text = "mode=longterm blocks=1 pages=3"),
	OP("pin transient", make_pin,
	   .text = "mode=transient blocks=2 pages=3 hold_ms=1"),
	OP("unpin", remove_pins, .prepare = some_pins, .text = "all"),
	OP("open the device", open_device),
	OP("map legacy", map, .mode = CMA_BULK_PINNER_LEGACY),
	OP("map longterm", map, .mode = CMA_BULK_PINNER_LONGTERM),
	OP("map transient", map, .mode = CMA_BULK_PINNER_TRANSIENT),
	OP("map mirror", map, .mode = CMA_BULK_PINNER_MIRROR),
	OP("a buffer of the heap", buffer),
	OP("version", read_bulk, .text = "../version"),
	OP("capabilities", read_bulk, .text = "../capabilities"),
	OP("regions", read_bulk, .text = "../regions"),
	OP("batches", read_bulk, .prepare = some_batches, .text = "batches"),
	OP("chunks", read_bulk, .prepare = some_batches, .text = "chunks"),
	OP("last", read_bulk, .text = "last"),
	OP("stats", read_bulk, .text = "stats"),
	OP("blocks", read_bulk, .prepare = both, .text = "blocks"),
	OP("blockers", read_bulk, .prepare = both, .text = "blockers"),
	OP("knobs/order", read_bulk, .text = "knobs/order"),
	OP("pins", read_pinner, .prepare = some_pins, .text = "pins"),
	OP("pfns", read_pinner, .prepare = some_pins, .text = "pfns"),
	OP("stats of the pinner", read_pinner, .text = "stats"),
	OP("knobs/migrate_max", read_pinner, .text = "knobs/migrate_max"),
	{ .name = NULL }
};

const struct fault_op fault_loads[] = {
	OP("load " BULK, load, .text = BULK),
	OP("load " PINNER, load, .text = PINNER),
	{ .name = NULL }
};

void fault_env_init(struct fault_env *env)
{
	live_init(&env->live, env->region, INSIDE);
	live_unsoak(&env->live);
	env->fd = pinner_open();
	env->heap = heap_open(env->region);
}

void fault_env_exit(struct fault_env *env)
{
	close(env->heap);
	close(env->fd);
	live_free(&env->live);
}

void fault_undo(struct fault_env *env)
{
	int ret;

	region_free_all(env->region);
	must("unpin", file_write(PINNER_FILES "/unpin", "all"));
	ret = pinner_unmap(env->fd, map_addr(env), MAPPED * page_size());
	if (ret != -ENOENT)
		must("unmap", ret);
}

/* More than the header line. */
static bool has_lines(const char *path)
{
	char text[512], *line;

	must(path, file_read(path, text, sizeof(text)) < 0 ? -EIO : 0);
	line = strchr(text, '\n');
	return line && line[1];
}

const char *fault_left(struct fault_env *env)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/batches", env->region->dir);
	if (has_lines(path))
		return "a batch";
	if (has_lines(PINNER_FILES "/pins"))
		return "a pin";
	if (pinner_stat("maps") != pinner_stat("unmaps"))
		return "a mapping";
	return NULL;
}

void fault_unload(struct fault_env *env)
{
	static const char * const names[] = { BULK, PINNER };
	size_t i;
	int ret;

	(void)env;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		ret = module_unload(names[i]);
		if (ret != -ENOENT)
			must(names[i], ret);
	}
}

const char *fault_loaded(struct fault_env *env)
{
	(void)env;
	return module_refs(BULK) >= 0 || module_refs(PINNER) >= 0 ?
	       "a module" : NULL;
}
