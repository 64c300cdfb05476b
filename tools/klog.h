/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's log, by /dev/kmsg. */
#ifndef CMA_BULK_TOOL_KLOG_H
#define CMA_BULK_TOOL_KLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct klog {
	char **line;
	size_t nr;
};

/* Empty if it cannot be read. */
void klog_load(struct klog *log);
/* The newest line that has both words in it, or NULL. */
const char *klog_last(const struct klog *log, const char *word,
		      const char *other);

/* "cma_alloc: NAME: alloc failed, req-size: N pages, ret: ERR" */
struct alloc_failure {
	const char *line;
	const char *area;	/* NULL: an older kernel does not say */
	uint64_t pages;
	int err;
};

/* The newest failure with @err; false if there is none. */
bool klog_alloc_failure(const struct klog *log, int err,
			struct alloc_failure *f);

#endif
