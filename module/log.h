/* SPDX-License-Identifier: GPL-2.0-only */
/* How messages of the module begin. */
#ifndef CMA_BULK_LOG_H
#define CMA_BULK_LOG_H

#include <linux/printk.h>

#undef pr_fmt
#define pr_fmt(fmt) "cma_bulk: " fmt

#endif
