// SPDX-License-Identifier: GPL-2.0-only
/* The two forms that files of cma_bulk have. */
#include <string.h>

#include "mem.h"
#include "table.h"
#include "text.h"

static char *next_line(char **rest)
{
	char *line;

	do {
		line = strsep(rest, "\n");
	} while (line && !*line);
	return line;
}

static char *next_word(char **rest)
{
	char *word;

	do {
		word = strsep(rest, " \t\r");
	} while (word && !*word);
	return word;
}

static void parse_header(struct table *t, char *line)
{
	char *word;

	t->columns = 0;
	while ((word = next_word(&line))) {
		t->column = mem_grow(t->column, t->columns + 1,
				     sizeof(*t->column));
		t->column[t->columns++] = word;
	}
}

static void parse_row(struct table *t, char *line, size_t *room)
{
	char **cell;
	size_t i;

	if (t->rows == *room) {
		*room = *room * 2 + 64;
		t->cell = mem_grow(t->cell, *room * t->columns,
				   sizeof(*t->cell));
	}
	cell = t->cell + t->rows++ * t->columns;
	for (i = 0; i + 1 < t->columns; i++)
		cell[i] = next_word(&line);
	while (line && *line == ' ')
		line++;
	cell[i] = line && *line ? line : NULL;
}

void table_parse(struct table *t, char *content)
{
	size_t room = 0;
	char *line;

	memset(t, 0, sizeof(*t));
	while ((line = next_line(&content))) {
		/* A second header would not fit the rows before it. */
		if (*line == '#' && !t->columns)
			parse_header(t, line + 1);
		else if (*line != '#' && t->columns)
			parse_row(t, line, &room);
	}
}

const char *table_get(const struct table *t, size_t row, const char *column)
{
	size_t i;

	for (i = 0; i < t->columns; i++)
		if (!strcmp(t->column[i], column))
			return t->cell[row * t->columns + i];
	return NULL;
}

bool table_u64(const struct table *t, size_t row, const char *column,
	       uint64_t *value)
{
	*value = 0;
	return text_u64(table_get(t, row, column), value);
}

void pairs_parse(struct pairs *p, char *content)
{
	size_t room = 0;
	char *line, *colon;

	memset(p, 0, sizeof(*p));
	while ((line = next_line(&content))) {
		colon = strstr(line, ":");
		if (!colon)
			continue;
		if (p->nr == room) {
			room = room * 2 + 64;
			p->key = mem_grow(p->key, room, sizeof(*p->key));
			p->value = mem_grow(p->value, room, sizeof(*p->value));
		}
		*colon++ = '\0';
		while (*colon == ' ' || *colon == '\t')
			colon++;
		p->key[p->nr] = line;
		p->value[p->nr++] = colon;
	}
}

const char *pairs_get(const struct pairs *p, const char *key)
{
	size_t i;

	for (i = 0; i < p->nr; i++)
		if (!strcmp(p->key[i], key))
			return p->value[i];
	return NULL;
}

bool pairs_u64(const struct pairs *p, const char *key, uint64_t *value)
{
	*value = 0;
	return text_u64(pairs_get(p, key), value);
}

uint64_t pairs_or_0(const struct pairs *p, const char *key)
{
	uint64_t value;

	pairs_u64(p, key, &value);
	return value;
}
