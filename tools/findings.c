// SPDX-License-Identifier: GPL-2.0-only
/* What the doctor has found. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "findings.h"
#include "json.h"
#include "term.h"
#include "text.h"

struct finding *finding_add(struct findings *fs, const char *id, bool problem,
			    const char *title)
{
	fs->f = mem_grow(fs->f, fs->nr + 1, sizeof(*fs->f));
	fs->f[fs->nr] = (struct finding){
		.id = id, .problem = problem, .title = title,
	};
	return &fs->f[fs->nr++];
}

static void append(char ***list, size_t *nr, const char *fmt, va_list args)
{
	char *s;

	if (vasprintf(&s, fmt, args) < 0)
		return;
	*list = mem_grow(*list, *nr + 1, sizeof(**list));
	(*list)[(*nr)++] = text_utf8(s, true);
	free(s);
}

void finding_why(struct finding *f, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	append(&f->why, &f->whys, fmt, args);
	va_end(args);
}

void finding_todo(struct finding *f, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	append(&f->todo, &f->todos, fmt, args);
	va_end(args);
}

bool findings_problem(const struct findings *fs)
{
	size_t i;

	for (i = 0; i < fs->nr; i++)
		if (fs->f[i].problem)
			return true;
	return false;
}

static void print_one(const struct finding *f)
{
	size_t i;

	fputs(paint(f->problem ? PAINT_RED : PAINT_YELLOW), stdout);
	printf("%s%s ", f->problem ? "PROBLEM" : "note", paint(PAINT_PLAIN));
	printf("%s%s%s\n", paint(PAINT_DIM), f->id, paint(PAINT_PLAIN));
	print_wrapped(2, "%s", f->title);
	for (i = 0; i < f->whys; i++)
		print_wrapped(4, "%s", f->why[i]);
	for (i = 0; i < f->todos; i++)
		print_wrapped(2, "%s %s", term.ascii ? "->" : "\xe2\x86\x92",
			      f->todo[i]);
}

void findings_print(const struct findings *fs)
{
	size_t i;

	if (!fs->nr)
		print_wrapped(0, "Nothing is wrong that the doctor knows of.");
	for (i = 0; i < fs->nr; i++) {
		if (i)
			putchar('\n');
		print_one(&fs->f[i]);
	}
}

static struct json_object *json_list(char **list, size_t nr)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < nr; i++)
		json_object_array_add(array, json_object_new_string(list[i]));
	return array;
}

void findings_json(const struct findings *fs)
{
	struct json_object *answer = json_answer("doctor"), *array, *o;
	size_t i;

	json_add(answer, "healthy",
		 json_object_new_boolean(!findings_problem(fs)));
	array = json_add(answer, "findings", json_object_new_array());
	for (i = 0; i < fs->nr; i++) {
		o = json_object_new_object();
		json_string(o, "id", fs->f[i].id);
		json_add(o, "problem", json_object_new_boolean(fs->f[i].problem));
		json_string(o, "title", fs->f[i].title);
		json_add(o, "why", json_list(fs->f[i].why, fs->f[i].whys));
		json_add(o, "todo", json_list(fs->f[i].todo, fs->f[i].todos));
		json_object_array_add(array, o);
	}
	json_print(answer);
}
