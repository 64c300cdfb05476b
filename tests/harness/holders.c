// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has taken references to pages of the region: what the module says, against
 * what is known here.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "kinds.h"

#define INSIDE	2048
#define PIPE	64		/* pages */

/* What the file "holders" says of references, page by page. */
struct told {
	unsigned int lines;
	unsigned int pages;		/* told at least once */
	unsigned char *count;
	int *pid;			/* of the last line */
	unsigned int *stack;
	char comm[64];			/* of the last line of all */
};

static void set_track(const struct region *region, const char *words)
{
	char path[512];
	int ret;

	snprintf(path, sizeof(path), "%s/track", region->dir);
	ret = file_write(path, words);
	if (ret)
		bail(words, ret);
}

static void told_free(struct told *t)
{
	free(t->count);
	free(t->pid);
	free(t->stack);
}

static void told_add(struct told *t, const struct region *region, __u64 pfn,
		     __u64 pages, int pid, unsigned int stack)
{
	for (pfn -= region->base; pages--; pfn++) {
		if (pfn >= region->pages)
			bail("a page that is not in the region", ERANGE);
		t->pages += !t->count[pfn];
		t->count[pfn]++;
		t->pid[pfn] = pid;
		t->stack[pfn] = stack;
	}
}

static void told_read(struct told *t, const struct region *region)
{
	FILE *f = region_open(region, "holders");
	char line[512], kind[16], pid[16], stack[16];
	__u64 pfn, pages;

	*t = (struct told){
		.count = calloc(region->pages, 1),
		.pid = calloc(region->pages, sizeof(int)),
		.stack = calloc(region->pages, sizeof(int)),
	};
	if (!t->count || !t->pid || !t->stack)
		bail("memory", ENOMEM);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%llu %llu %15s %15s %63s %*s %15s", &pfn,
			   &pages, kind, pid, t->comm, stack) != 6 ||
		    strcmp(kind, "pin"))
			continue;
		t->lines++;
		told_add(t, region, pfn, pages, atoi(pid), atoi(stack));
	}
	fclose(f);
}

/* Has a stack a function whose name has @part in it? */
static bool stack_has(const struct region *region, unsigned int stack,
		      const char *part)
{
	FILE *f = region_open(region, "stacks");
	char line[4096];
	bool has = false;

	while (fgets(line, sizeof(line), f))
		if (strtoul(line, NULL, 10) == stack)
			has = strstr(line, part);
	fclose(f);
	return has;
}

static size_t nothing(const struct region *region)
{
	struct told t;

	told_read(&t, region);
	told_free(&t);
	return t.pages;
}

/*
 * Of the pages of @live in the region, how many are not told, or as another
 * process's, or with a stack that lacks @part? *@wrong: pages that are told, and
 * are none of these.
 */
static size_t untold(const struct live *live, int pid, const char *part,
		     size_t *wrong)
{
	const struct region *region = live->region;
	unsigned int good = 0;
	struct told t;
	size_t i, n = 0, right = 0;
	__u64 pfn;

	told_read(&t, region);
	for (i = 0; i < live->pages; i++) {
		pfn = live_pfn(live, i);
		if (!region_has(region, pfn))
			continue;
		pfn -= region->base;
		right += !!t.count[pfn];
		if (!t.count[pfn] || t.pid[pfn] != pid) {
			n++;
			continue;
		}
		/* Stacks are few; the good one is looked up once. */
		if (t.stack[pfn] != good &&
		    stack_has(region, t.stack[pfn], part))
			good = t.stack[pfn];
		n += t.stack[pfn] != good || !good;
	}
	*wrong = t.pages - right;
	told_free(&t);
	return n;
}

/* Lines of "blockers" for references, and how many of them name the process. */
static void blockers(const struct region *region, int pid, size_t *lines,
		     size_t *named)
{
	FILE *f = region_open(region, "blockers");
	char line[512], reason[32], who[16];

	*lines = *named = 0;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*u %*u %31s %*s %*s %*s %*s %15s", reason,
			   who) != 2)
			continue;
		if (strcmp(reason, "pinned") && strcmp(reason, "dma_pinned"))
			continue;
		++*lines;
		*named += atoi(who) == pid;
	}
	fclose(f);
}

/* A vfio of old: the pages are pinned where they are. */
static void pinned(const struct region *region, struct live *live, int fd,
		   unsigned int flags, const char *function)
{
	struct cma_bulk_pinner_map arg;
	size_t wrong, lines, named;
	int ret;

	pinner_arg(&arg, live, CMA_BULK_PINNER_LEGACY);
	arg.flags = flags;
	ret = pinner_map(fd, &arg);
	if (ret)
		bail("the pinner", ret);
	ktap_diag("%s: %zu pages in the region", function, live_inside(live));
	ktap_same("each page is told, with process and function",
		  untold(live, getpid(), function, &wrong), 0);
	ktap_same("and no other", wrong, 0);
	ktap_same("the caller is in the stack, too",
		  untold(live, getpid(), "[cma_bulk_pinner]", &wrong), 0);
	blockers(region, getpid(), &lines, &named);
	ktap_ok(lines >= live_inside(live), "all of them block");
	ktap_same("and each is named there", named, live_inside(live));
	ret = pinner_unmap(fd, arg.iova, arg.size);
	if (ret)
		bail("the pinner", ret);
	ktap_same("nothing is left of them", nothing(region), 0);
}

/* What was taken before is not known, and nothing is made up. */
static void pinned_before(const struct region *region, struct live *live, int fd)
{
	struct cma_bulk_pinner_map arg;
	size_t lines, named;
	int ret;

	set_track(region, "cma");
	pinner_arg(&arg, live, CMA_BULK_PINNER_LEGACY);
	ret = pinner_map(fd, &arg);
	if (ret)
		bail("the pinner", ret);
	ktap_same("without \"pins\" nothing is told", nothing(region), 0);
	set_track(region, "cma pins");
	ktap_same("nor of what was taken before", nothing(region), 0);
	blockers(region, getpid(), &lines, &named);
	ktap_ok(lines >= live_inside(live), "but it blocks");
	ktap_same("without a name", named, 0);
	ret = pinner_unmap(fd, arg.iova, arg.size);
	if (ret)
		bail("the pinner", ret);
}

static void pipe_refs(struct live *live, size_t first, int fds[2])
{
	struct iovec iov = {
		live->addr + first * page_size(), PIPE * page_size()
	};

	if (pipe2(fds, O_CLOEXEC) ||
	    fcntl(fds[1], F_SETPIPE_SZ, PIPE * page_size()) < 0 ||
	    vmsplice(fds[1], &iov, 1, SPLICE_F_NONBLOCK) !=
	    (ssize_t)iov.iov_len)
		bail("vmsplice", errno);
}

/* References of a pipe, by a task whose name is no word. */
static void spliced(const struct region *region, struct live *live)
{
	struct live part = *live;
	size_t wrong;
	int fds[2];

	prctl(PR_SET_NAME, "a b\\c");
	part.pages = PIPE;
	pipe_refs(live, 0, fds);
	ktap_same("vmsplice: each page is told",
		  untold(&part, getpid(), "splice", &wrong), 0);
	ktap_same("vmsplice: and no other", wrong, 0);
	if (live_inside(&part)) {
		struct told t;

		told_read(&t, region);
		ktap_ok(!strcmp(t.comm, "a\\040b\\134c"), "its name is one word");
		told_free(&t);
	} else {
		ktap_skip("its name is one word", "no page in the region");
	}
	prctl(PR_SET_NAME, "harness");
	close(fds[0]);
	close(fds[1]);
	ktap_same("vmsplice: nothing is left", nothing(region), 0);
}

/* A child that has the same pages as its father. */
static void of_child(const struct region *region, struct live *live)
{
	struct live part = *live;
	int ready[2], fds[2], status;
	size_t wrong;
	char byte;
	pid_t pid;

	part.pages = PIPE;
	if (pipe2(ready, O_CLOEXEC))
		bail("pipe", errno);
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		bail("fork", errno);
	if (!pid) {
		pipe_refs(live, 0, fds);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		wait_for_signal();
	}
	if (read(ready[0], &byte, 1) != 1)
		bail("the child", errno);
	ktap_same("of a child it is told as the child's",
		  untold(&part, pid, "splice", &wrong), 0);
	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		bail("waitpid", errno);
	close(ready[0]);
	close(ready[1]);
	ktap_same("nothing is left of it when it was killed", nothing(region), 0);
}

/* Of a disk that reads next to nothing. */
static void in_flight(const struct region *region)
{
	struct kinds kinds = { .region = region };
	size_t i, untold_pages = 0, made = 0;
	struct told t;

	kinds.kind = calloc(region->pages, 1);
	if (!kinds.kind)
		bail("memory", ENOMEM);
	for (i = 0; i < 8 && made < 16; i++) {
		kinds_odirect(&kinds);
		for (made = 0, untold_pages = 0; untold_pages < region->pages;
		     untold_pages++)
			made += kinds.kind[untold_pages] == KIND_ODIRECT;
	}
	if (!made) {
		ktap_skip("O_DIRECT: each page is told", "no slow disk");
		return;
	}
	told_read(&t, region);
	for (i = 0, untold_pages = 0; i < region->pages; i++)
		if (kinds.kind[i] == KIND_ODIRECT)
			untold_pages += t.pid[i] != getpid() ||
				!stack_has(region, t.stack[i], "io_submit");
	ktap_diag("O_DIRECT: %zu pages in the region", made);
	ktap_same("O_DIRECT: each page is told", untold_pages, 0);
	told_free(&t);
	free(kinds.kind);
}

void scenario_holders(const struct region *region, const char *arg)
{
	int fd = pinner_open();
	struct live live;

	(void)arg;
	live_init(&live, region, INSIDE);
	pinned_before(region, &live, fd);
	pinned(region, &live, fd, CMA_BULK_PINNER_MAP_DMA, "pin_user_pages_fast");
	pinned(region, &live, fd, 0, "get_user_pages_fast");
	spliced(region, &live);
	of_child(region, &live);
	in_flight(region);
	set_track(region, "off");
	ktap_same("off: nothing is told", nothing(region), 0);
	set_track(region, "cma");
	close(fd);
	live_free(&live);
}

/* Takes and drops references until it is killed. */
void gup_load(void)
{
	size_t size = PIPE * page_size(), i;
	char *addr = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC), fds[2];
	struct live live = { .addr = (void *)addr };
	char byte;

	if (addr == MAP_FAILED || mem < 0)
		bail("memory", errno);
	for (;;) {
		for (i = 0; i < size; i += page_size())
			addr[i] = 1;
		pipe_refs(&live, 0, fds);
		if (pread(mem, &byte, 1, (uintptr_t)addr) != 1)
			bail("/proc/self/mem", errno);
		close(fds[0]);
		close(fds[1]);
		madvise(addr, size, MADV_DONTNEED);
	}
}
