#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Whoever takes a part of a free block by alloc_contig_range() has the kernel take all of
# it, and free the rest page by page. That is slow, and a page that somebody looks at
# right then is worth a warning to the kernel. So neither requests nor pins do it, but for
# a page of this shell here and there, which the kernel frees in the call itself.
# device: 64
# vm: --cma 128 --mem 896
# shellcheck disable=SC2317 # by freed_singly
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

find_tracing
probes=$tracing/kprobe_events
tracing=$tracing/instances/cma_bulk_test
mkdir $tracing

# freed_singly COMMAND...: how often the kernel does it meanwhile.
freed_singly() {
	echo >$tracing/trace
	"$@" >/dev/null 2>&1
	grep -c ' cma_bulk_single_[01]: ' $tracing/trace
}

request() {
	alloc "$@"
	echo all >"$region/free"
}

requests() {
	for _ in $(seq 24); do alloc "$@"; done
	echo all >"$region/free"
}

load_both
use "$area"
# Each of these begins or ends within a block 24 times.
few() { compare "$1" "$2" -lt 12; }

# Which of them does it depends on the kernel.
nr=0
for function in free_contig_range free_contig_frozen_range; do
	echo "p:cma_bulk_test/cma_bulk_single_$nr $function" >>"$probes" || continue
	echo 1 >$tracing/events/cma_bulk_test/cma_bulk_single_$nr/enable
	nr=$((nr + 1))
done 2>/dev/null
seen=$(freed_singly request "order=0 count=1 engine=cma_alloc")
if [ "$seen" -gt 0 ]; then
	plan 10
	few "requests for a page" "$(freed_singly requests "order=0 count=1")"
	few "requests for pages" "$(freed_singly requests "order=0 count=201")"
	few "requests for chunks" "$(freed_singly requests "order=4 count=11")"
	for mode in legacy longterm transient; do
		few "pins: $mode" "$(freed_singly pin \
			"mode=$mode blocks=8 pages=3 hold_ms=10 seed=1")"
		few "requests beside them: $mode" "$(freed_singly requests \
			"order=4 count=11")"
		unpin all
	done
else
	plan 2
	skip "what the kernel frees page by page" "this kernel does not tell"
fi

while [ $nr -gt 0 ]; do
	nr=$((nr - 1))
	echo 0 >$tracing/events/cma_bulk_test/cma_bulk_single_$nr/enable
	echo "-:cma_bulk_test/cma_bulk_single_$nr" >>"$probes"
done
rmdir $tracing
check "unloads" unload_both
finish
