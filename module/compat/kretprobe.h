/* SPDX-License-Identifier: GPL-2.0-only */
/* Return probes: which one it is, where it returns to, and the arguments. */
#ifndef CMA_BULK_COMPAT_KRETPROBE_H
#define CMA_BULK_COMPAT_KRETPROBE_H

#include <linux/kprobes.h>
#include <linux/ptrace.h>

#include <cma_bulk_probed.h>

/* Where nothing tells the arguments of a function, none can be read. */
#if defined(CONFIG_KRETPROBES) && \
	(defined(CONFIG_HAVE_FUNCTION_ARG_ACCESS_API) || defined(CONFIG_ARM))
#define CB_HAVE_KRETPROBES	1
#endif

static inline struct kretprobe *
cb_kretprobe_of(struct kretprobe_instance *instance)
{
#ifdef CMA_BULK_HAVE_KRETPROBE_RP
	return instance->rp;
#else
	return get_kretprobe(instance);
#endif
}

static inline unsigned long
cb_kretprobe_return_address(struct kretprobe_instance *instance)
{
#ifdef CMA_BULK_HAVE_KRETPROBE_RETADDR
	return get_kretprobe_retaddr(instance);
#else
	return (unsigned long)instance->ret_addr;
#endif
}

/* One grace period for all of them, where the function is to be had. */
static inline void cb_unregister_kretprobes(struct kretprobe **probes, int nr)
{
#ifdef CMA_BULK_GKI
	while (nr--)
		unregister_kretprobe(probes[nr]);
#else
	unregister_kretprobes(probes, nr);
#endif
}

/* Argument @n of a function, counted from 0, where it begins. */
static inline unsigned long cb_function_arg(struct pt_regs *regs,
					    unsigned int n)
{
#ifdef CONFIG_HAVE_FUNCTION_ARG_ACCESS_API
	return regs_get_kernel_argument(regs, n);
#elif defined(CONFIG_ARM)
	return n < 4 ? regs->uregs[n] :
		       ((unsigned long *)regs->ARM_sp)[n - 4];
#else
	return 0;
#endif
}

#endif
