/* SPDX-License-Identifier: GPL-2.0-only */
/* json-c, with what the commands have. docs/cma-bulk-json.md has the schema. */
#ifndef CMA_BULK_TOOL_JSON_H
#define CMA_BULK_TOOL_JSON_H

#include <json.h>

#include "table.h"

/* A new object for the answer to @command. */
struct json_object *json_answer(const char *command);
/* NULL is left out. */
void json_string(struct json_object *o, const char *key, const char *value);
void json_u64(struct json_object *o, const char *key, uint64_t value);
/* Text, and null if there is none or it is "-". */
void json_text(struct json_object *o, const char *key, const char *value);
/* A number if it is one, and null if it is "-". */
void json_word(struct json_object *o, const char *key, const char *value);
struct json_object *json_add(struct json_object *o, const char *key,
			     struct json_object *value);
/* All of them, as json_word(). */
struct json_object *json_pairs(const struct pairs *p);
/* An array of objects, whose keys are the columns; names are always text. */
struct json_object *json_table(const struct table *t);
/* Prints it and lets it go. */
void json_print(struct json_object *o);

#endif
