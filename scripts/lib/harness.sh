#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Programs for guests, built out of tests/harness and tools. Sourced by scripts/run-tests
# and by all that start such guests themselves.

# build_harness ARCH: prints the folder that becomes a part of the guest's /. make dies
# with this process.
build_harness() {
	local out=$build/harness/$1$of_tree
	lock "harness-${out##*/}"
	setpriv --pdeathsig TERM make -s -C "$src/tests/harness" ARCH="$1" OUT="$out" >&2 || return
	unlock "harness-${out##*/}"
	echo "$out"
}

# build_tool ARCH: prints the command cma-bulk, a file that needs no library. Status 3:
# the sources of a library are not to be had.
build_tool() {
	local out=$build/tool/$1$of_tree
	setpriv --pdeathsig TERM "$top/scripts/kit" tool-libs "$1" >/dev/null || return
	lock "tool-build-${out##*/}"
	setpriv --pdeathsig TERM make -s -C "$src/tools" STATIC=1 ARCH="$1" OUT="$out" >/dev/null || return
	unlock "tool-build-${out##*/}"
	echo "$out/cma-bulk"
}

# build_gki KERNEL: prints the module for trimmed kernels, built for this one.
build_gki() {
	CMA_BULK_GKI=1 setpriv --pdeathsig TERM "$top/scripts/kit" build "$1" CMA_BULK_TESTS= |
		grep '/cma_bulk[.]ko$'
}
