// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes windows wide. One is between the moment when alloc_contig_range() has
 * looked for the free page that its range begins in, and the one when it takes
 * it: whoever frees the pages before the range meanwhile makes the call fail. The
 * other is a free at work.
 *
 * The processor in a window takes no interrupts: the others must not need it.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/module.h>

#include "apitest.h"

static unsigned int slow_ms;
module_param(slow_ms, uint, 0400);
MODULE_PARM_DESC(slow_ms, "how long a call takes more, if its range begins within a pageblock");

static unsigned int slow_free_ms;
module_param(slow_free_ms, uint, 0400);
MODULE_PARM_DESC(slow_free_ms, "how long the free of a block of the region takes more");

static bool open;
module_param(open, bool, 0400);
MODULE_PARM_DESC(open, "one of them is at work just now");

static void wait_a_bit(unsigned int ms)
{
	WRITE_ONCE(open, true);
	mdelay(ms);
	WRITE_ONCE(open, false);
}

static unsigned long first_argument(struct pt_regs *regs)
{
#ifdef CONFIG_HAVE_FUNCTION_ARG_ACCESS_API
	return regs_get_kernel_argument(regs, 0);
#else
	return regs->ARM_r0;
#endif
}

static int slow_call(struct kprobe *kp, struct pt_regs *regs)
{
	unsigned long start = first_argument(regs);

	if (!IS_ALIGNED(start, pageblock_nr_pages))
		wait_a_bit(slow_ms);
	return 0;
}

static int slow_free(struct kprobe *kp, struct pt_regs *regs)
{
	struct page *page = (struct page *)first_argument(regs);

	if (in_region(page_to_pfn(page), 1))
		wait_a_bit(slow_free_ms);
	return 0;
}

static struct kprobe calls = {
	.symbol_name = "test_pages_isolated",
	.pre_handler = slow_call,
};

static struct kprobe frees = {
	.symbol_name = "__free_pages",
	.pre_handler = slow_free,
};

int slow_init(void)
{
	int ret = slow_ms ? register_kprobe(&calls) : 0;

	if (ret || !slow_free_ms)
		return ret;
	ret = register_kprobe(&frees);
	if (ret && slow_ms)
		unregister_kprobe(&calls);
	return ret;
}

void slow_exit(void)
{
	if (slow_free_ms)
		unregister_kprobe(&frees);
	if (slow_ms)
		unregister_kprobe(&calls);
}
