// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface: struct kretprobe_instance
 *
 * It refers to its kretprobe through get_kretprobe() since 5.11 (d741bf41d7c7
 * "kprobes: Remove kretprobe hash"), and where the function returns to is told by
 * get_kretprobe_retaddr() since 5.18 (73f9b911faa7 "kprobes: Use rethook for
 * kretprobe if possible").
 */
#include "probe.h"
#include <linux/kprobes.h>

#ifdef FORM_KRETPROBE_RETADDR
PROBE_TYPE(&get_kretprobe, struct kretprobe *(*)(struct kretprobe_instance *));
PROBE_TYPE(&get_kretprobe_retaddr,
	   unsigned long (*)(struct kretprobe_instance *));
#endif

#ifdef FORM_KRETPROBE_GET
PROBE_TYPE(&get_kretprobe, struct kretprobe *(*)(struct kretprobe_instance *));
PROBE_TYPE(((struct kretprobe_instance *)0)->ret_addr, kprobe_opcode_t *);
#endif

#ifdef FORM_KRETPROBE_RP
PROBE_TYPE(((struct kretprobe_instance *)0)->rp, struct kretprobe *);
PROBE_TYPE(((struct kretprobe_instance *)0)->ret_addr, kprobe_opcode_t *);
#endif
