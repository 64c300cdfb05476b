/* SPDX-License-Identifier: GPL-2.0-only */
/* The heap of a region, /dev/dma_heap/cma_bulk-REGION: heap_node.c. */
#ifndef HEAP_H
#define HEAP_H

#include <linux/dma-heap.h>

#include "harness.h"

#define HEAP_RDWR	(O_RDWR | O_CLOEXEC)

void heap_path(const struct region *region, char *path, size_t size);
int heap_open(const struct region *region);
int heap_call(int heap, struct dma_heap_allocation_data *data);
int heap_alloc(int heap, __u64 len, unsigned int flags);
size_t heap_chunk(int heap);
unsigned char *heap_map(int fd, size_t len);
int heap_sync(int fd, __u64 flags);

/* Pages of the region that the module has handed out. */
long long heap_held(const struct region *region);
/* Return: whether that is @wanted within some seconds. */
bool heap_held_becomes(const struct region *region, long long wanted);

/* Descriptors, over a socket. Return: 0 or the descriptor, or a negative errno. */
int fd_send(int sock, int fd);
int fd_receive(int sock);

#endif
