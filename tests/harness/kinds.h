/* SPDX-License-Identifier: GPL-2.0-only */
/* Between kinds.c and kinds_io.c. */
#ifndef HARNESS_KINDS_H
#define HARNESS_KINDS_H

#include "harness.h"

/* kinds.c */
char *kinds_map(size_t size, int prot, int flags, int fd);
void kinds_mark(struct kinds *k, enum page_kind kind, char *addr, size_t size);
char *kinds_small(struct kinds *k, enum page_kind kind, size_t pages);
size_t kinds_huge_size(void);

/* kinds_io.c: each does nothing where the kernel or the test lacks what it needs. */
void kinds_zsmalloc(struct kinds *k);
void kinds_shmem_huge(struct kinds *k);
void kinds_surplus(struct kinds *k);
void kinds_odirect(struct kinds *k);

#endif
