// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes a window wide: between the moment when alloc_contig_range() has looked
 * for the free page that its range begins in, and the one when it takes it.
 * Whoever frees the pages before the range meanwhile makes the call fail.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mmzone.h>
#include <linux/module.h>

#include "apitest.h"

static unsigned int slow_ms;
module_param(slow_ms, uint, 0400);
MODULE_PARM_DESC(slow_ms, "how wide, for ranges that begin within a pageblock");

static bool open;
module_param(open, bool, 0400);
MODULE_PARM_DESC(open, "it is just now");

static int wait_a_bit(struct kprobe *kp, struct pt_regs *regs)
{
	unsigned long start = regs_get_kernel_argument(regs, 0);

	if (!IS_ALIGNED(start, pageblock_nr_pages)) {
		WRITE_ONCE(open, true);
		mdelay(slow_ms);
		WRITE_ONCE(open, false);
	}
	return 0;
}

static struct kprobe window = {
	.symbol_name = "test_pages_isolated",
	.pre_handler = wait_a_bit,
};

int slow_init(void)
{
	return slow_ms ? register_kprobe(&window) : 0;
}

void slow_exit(void)
{
	if (slow_ms)
		unregister_kprobe(&window);
}
