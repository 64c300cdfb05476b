/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the parser's fuzzer: texts, and a second opinion on them. */
#ifndef CMA_BULK_FUZZ_H
#define CMA_BULK_FUZZ_H

#include "unit.h"

/* The longest text: beyond what the parser takes. */
#define FUZZ_MAX	(CB_INPUT_MAX + 8)

/**
 * struct fuzz_verdict - what ought to become of a text
 * @ok: it is well-formed
 * @req: then the request, which holds the defaults before the text is read
 * @bad_at: else the offset of the offending word
 * @bad_len: and its length
 */
struct fuzz_verdict {
	int ok;
	struct cb_request req;
	unsigned long bad_at;
	unsigned long bad_len;
};

unsigned long fuzz_request(struct rnd *r, char *text);
unsigned long fuzz_numbers(struct rnd *r, char *text);

void ref_request(struct fuzz_verdict *v, const char *text, unsigned long len);
int ref_number(const char *word, unsigned long long *number);

#endif
