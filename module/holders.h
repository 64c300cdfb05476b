/* SPDX-License-Identifier: GPL-2.0-only */
/* Who has pages of a region. */
#ifndef CMA_BULK_HOLDERS_H
#define CMA_BULK_HOLDERS_H

#include <linux/sched.h>
#include <linux/types.h>

struct cma_bulk_region;

/**
 * struct cb_holder - neighbouring pages, and who has them
 * @next: position of what comes after them
 * @pfn: the first
 * @pages: how many
 * @kind: "cma", "pin" or "bulk"
 * @known: all that follows is known
 * @pid: the process, in the initial namespace
 * @comm: the name of its task
 * @age_ms: since then
 * @stack: number of the stack, 0 if that is not known
 */
struct cb_holder {
	u64 next;
	unsigned long pfn;
	unsigned long pages;
	const char *kind;
	bool known;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	u64 age_ms;
	unsigned int stack;
};

bool cb_holder_from(struct cma_bulk_region *region, u64 pos,
		    struct cb_holder *h);
bool cb_holder_of(struct cma_bulk_region *region, unsigned long pfn,
		  struct cb_holder *h);

#endif
