// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes windows wide. One is between the moment when alloc_contig_range() has
 * looked for the free page that its range begins in, and the one when it takes
 * it: whoever frees the pages before the range meanwhile makes the call fail. Another
 * is a free at work; the third, between a request's last look and its wait.
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

static unsigned int slow_watch_ms;
module_param(slow_watch_ms, uint, 0400);
MODULE_PARM_DESC(slow_watch_ms, "how long after its last look a request begins to wait");

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

static int slow_watch(struct kprobe *kp, struct pt_regs *regs)
{
	wait_a_bit(slow_watch_ms);
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

static struct kprobe watches = {
	.symbol_name = "cb_watch_paid",
	.pre_handler = slow_watch,
};

static const struct {
	struct kprobe *kp;
	const unsigned int *ms;
} windows[] = {
	{ &calls, &slow_ms }, { &frees, &slow_free_ms }, { &watches, &slow_watch_ms },
};

static void close_windows(unsigned int nr)
{
	while (nr--)
		if (*windows[nr].ms)
			unregister_kprobe(windows[nr].kp);
}

int slow_init(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(windows); i++) {
		ret = *windows[i].ms ? register_kprobe(windows[i].kp) : 0;
		if (ret) {
			close_windows(i);
			return ret;
		}
	}
	return 0;
}

void slow_exit(void)
{
	close_windows(ARRAY_SIZE(windows));
}
