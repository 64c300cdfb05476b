/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be said about a finished request, and about an error. */
#ifndef CMA_BULK_TOOL_REQUEST_H
#define CMA_BULK_TOOL_REQUEST_H

#include "region.h"

/* "EBUSY"; never NULL */
const char *errno_name(int err);
/* What it means as the result of a request. */
const char *errno_meaning(int err);
/* "4800 of 4800 chunks of order 4 (300 MiB) in 133.0 ms", by "last". */
const char *request_summary(const struct pairs *last, const struct region *r);

#endif
