// SPDX-License-Identifier: GPL-2.0-only
/* The line that is written to the debugfs file `pin`. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/string.h>

#include "pinner.h"

struct number {
	const char *key;
	size_t offset;
	u32 min;
	u32 max;
};

#define NUMBER(field, low, high) \
	{ #field, offsetof(struct pinner_request, field), low, high }

static const struct number numbers[] = {
	NUMBER(blocks, 1, U32_MAX),
	NUMBER(pages, 0, U32_MAX),
	NUMBER(fill, 0, U32_MAX),
	NUMBER(skip, 0, U32_MAX),
	NUMBER(hold_ms, 0, PINNER_HOLD_MS_MAX),
	NUMBER(jitter_ms, 0, PINNER_HOLD_MS_MAX),
	NUMBER(refill_ms, 0, PINNER_HOLD_MS_MAX),
};

static int parse_number(const struct number *number, const char *value,
			struct pinner_request *req)
{
	u64 parsed;

	/* Range first, then narrow. */
	if (kstrtou64(value, 0, &parsed))
		return -EINVAL;
	if (parsed < number->min || parsed > number->max)
		return -EINVAL;
	*(u32 *)((char *)req + number->offset) = parsed;
	return 0;
}

static int parse_region(const char *value, struct pinner_request *req)
{
	if (!*value)
		return -EINVAL;
	return strscpy(req->region, value, sizeof(req->region)) < 0 ?
	       -EINVAL : 0;
}

static int parse_mode(const char *value, struct pinner_request *req)
{
	req->mode = pinner_mode_by_name(value);
	return req->mode ? 0 : -EINVAL;
}

static int parse_value(const char *key, const char *value,
		       struct pinner_request *req)
{
	unsigned int i;

	if (!strcmp(key, "region"))
		return parse_region(value, req);
	if (!strcmp(key, "mode"))
		return parse_mode(value, req);
	if (!strcmp(key, "seed"))
		return kstrtou64(value, 0, &req->seed) ? -EINVAL : 0;
	if (!strcmp(key, "dma"))
		return kstrtobool(value, &req->dma);
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (!strcmp(key, numbers[i].key))
			return parse_number(&numbers[i], value, req);
	return -EINVAL;
}

static int parse_word(char *word, struct pinner_request *req)
{
	char *value = strchr(word, '=');
	int ret;

	if (!value)
		return -EINVAL;
	*value = '\0';
	ret = parse_value(word, value + 1, req);
	*value = '=';
	return ret;
}

static int check(const struct pinner_request *req)
{
	if (!req->region[0]) {
		pr_err_ratelimited("pin: which region? region=NAME is missing\n");
		return -EINVAL;
	}
	/* The other modes have nothing to do without a page. */
	if (!req->pages && (!req->fill || req->mode != &pinner_legacy)) {
		pr_err_ratelimited("pin: wrong word \"pages=0\"\n");
		return -EINVAL;
	}
	return 0;
}

/**
 * pinner_parse_pin() - parse a request for a pin
 * @text: words `key=value`; is modified
 * @req: set to what they say, and to defaults for the rest
 *
 * Context: any.
 * Return: 0 or -EINVAL, and the log says which word was wrong.
 */
int pinner_parse_pin(char *text, struct pinner_request *req)
{
	char *word;

	*req = (struct pinner_request){
		.mode = &pinner_legacy,
		.blocks = 1,
		.pages = 1,
		.hold_ms = 100,
		.refill_ms = PINNER_REFILL_MS,
		.seed = 1,
	};
	while ((word = strsep(&text, " \t\n"))) {
		if (!*word || !parse_word(word, req))
			continue;
		pr_err_ratelimited("pin: wrong word %*pE\n",
				   (int)min_t(size_t, strlen(word), 64), word);
		return -EINVAL;
	}
	return check(req);
}
