/* SPDX-License-Identifier: GPL-2.0-only */
/* The grammar of a request. */
#ifndef CMA_BULK_CORE_PARSE_H
#define CMA_BULK_CORE_PARSE_H

enum cb_engine {
	CB_ENGINE_BULK,
	CB_ENGINE_LINEAR,
	CB_ENGINE_CMA_ALLOC,
	CB_ENGINE_CMA_ALLOC_BLOCK,
	CB_ENGINE_SINGLE,
	CB_NR_ENGINES
};

enum cb_key {
	CB_K_ORDER,
	CB_K_COUNT,
	CB_K_ALIGN,
	CB_K_FAST,
	CB_K_RETRIES,
	CB_K_RETRY_DELAY_MS,
	CB_K_TIMEOUT_MS,
	CB_K_PARTIAL,
	CB_K_SALVAGE,
	CB_K_WORKERS,
	CB_K_ENGINE,
	CB_K_FLOOR_MB,
	CB_K_POOL,
	CB_NR_KEYS
};

/**
 * struct cb_request - a request, one value a key
 * @value: by enum cb_key; every value fits its key's range, which
 *	cb_value_parse() checked, except that @value[CB_K_COUNT] is a 64-bit
 *	unsigned number in disguise
 */
struct cb_request {
	long long value[CB_NR_KEYS];
};

#define CB_INPUT_MAX	4096

int cb_value_in_range(enum cb_key key, long long value);
void cb_request_defaults(struct cb_request *req);
int cb_value_parse(enum cb_key key, const char *text, unsigned long len,
		   long long *value);
int cb_request_parse(struct cb_request *req, const char *text,
		     unsigned long len, const char **bad,
		     unsigned long *bad_len);
const char *cb_key_name(enum cb_key key);
const char *cb_engine_name(enum cb_engine engine);
int cb_numbers_next(const char **text, const char *end,
		    unsigned long long *number, const char **bad,
		    unsigned long *bad_len);

#endif
