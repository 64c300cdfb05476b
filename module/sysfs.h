/* SPDX-License-Identifier: GPL-2.0-only */
/* /sys/kernel/cma_bulk/<region>/: what production needs to read and to set. */
#ifndef CMA_BULK_SYSFS_H
#define CMA_BULK_SYSFS_H

int cb_sysfs_init(void);
void cb_sysfs_exit(void);

#endif
