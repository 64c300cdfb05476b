// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that a buffer is shared with: that of cma_bulk_apitest (file "import"),
 * and the kernel's vgem, which is loaded if it is there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "heap.h"

#define IMPORT	"/sys/kernel/debug/cma_bulk_apitest/import"
#define CHUNKS	24

/* Of drm.h, which is not with the kernel's headers everywhere. */
struct drm_prime {
	__u32 handle;
	__u32 flags;
	__s32 fd;
};

struct drm_close {
	__u32 handle;
	__u32 pad;
};

struct drm_names {
	int major, minor, patch;
	size_t name_len;
	char *name;
	size_t date_len;
	char *date;
	size_t desc_len;
	char *desc;
};

#define DRM_VERSION		_IOWR('d', 0x00, struct drm_names)
#define DRM_CLOSE		_IOW('d', 0x09, struct drm_close)
#define DRM_HANDLE_TO_FD	_IOWR('d', 0x2d, struct drm_prime)
#define DRM_FD_TO_HANDLE	_IOWR('d', 0x2e, struct drm_prime)

static int import(int fd, size_t segment)
{
	char text[64];

	snprintf(text, sizeof(text), segment ? "%d %zu" : "%d", fd, segment);
	return file_write(IMPORT, text);
}

static __u32 sum_of(const unsigned char *at, size_t len)
{
	__u32 sum = 0, word;

	for (; len; len -= sizeof(word), at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		sum = sum * 31 + word;
	}
	return sum;
}

static void fill(unsigned char *at, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		at[i] = i * 7 + (i >> 12) + (i >> 16);
}

static void look_at_segments(int fd, size_t chunk, const unsigned char *at)
{
	size_t len = CHUNKS * chunk;
	__u32 sum = sum_of(at, len);

	ktap_errno("a device that says nothing of segments", import(fd, 0), 0);
	ktap_same("it reaches all of it", file_key(IMPORT, "bytes"), len);
	ktap_ok(file_key(IMPORT, "smallest") >= (long long)chunk,
		"no segment is smaller than a chunk");
	ktap_same("it reads what was written", file_key(IMPORT, "sum"), sum);
	ktap_same("and so does the kernel", file_key(IMPORT, "vmap_sum"), sum);
	ktap_errno("segments of two chunks", import(fd, 2 * chunk), 0);
	ktap_ok(file_key(IMPORT, "largest") <= 2 * (long long)chunk &&
		file_key(IMPORT, "smallest") >= (long long)chunk,
		"are one or two chunks");
	ktap_same("it reads the same", file_key(IMPORT, "sum"), sum);
	ktap_errno("segments of any length", import(fd, 0xffffffffU), 0);
	ktap_diag("%lld segments, %lld to %lld bytes",
		  file_key(IMPORT, "segments"), file_key(IMPORT, "smallest"),
		  file_key(IMPORT, "largest"));
	ktap_ok(file_key(IMPORT, "segments") < CHUNKS / 2,
		"neighbours are one segment");
	ktap_same("in the same order", file_key(IMPORT, "sum"), sum);
	ktap_errno("segments of half a chunk: EINVAL", import(fd, chunk / 2),
		   -EINVAL);
}

/* Return: a descriptor of vgem, or -1. */
static int vgem_open(void)
{
	char path[64], name[32];
	struct drm_names v;
	unsigned int i;
	int fd;

	module_load("vgem", NULL);
	for (i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "/dev/dri/card%u", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		memset(&v, 0, sizeof(v));
		memset(name, 0, sizeof(name));
		v.name = name;
		v.name_len = sizeof(name) - 1;
		if (fd >= 0 && !ioctl(fd, DRM_VERSION, &v) &&
		    !strcmp(name, "vgem"))
			return fd;
		close(fd);
	}
	return -1;
}

/* The buffer lives in the importer when nobody else has it any more. */
static void give_to_vgem(int vgem_fd, int fd, const struct region *region,
			 __u32 sum, size_t len)
{
	struct drm_prime prime = { .fd = fd };
	struct drm_close gone = { 0 };
	unsigned char *at = NULL;
	long long held = heap_held(region);
	int ret = ioctl(vgem_fd, DRM_FD_TO_HANDLE, &prime) ? -errno : 0;

	ktap_errno("vgem imports it", ret, 0);
	close(fd);
	ktap_same("pages that are held while only vgem has it",
		  heap_held(region), held);
	prime.flags = O_RDWR | O_CLOEXEC;
	prime.fd = -1;
	if (!ioctl(vgem_fd, DRM_HANDLE_TO_FD, &prime))
		at = heap_map(prime.fd, len);
	ktap_ok(at && sum_of(at, len) == sum, "what vgem gives out is the same");
	if (at)
		munmap(at, len);
	close(prime.fd);
	gone.handle = prime.handle;
	ioctl(vgem_fd, DRM_CLOSE, &gone);
	close(vgem_fd);
}

void scenario_heapimport(const struct region *region, const char *arg)
{
	int heap = heap_open(region), fd, vgem_fd;
	size_t chunk = heap_chunk(heap), len = CHUNKS * chunk;
	long long before = heap_held(region);
	unsigned char *at;
	__u32 sum;

	(void)arg;
	fd = heap_alloc(heap, len, HEAP_RDWR);
	at = fd < 0 ? NULL : heap_map(fd, len);
	if (!at)
		bail("a buffer", fd < 0 ? fd : errno);
	fill(at, len);
	look_at_segments(fd, chunk, at);
	sum = sum_of(at, len);
	munmap(at, len);
	vgem_fd = vgem_open();
	if (vgem_fd >= 0) {
		give_to_vgem(vgem_fd, fd, region, sum, len);
	} else {
		ktap_skip("vgem imports it", "no vgem");
		ktap_skip("pages that are held while only vgem has it",
			  "no vgem");
		ktap_skip("what vgem gives out is the same", "no vgem");
		close(fd);
	}
	ktap_ok(heap_held_becomes(region, before), "nothing is held in the end");
	close(heap);
}
