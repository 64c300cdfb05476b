#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Two writers at once, then four: nobody gets what somebody else has, nor gives
# up because somebody else is just at work on what he needs.
# parallel
# vm: --cma 128 --mem 896 --timeout 300
# harness
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

plan 24
load_module
use reserved
before=$(cma_free)
harness writers

# A free beside a call, in the same pageblock: the page that is freed merges with
# the first one of the range. What is small goes where little room is, so the
# single chunk shall be the last of what is taken first, and not of its pageblock.
alloc order=4 count=100
while :; do
	alloc order=4 count=1
	single=$(last batch)
	behind=$(awk -v batch="$single" '$1 == batch { print $2 + 16 }' "$region/chunks")
	[ $((behind % block)) = 0 ] || break
done
rest=$(($(possible 4) - $(held) / 16))
alloc order=4 count=$rest
last batch >"$region/free"
check "a window of the kernel is made wide" modprobe cma_bulk_apitest slow_ms=500
# A processor in the window is lost to all others, their timers included: the call
# gets one for itself, and this shell waits for it without forks on another.
taskset -p 1 $$ >/dev/null
taskset 2 sh -c "echo order=4 count=$rest workers=1 >$region/alloc" &
taker=$!
window_open
same "a call is at work" "$open" Y
echo "$single" >"$region/free"
wait $taker
status=$?
diag "the range begins at $behind, of $(($(held) / 16)) chunks; $(last elapsed_us) us"
same "it gets all" "$status $(last allocated)" "0 $rest"
same "and is not refused" "$(last contig_busy)" 0
check "the window is as before" rmmod cma_bulk_apitest
echo all >"$region/free"
same "CmaFree as before" "$(cma_free)" "$before"
check "unloads" unload
finish
