#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What in a kernel log is a report of something gone wrong. Sourced by
# scripts/vm, and by scripts/device-kit for what runs on devices.

log_reports=(
	'-+\[ cut here \]-+'
	'\bBUG:? '
	'\bWARNING: '
	'\bkernel BUG at '
	'\bOops\b'
	'\bKernel panic\b'
	'Unable to handle kernel '
	'Internal error: '
	'general protection fault'
	'\bKASAN\b.* in '
	'\bKCSAN: '
	'\bUBSAN: '
	'\bODEBUG: '
	'Bad page (state|map|cache)'
	'bad page'
	'Bad rss-counter'
	'refcount_t: '
	'list_(add|del) corruption'
	'possible (circular|irq|recursive) lock'
	'possible recursive locking'
	'inconsistent lock state'
	'inconsistent \{.*\} -> '
	'held lock freed'
	'lock held when returning to user space'
	'bad unlock balance'
	'suspicious RCU usage'
	'sleeping function called from invalid context'
	'scheduling while atomic'
	'soft lockup'
	'hard LOCKUP'
	'detected stalls on'
	'self-detected stall'
	'INFO: task .* blocked for more than'
	'trying to register non-static key'
	'unreferenced object 0x'
	'kmemleak: [0-9]+ new suspected'
	'nobody cared'
	'Slab corruption'
	'Poison overwritten'
	'Objects? remaining in'
	'Modules linked in:'
)

# The command line and what the script's own name says are no reports, nor is the
# kernel telling which of its checks are switched on.
log_harmless=(
	'Kernel command line:'
	'cma_bulk-vm: running'
	'cma_bulk-device: '
	'KernelAddressSanitizer initialized'
	'kasan: '
)

# log_scan FILE: prints the lines that report a defect; fails if there are none.
log_scan() {
	local all harmless
	all=$(IFS='|'; echo "${log_reports[*]}")
	harmless=$(IFS='|'; echo "${log_harmless[*]}")
	grep -aE -- "$all" "$1" | grep -avE -- "$harmless"
}
