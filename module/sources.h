/* SPDX-License-Identifier: GPL-2.0-only */
/* Where regions come from: device tree, the kernel's CMA areas, a parameter. */
#ifndef CMA_BULK_SOURCES_H
#define CMA_BULK_SOURCES_H

int cb_sources_init(void);
const char *cb_source_state(unsigned int source, const char **name);

#endif
