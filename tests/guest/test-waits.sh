#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Whatever a request waits for, a deadline and SIGKILL end it, fast=1 does not
# begin it, and nothing is lost: an outside caller, the claims of another
# request, a free at work in the same unit. Giving back waits for none of them.
#
# Instructions are the clock here, so that times are the guest's own.
# vm: --cma 128 --icount --append init_on_alloc=0 --timeout 600
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

apitest=/sys/kernel/debug/cma_bulk_apitest
engines='bulk linear single cma_alloc cma_alloc_block'

# Longer than anything that does not wait takes here, in ms; and what a thread
# that works for a request may take more to look at the signals of its task.
at_once=50
helper=150

hold() { echo "$1" >$apitest/hold; }
holds() { cat $apitest/hold; }
now() { awk '{ print int($1 * 1000) }' /proc/uptime; }

# waits PID: until it sleeps in its request, seen three times in a row.
waits() {
	seen=0 tries=0
	while [ $seen -lt 3 ] && [ $tries -lt 200 ]; do
		tries=$((tries + 1))
		seen=$((seen + 1))
		read -r _ _ state _ <"/proc/$1/stat" || return
		[ "$state" = D ] || seen=0
		usleep 10000
	done
	[ $seen = 3 ] || echo "$1 does not wait, state $state"
}

# ended ERRNO LEAST MOST: what is wrong with the last request; ms.
ended() {
	us=$(last elapsed_us)
	[ "$(errno_of "$(last ret)")" = "$1" ] && [ "$us" -ge $(($2 * 1000)) ] &&
		[ "$us" -le $(($3 * 1000)) ] && [ "$(last allocated)" = 0 ] ||
		echo "$(errno_of "$(last ret)"), $(last allocated) chunks, $us us"
}

# fast WORD…, timely WORD…, killed WORD…: a request while there is something to
# wait for; prints what is wrong.
fast() {
	alloc "$* fast=1" 2>/dev/null
	ended EBUSY 0 $at_once
}

timely() {
	alloc "$* timeout_ms=100" 2>/dev/null
	ended ETIMEDOUT 100 $((100 + helper))
}

killed() {
	alloc "$* retries=-1" 2>/dev/null &
	victim=$!
	waits $victim
	start=$(now)
	kill -KILL $victim
	wait $victim
	took=$(($(now) - start))
	[ $took -le $((at_once + helper)) ] || echo "killed, and gone after $took ms"
	ended EINTR 0 60000
}

# each KIND WORD…: for each engine; prints what is wrong.
each() {
	kind=$1
	shift
	for engine in $engines; do
		wrong=$($kind "$* engine=$engine")
		[ -z "$wrong" ] || echo "$engine: $wrong"
	done
}

plan 32
load_module
use reserved
before=$(cma_free)
all=$(possible 4)
grep -q 'cma_alloc() not found' $debugfs/capabilities && engines='bulk linear single'
diag "engines: $engines"
check "a driver that works outside loads" modprobe cma_bulk_apitest

# An outside caller.
alloc order=4 count=64
batch=$(last batch)
hold 30000
same "it holds" "$(holds)" 1
same "order=0 count=1 fast=1: EBUSY at once" "$(each fast order=0 count=1)" ""
same "all of it, fast=1: EBUSY at once" "$(fast "order=4 count=$((all - 64))")" ""
same "timeout_ms=100 ends in time" "$(each timely order=0 count=1)" ""
same "so it does for large requests with helper threads" \
	"$(timely "order=4 count=$((all / 2)) workers=4")" ""
same "all or nothing, too" "$(timely "order=4 count=$((all / 2)) partial=0")" ""
same "SIGKILL ends it at once" "$(each killed order=0 count=1)" ""
same "with helper threads, too" "$(killed "order=4 count=$((all / 2)) workers=4")" ""
start=$(now)
echo "$batch" >"$region/free"
took=$(($(now) - start))
same "free returns at once" "$? $((took <= at_once ? 0 : took))" "0 0"
same "and the pages are free" "$(awk '!/^#/ { n += $7 } END { print n }' "$region/blocks")" 0
start=$(now)
cat "$region/blocks" "$region/batches" "$region/stats" "$region/blockers" >/dev/null
took=$(($(now) - start))
compare "files can be read" "$took" -le $((20 * at_once))
same "it has held all the time" "$(holds)" 1
alloc order=4 count=64 &
writer=$!
same "a request waits" "$(waits $writer)" ""
hold 0
wait $writer
same "and gets all when the outside caller ends" "$? $(last allocated)" "0 64"
echo all >"$region/free"

# Claims of another request, which waits for the outside caller.
hold 60000
alloc "order=4 count=$all workers=1 retries=-1" 2>/dev/null &
claimer=$!
same "a request that has claimed everything waits" "$(waits $claimer)" ""
same "beside it fast=1 says EBUSY at once" "$(each fast order=0 count=1)" ""
same "timeout_ms=100 ends in time" "$(each timely order=0 count=1)" ""
timely order=0 count=1 >/dev/null
same "it was the claims that were waited for" \
	"$(($(last wait_us) >= 90000)) $(last contig_calls)" "1 0"
same "SIGKILL ends it at once" "$(each killed order=0 count=1)" ""
alloc order=0 count=1 &
writer=$!
same "another one waits" "$(waits $writer)" ""
start=$(now)
kill -KILL $claimer
wait $claimer
took=$(($(now) - start))
compare "SIGKILL ends that which has claimed" "$took" -le $((at_once + helper))
same "the outside caller has held all the time" "$(holds)" 1
hold 0
wait $writer
same "the other one gets its page" "$? $(last allocated)" "0 1"
echo all >"$region/free"
same "nothing is lost" "$(cma_free)" "$before"

# A free at work. Eight chunks are left, in one unit; one of them is taken and
# given back slowly, by a processor that is lost to all others meanwhile. This
# shell and the requests are on the other one.
alloc order=4 count=$((all - 8))
alloc order=4 count=1
single=$(last batch)
rmmod cma_bulk_apitest
check "frees are made slow" modprobe cma_bulk_apitest slow_free_ms=2000
taskset -p 1 $$ >/dev/null
rm -f /tmp/go
sh -c "until [ -e /tmp/go ]; do :; done; echo order=4 count=7 retries=-1 >$region/alloc" 2>/dev/null &
victim=$!
taskset 2 sh -c "echo $single >$region/free" &
freer=$!
window_open
fast_said=$(fast order=4 count=7)
timely_said=$(timely order=4 count=7)
: >/tmp/go
killed_said=$(waits $victim)
start=$(now)
kill -KILL $victim
wait $victim
took=$(($(now) - start))
[ $took -le $((at_once + helper)) ] || killed_said="$killed_said gone after $took ms"
killed_said="$killed_said$(ended EINTR 0 60000)"
read -r still </sys/module/cma_bulk_apitest/parameters/open
same "beside a free at work in the unit fast=1 says EBUSY at once" "$fast_said" ""
same "timeout_ms=100 ends in time" "$timely_said" ""
same "SIGKILL ends it at once" "$killed_said" ""
same "the free was at work all the time" "$open $still" "Y Y"
wait $freer
rmmod cma_bulk_apitest
echo all >"$region/free"
same "nothing is lost" "$(cma_free)" "$before"
check "unloads" unload
finish
