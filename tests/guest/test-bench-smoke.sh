#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The promises of docs/benchmarks.md that can be checked in a minute, in
# instructions, which do not jitter: see bench-targets.awk.
# vm: --mem 3584 --cpus 1 --dt-region bench=1024 --icount --timeout 600
# kernels: arm64-6.12
# harness
. /tests/guest/lib.sh

rows=/tmp/rows
run() {
	sh /tests/guest/bench.sh "$@" >>$rows || diag "bench.sh $1 failed"
}
run free 1 4x4800 bulk:engine=bulk single:engine=single cma_alloc:engine=cma_alloc
run pins-25 1 4x4800 bulk:engine=bulk linear:engine=linear
run pins-100 1 4x4800 bulk-fast:engine=bulk,fast=1 linear:engine=linear
run pins-100 1 4xall bulk:engine=bulk
run scattered 1 4x4800 bulk:engine=bulk linear:engine=linear
run small-half 3 0x256,4x1 bulk:engine=bulk cma_alloc:engine=cma_alloc single:engine=single
run heap 1 4x4800 buffer:buffer bulk:engine=bulk memset:memset
run pool 1 4x1000 pool:full empty:empty none:none
awk -v clock=icount -f /tests/guest/bench-targets.awk $rows >/tmp/verdicts

plan 12
diag "$(cat $rows)"
while IFS='	' read -r verdict promise measured; do
	case $verdict in
	ok) ok "$promise" ;;
	*) not_ok "$promise" ;;
	esac
	diag "measured: $measured"
done </tmp/verdicts
finish
