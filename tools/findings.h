/* SPDX-License-Identifier: GPL-2.0-only */
/* What the doctor has found. */
#ifndef CMA_BULK_TOOL_FINDINGS_H
#define CMA_BULK_TOOL_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "mem.h"

struct finding {
	const char *id;		/* one word, which does not change */
	bool problem;		/* or only a remark */
	const char *title;
	char **why;		/* what it is seen by, and what that means */
	size_t whys;
	char **todo;
	size_t todos;
};

struct findings {
	struct finding *f;
	size_t nr;
};

/* Good until the next one. */
struct finding *finding_add(struct findings *fs, const char *id, bool problem,
			    const char *title);
void finding_why(struct finding *f, const char *fmt, ...) __printf(2, 3);
void finding_todo(struct finding *f, const char *fmt, ...) __printf(2, 3);
bool findings_problem(const struct findings *fs);

void findings_print(const struct findings *fs);
void findings_json(const struct findings *fs);

#endif
