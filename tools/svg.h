/* SPDX-License-Identifier: GPL-2.0-only */
/* Pictures for the report, as SVG inside of HTML. */
#ifndef CMA_BULK_TOOL_SVG_H
#define CMA_BULK_TOOL_SVG_H

#include <stdio.h>

#include "blocks.h"
#include "histogram.h"

void svg_map(FILE *out, const struct region *r, const struct blocks *b);
void svg_histogram(FILE *out, const struct histogram *h);

#endif
