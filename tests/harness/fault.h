/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations whose allocations fail: fault_ops.c, run by faults.c. */
#ifndef FAULT_H
#define FAULT_H

#include "harness.h"

/* What the operations work with. */
struct fault_env {
	const struct region *region;
	struct live live;
	int fd;			/* of the pinner's device */
	int heap;		/* of the region's heap */
	long long batch;	/* the last that was made */
	void (*undo)(struct fault_env *env);
	const char *(*left)(struct fault_env *env);
};

/**
 * struct fault_op - an operation
 * @name: what it does
 * @run: the operation; 0 or a negative errno
 * @prepare: what must be there before; nothing fails here. NULL: nothing
 * @text: what is written, or the file that is read, or the module
 * @mode: of the device
 */
struct fault_op {
	const char *name;
	int (*run)(const struct fault_op *op, struct fault_env *env);
	void (*prepare)(const struct fault_op *op, struct fault_env *env);
	const char *text;
	unsigned int mode;
};

/* Tables that end with a name of NULL. */
extern const struct fault_op fault_ops[];
extern const struct fault_op fault_loads[];

void fault_env_init(struct fault_env *env);
void fault_env_exit(struct fault_env *env);

/* Takes back what operations have done, whatever came of it. */
void fault_undo(struct fault_env *env);
void fault_unload(struct fault_env *env);

/* Return: what is there nevertheless, in a word; NULL if nothing is. */
const char *fault_left(struct fault_env *env);
const char *fault_loaded(struct fault_env *env);

/* ksyms.c: where code lies; end is behind it. */
void module_text(unsigned long long *start, unsigned long long *end);
void function_text(const char *name, unsigned long long *start,
		   unsigned long long *end);

#endif
