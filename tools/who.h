/* SPDX-License-Identifier: GPL-2.0-only */
/* What blocks in a region, and who holds its memory: all that can be found out. */
#ifndef CMA_BULK_TOOL_WHO_H
#define CMA_BULK_TOOL_WHO_H

#include "region.h"

/* A process, and how it uses the page, file or buffer. */
struct user {
	const char *pid;
	const char *comm;
	const char *how;
};

struct users {
	struct user *user;
	size_t nr;
};

/* A file that a blocker belongs to, by "file:MAJ:MIN:INO". */
struct file {
	uint64_t major;
	uint64_t minor;
	uint64_t inode;
	const char *path;	/* NULL: not found */
	struct users users;
};

/* A page that blocks; words that an older module does not print are NULL. */
struct page {
	uint64_t pfn;
	uint64_t block;
	uint64_t maps;
	const char *reason;
	const char *flags;
	const char *owner;
	const char *pid;
	const char *comm;
	const char *stack;
	const char *kind;	/* of the holder, if "holders" has the page */
	bool has_age;
	uint64_t age_ms;
	struct file *file;
	struct users users;
};

/* Pages that differ in nothing but their number. */
struct group {
	const struct page *page;	/* the first of them */
	uint64_t pages;
	uint64_t blocks;
	uint64_t last_block;
	uint64_t oldest_ms;
	bool has_age;
};

/* Memory that somebody took, by "holders" and "batches". */
struct holder {
	const char *kind;
	const char *pid;
	const char *comm;
	const char *stack;
	uint64_t pages;
	uint64_t oldest_ms;
	bool has_age;
};

struct dmabuf {
	uint64_t inode;
	uint64_t bytes;
	const char *exporter;
	const char *name;
	const char *devices;	/* NULL: not known */
	struct users users;
};

struct who {
	const struct region *r;
	struct page *page;	/* by pfn */
	size_t pages;
	struct file *file;
	size_t files;
	struct dmabuf *buf;
	size_t bufs;
	struct group *group;
	size_t groups;
	struct holder *holder;
	size_t holders;
	struct pairs stacks;
	bool has_holders;	/* the module has the file */
	size_t skipped;		/* mappings too large to look through */
};

void who_blockers(struct who *w, const struct region *r);
void who_holders(struct who *w, const struct region *r);
/* Nobody twice. */
void users_add(struct users *u, const char *pid, const char *comm,
	       const char *how);
/* "dd (12) has it open, cp (13) maps it"; "" if there is none */
const char *users_text(const struct users *u);
/* "anon", a path, or as much as is known. */
const char *page_owner(const struct page *p);
/* It has blocked a request that failed, and does not any more. */
bool page_gone(const struct page *p);

/* proc.c: who maps these pages, has these files open, and uses which buffers. */
void proc_find(struct who *w);

/* dmabuf.c */
struct dmabuf *dmabuf_of(struct who *w, uint64_t inode);
void dmabuf_bufinfo(struct who *w);

/* who_print.c */
void who_print(const struct who *w, bool blockers, bool holders);
void who_json(const struct who *w, bool blockers, bool holders);

#endif
