/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of cma_bulk_apitest. Each has a file in
 * /sys/kernel/debug/cma_bulk_apitest/, and undoes in its exit what a test has
 * left.
 */
#ifndef CMA_BULK_APITEST_H
#define CMA_BULK_APITEST_H

#include <linux/compiler.h>
#include <linux/types.h>

struct cma_bulk_region;
struct dentry;
struct page;

/* apitest.c */
extern struct cma_bulk_region *test_region;
int alloc_chunks(struct page **pages, size_t count, unsigned int order,
		 size_t *nr);
void *find_function(const char *name);
bool in_region(unsigned long pfn, unsigned long nr);
int read_line(char *line, size_t room, const char __user *text, size_t size);

/* slow.c: at load and unload; does nothing without its parameters */
int slow_init(void);
void slow_exit(void);

/* hold.c: file "hold" */
void hold_init(struct dentry *dir);
void hold_exit(void);

/* back.c: file "back" */
void back_init(struct dentry *dir);

/* linger.c: file "linger" */
void linger_init(struct dentry *dir);
void linger_exit(void);

/* import.c: file "import" */
#ifdef CONFIG_DMA_SHARED_BUFFER
int import_init(struct dentry *dir);
void import_exit(void);
#else
static inline int import_init(struct dentry *dir) { return 0; }
static inline void import_exit(void) { }
#endif

/* shrink.c: file "shrink" */
int shrink_init(struct dentry *dir);
void shrink_exit(void);

/* referee.c: file "referee" */
void referee_init(struct dentry *dir);

/* isolate.c: file "isolate" */
void isolate_init(struct dentry *dir);
void isolate_exit(void);

/* values.c: file "values" */
void values_init(struct dentry *dir);

/* users.c: files "dma" and "own" */
int users_init(struct dentry *dir);
void users_exit(void);

/* memset.c: file "memset" */
void memset_init(struct dentry *dir);

#endif
