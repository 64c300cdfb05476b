#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The tracepoints, as plain ftrace shows them: what a request did, in numbers
# that agree with "last", and nothing while they are off.
# device: 64
# vm: --cma 128 --mem 896
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

find_tracing
# A buffer of its own: the other one may be in use.
tracing=$tracing/instances/cma_bulk_test
mkdir $tracing
pinner=/sys/kernel/debug/cma_bulk_pinner

# field EVENT NAME: that field of all events of that name, a line each.
field() {
	sed -n "s/.* $1: .*\b$2=\(-\{0,1\}[0-9]*\).*/\1/p" /tmp/trace
}
total() { field "$1" "$2" | awk '{ n += $1 } END { print n + 0 }'; }
count() { grep -c " $1: " /tmp/trace; }
traced() {
	echo >$tracing/trace
	alloc "$@" 2>/dev/null
	cat $tracing/trace >/tmp/trace
}

plan 17
load_module
use "$area"
check "the pinner loads" modprobe cma_bulk_pinner
echo "region=$area mode=legacy blocks=5 pages=1 seed=1" >$pinner/pin

traced "order=4 count=100"
same "off by default" "$(grep -c 'request_\|range_\|block_skipped\|round_wait' /tmp/trace)" 0
echo all >"$region/free"
same "six events" "$(find $tracing/events/cma_bulk/* -type d | wc -l)" 6
echo 1 >$tracing/events/cma_bulk/enable

traced "order=4 count=100 timeout_ms=60000"
same "request_start" "$(field request_start base_pfn) $(field request_start order) \
$(field request_start count) $(field request_start timeout_ms)" "$base 4 100 60000"
same "range_taken: each call" "$(count range_taken)" "$(last contig_calls)"
same "range_taken: all pages" "$(total range_taken nr_pages)" 1600
same "range_taken: those in use" "$(total range_taken in_use)" "$(last pages_migrated)"
same "request_done" "$(field request_done requested) $(field request_done allocated) \
$(field request_done ret) $(field request_done elapsed_us)" "100 100 0 $(last elapsed_us)"
same "one of each" "$(count request_start) $(count request_done)" "1 1"
echo all >"$region/free"

traced "order=${block_order:?} count=$((pages / block)) retries=2 retry_delay_ms=10"
same "round_wait: each" "$(count round_wait)" 2
same "round_wait: what is missing" "$(field round_wait missing | head -n 1)" \
	"$(($(last requested) - $(last allocated)))"
same "round_wait: how long" "$(field round_wait delay_ms | sort -u)" 10
same "block_skipped: each" "$(count block_skipped)" "$(last blocks_skipped)"
same "block_skipped: the pinned ones" "$(sed 1d $pinner/pfns | awk -v base="$base" -v block="$block" \
	'{ print int(($2 - base) / block) }' | sort | while read -r b; do
	field block_skipped block | grep -cx "$b"; done | sort -u)" 1
echo all >"$region/free"

traced "order=4 count=$((pages / 16)) engine=linear"
same "range_busy: each" "$(count range_busy)" "$(last contig_busy)"
same "range_busy: why" "$(field range_busy ret | sort -u)" -16
echo all >"$region/free"
echo all >$pinner/unpin
check "unloads while they are on" rmmod cma_bulk_pinner cma_bulk
rmdir $tracing
finish
