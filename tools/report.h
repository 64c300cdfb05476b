/* SPDX-License-Identifier: GPL-2.0-only */
/* The style of the report. */
#ifndef CMA_BULK_TOOL_REPORT_H
#define CMA_BULK_TOOL_REPORT_H

extern const char report_style[];

#endif
