/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two forms that files of cma_bulk have. A table: a line that begins with
 * "#" names the columns, and a line follows for each row. Pairs: lines
 * "key: value". Both are only ever appended to, so everything is sought by its
 * name, and what an older module lacks is NULL.
 */
#ifndef CMA_BULK_TOOL_TABLE_H
#define CMA_BULK_TOOL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table {
	char **column;
	size_t columns;
	char **cell;
	size_t rows;
};

/* Both use up @content. The last column has the rest of a line that is longer. */
void table_parse(struct table *t, char *content);
const char *table_get(const struct table *t, size_t row, const char *column);
/* false, and 0, if it is not there or no number */
bool table_u64(const struct table *t, size_t row, const char *column,
	       uint64_t *value);

struct pairs {
	char **key;
	char **value;
	size_t nr;
};

void pairs_parse(struct pairs *p, char *content);
const char *pairs_get(const struct pairs *p, const char *key);
bool pairs_u64(const struct pairs *p, const char *key, uint64_t *value);
uint64_t pairs_or_0(const struct pairs *p, const char *key);

#endif
