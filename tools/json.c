// SPDX-License-Identifier: GPL-2.0-only
/* json-c, with what the commands have. */
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "text.h"

#define SCHEMA	1

struct json_object *json_add(struct json_object *o, const char *key,
			     struct json_object *value)
{
	json_object_object_add(o, text_utf8(key, false), value);
	return value;
}

void json_string(struct json_object *o, const char *key, const char *value)
{
	if (value)
		json_add(o, key, json_object_new_string(text_utf8(value, false)));
}

void json_u64(struct json_object *o, const char *key, uint64_t value)
{
	json_add(o, key, json_object_new_uint64(value));
}

void json_text(struct json_object *o, const char *key, const char *value)
{
	if (value && strcmp(value, "-"))
		json_string(o, key, value);
	else
		json_add(o, key, NULL);
}

void json_word(struct json_object *o, const char *key, const char *value)
{
	int64_t number;
	uint64_t large;

	if (!value)
		json_add(o, key, NULL);
	else if (strncmp(value, "0x", 2) && text_s64(value, &number))
		json_add(o, key, json_object_new_int64(number));
	else if (strncmp(value, "0x", 2) && text_u64(value, &large))
		json_u64(o, key, large);
	else
		json_text(o, key, value);
}

static bool is_name(const char *column)
{
	return !strcmp(column, "comm") || !strcmp(column, "name");
}

struct json_object *json_answer(const char *command)
{
	struct json_object *o = json_object_new_object();

	json_u64(o, "schema", SCHEMA);
	json_string(o, "command", command);
	return o;
}

struct json_object *json_pairs(const struct pairs *p)
{
	struct json_object *o = json_object_new_object();
	size_t i;

	for (i = 0; i < p->nr; i++)
		json_word(o, p->key[i], p->value[i]);
	return o;
}

struct json_object *json_table(const struct table *t)
{
	struct json_object *array = json_object_new_array(), *o;
	size_t i, c;

	for (i = 0; i < t->rows; i++) {
		o = json_object_new_object();
		for (c = 0; c < t->columns; c++) {
			const char *cell = t->cell[i * t->columns + c];

			if (is_name(t->column[c]))
				json_text(o, t->column[c],
					  cell ? text_unescape(cell) : NULL);
			else
				json_word(o, t->column[c], cell);
		}
		json_object_array_add(array, o);
	}
	return array;
}

void json_print(struct json_object *o)
{
	puts(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
}
