// SPDX-License-Identifier: GPL-2.0-only
/*
 * json PATH...: reads one JSON text from standard input, strictly, and prints the
 * value at each path, a line each. A path is keys and indexes with dots between;
 * "#" at its end is the length of an array. Fails if the text is not JSON.
 */
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct json_object *parse(void)
{
	struct json_tokener *tok = json_tokener_new();
	struct json_object *o = NULL;
	static char text[8 << 20];
	size_t len = fread(text, 1, sizeof(text), stdin);

	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	while (len && text[len - 1] == '\n')
		len--;
	o = json_tokener_parse_ex(tok, text, len);
	if (json_tokener_get_error(tok) != json_tokener_success ||
	    json_tokener_get_parse_end(tok) != len) {
		fprintf(stderr, "not JSON: %s\n",
			json_tokener_error_desc(json_tokener_get_error(tok)));
		exit(1);
	}
	json_tokener_free(tok);
	return o;
}

static void print(struct json_object *o, char *path)
{
	char *key;

	while ((key = strsep(&path, "."))) {
		if (json_object_is_type(o, json_type_array) && !strcmp(key, "#")) {
			printf("%zu\n", json_object_array_length(o));
			return;
		}
		if (json_object_is_type(o, json_type_array)) {
			o = json_object_array_get_idx(o, strtoul(key, NULL, 10));
		} else if (!json_object_object_get_ex(o, key, &o)) {
			puts("(missing)");
			return;
		}
	}
	if (json_object_is_type(o, json_type_string))
		puts(json_object_get_string(o));
	else
		puts(json_object_to_json_string(o));
}

int main(int argc, char **argv)
{
	struct json_object *o = parse();
	int i;

	for (i = 1; i < argc; i++)
		print(o, argv[i]);
	json_object_put(o);
	return 0;
}
