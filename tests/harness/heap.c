// SPDX-License-Identifier: GPL-2.0-only
/* Buffers of a heap: what they hold, who shares them, and when they end. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "heap.h"

static size_t differing(const unsigned char *at, unsigned char value, size_t len)
{
	size_t n = 0;

	while (len--)
		n += *at++ != value;
	return n;
}

/* ---- content ------------------------------------------------------------ */

/* Three quarters of the region twice, so that at least half of it is met again. */
static void zeroed(int heap, const struct region *region)
{
	size_t len = region->pages * page_size() / 4 * 3, wrong = 0;
	unsigned char *at;
	unsigned int i;
	int fd;

	for (i = 0; i < 2; i++) {
		fd = heap_alloc(heap, len, HEAP_RDWR);
		at = fd < 0 ? NULL : heap_map(fd, len);
		if (!at)
			bail("three quarters of the region", fd < 0 ? fd : errno);
		wrong += differing(at, 0, len);
		memset(at, 0xa5, len);
		munmap(at, len);
		close(fd);
	}
	ktap_same("bytes that are not 0 in a new buffer", wrong, 0);
}

static void sizes(int heap, size_t chunk)
{
	int fd = heap_alloc(heap, 5 * chunk + 1, HEAP_RDWR);

	if (fd < 0)
		bail("six chunks", fd);
	ktap_same("a part of a chunk is a whole one", lseek(fd, 0, SEEK_END),
		  6 * chunk);
	close(fd);
}

static void shared_mappings(int fd, size_t len)
{
	unsigned char *one = heap_map(fd, len), *two = heap_map(fd, len);
	size_t page = page_size();
	unsigned char *late;

	if (!one || !two)
		bail("two mappings", errno);
	ktap_errno("the CPU begins",
		   heap_sync(fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW), 0);
	memset(one, 1, len);
	one[len - page] = 7;
	ktap_same("bytes that a second mapping lacks",
		  differing(two, 1, len - page), 0);
	late = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, len - page);
	ktap_ok(late != MAP_FAILED && late[0] == 7 &&
		!differing(late + 1, 1, page - 1), "the last page by itself");
	ktap_errno("and ends",
		   heap_sync(fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW), 0);
	munmap(late, page);
	munmap(one, len);
	munmap(two, len);
}

static int end_of(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		bail("waitpid", errno);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void after_fork(int fd, size_t len)
{
	unsigned char *at = heap_map(fd, len);
	pid_t pid;

	if (!at)
		bail("a mapping", errno);
	memset(at, 2, len);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (differing(at, 2, len))
			_exit(1);
		memset(at, 3, len);
		_exit(0);
	}
	ktap_same("a child sees what its parent wrote", end_of(pid), 0);
	ktap_same("bytes of the child that the parent lacks",
		  differing(at, 3, len), 0);
	munmap(at, len);
}

/* ---- who has it --------------------------------------------------------- */

/* The descriptor is the only one left when the child looks. */
static int receive_and_look(int sock, size_t len)
{
	unsigned char *at;
	int fd;

	fd = fd_receive(sock);
	if (fd < 0)
		return 1;
	/* When the other side has closed its own. */
	if (fd_receive(sock) != -ENOMSG)
		return 2;
	at = heap_map(fd, len);
	return !at || differing(at, 4, len) ? 3 : 0;
}

static void passed_on(int heap, const struct region *region, size_t len)
{
	int fd = heap_alloc(heap, len, HEAP_RDWR), socks[2];
	unsigned char *at = fd < 0 ? NULL : heap_map(fd, len);
	long long held;
	pid_t pid;

	if (!at || socketpair(AF_UNIX, SOCK_STREAM, 0, socks))
		bail("a buffer to pass on", fd < 0 ? fd : errno);
	memset(at, 4, len);
	munmap(at, len);
	held = heap_held(region);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(fd);
		_exit(receive_and_look(socks[1], len));
	}
	ktap_errno("a descriptor is sent", fd_send(socks[0], fd), 0);
	close(fd);
	ktap_same("pages that are held when the sender has closed it",
		  heap_held(region), held);
	if (write(socks[0], "", 1) != 1)
		bail("a socket", errno);
	ktap_same("the receiver sees what is in it", end_of(pid), 0);
	close(socks[0]);
	close(socks[1]);
}

static void killed(int heap, const struct region *region, size_t len)
{
	long long before = heap_held(region);
	int ready[2], fd, status;
	unsigned char *at;
	pid_t pid;
	char c;

	fflush(stdout);
	if (pipe(ready))
		bail("pipe", errno);
	pid = fork();
	if (!pid) {
		fd = heap_alloc(heap, len, HEAP_RDWR);
		at = fd < 0 ? NULL : heap_map(fd, len);
		if (at)
			memset(at, 5, len);
		if (!at || write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		bail("a child with a buffer", EPIPE);
	close(ready[0]);
	ktap_same("pages that it holds", heap_held(region) - before,
		  len / page_size());
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	ktap_ok(heap_held_becomes(region, before), "SIGKILL gives them back");
}

/* ---- what others see ---------------------------------------------------- */

static bool file_has(const char *path, const char *word)
{
	char line[512];
	bool found = false;
	FILE *f = fopen(path, "re");

	if (!f)
		return false;
	while (fgets(line, sizeof(line), f))
		found |= !!strstr(line, word);
	fclose(f);
	return found;
}

static void shown(int fd, const struct region *region)
{
	const char *bufinfo = "/sys/kernel/debug/dma_buf/bufinfo";
	char path[64], node[512], *name;

	heap_path(region, node, sizeof(node));
	name = strrchr(node, '/') + 1;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	ktap_ok(file_has(path, name), "fdinfo has the name of the exporter");
	if (access(bufinfo, R_OK))
		ktap_skip("and so has bufinfo", "not there");
	else
		ktap_ok(file_has(bufinfo, name), "and so has bufinfo");
}

static void unload_twice(int fd, int heap)
{
	close(heap);
	ktap_errno("no unloading while a buffer is there", module_unload(BULK),
		   -EBUSY);
	close(fd);
	ktap_errno("but after that", module_unload(BULK), 0);
	ktap_errno("and loading again", module_load(BULK, NULL), 0);
}

void scenario_heap(const struct region *region, const char *arg)
{
	int heap = heap_open(region), fd;
	size_t chunk = heap_chunk(heap), len = 40 * chunk;
	long long before = heap_held(region);

	(void)arg;
	sizes(heap, chunk);
	zeroed(heap, region);
	fd = heap_alloc(heap, len, HEAP_RDWR);
	if (fd < 0)
		bail("a buffer", fd);
	shared_mappings(fd, len);
	after_fork(fd, len);
	passed_on(heap, region, len);
	killed(heap, region, len);
	shown(fd, region);
	ktap_errno("no unloading while the node is open", module_unload(BULK),
		   -EBUSY);
	ktap_same("pages that are held", heap_held(region) - before,
		  len / page_size());
	unload_twice(fd, heap);
	ktap_same("and none in the end", heap_held(region), before);
}
