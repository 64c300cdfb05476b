#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The pool: how it is filled, what requests get of it, that it gives way to them and
# to whatever else needs memory, and that nothing is lost.
#
# vm: --cma 128 --mem 896 --timeout 400
# parallel
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

pool=/sys/kernel/cma_bulk/reserved

chunks() { echo $(($(cat $pool/pool_bytes) / 1024 / page_kb >> $(cat $pool/pool_order))); }
now() { awk '{ print int($1) }' /proc/uptime; }

# wait_for CHUNKS [SECONDS]: until so many are in the pool; prints how many there are.
wait_for() {
	wait_end=$(($(now) + ${2-60}))
	while [ "$(chunks)" != "$1" ] && [ "$(now)" -lt $wait_end ]; do usleep 50000; done
	chunks
}

# fill CHUNKS: have so many in it.
fill() {
	echo "$1" >$pool/pool_chunks
	wait_for "$1"
}

of_blocks() { awk '!/^#/ { n += $7 } END { print n + 0 }' "$region/blocks"; }
free_all() { echo all >"$region/free"; }
request() { errno "$region/alloc" "$*"; }

plan 73
load_module
use reserved
before=$(cma_free)
top=$(largest_order)
most=$((pages >> 4))
some=$((most / 8))

# What it begins with, and what is refused.
same "there is none at first" \
	"$(cat $pool/pool_chunks) $(cat $pool/pool_bytes) $(cat "$region/knobs/pool")" "0 0 1"
echo 4 >$pool/pool_order
settings() { echo "$(cat $pool/pool_chunks) $(cat $pool/pool_order)"; }
got=
for text in -1 x "1 1" 0x10 1.0 "7\0" 9223372036854775808 18446744073709551617 " "; do
	got="$got $(errno $pool/pool_chunks "$text") $(errno $pool/pool_order "$text")"
done
same "nonsense is refused" "$(echo "$got" | tr ' ' '\n' | sort | uniq -c | awk '{ print $1, $2 }') $(settings)" \
	"$(printf '1 \n18 EINVAL') 0 4"
same "more than the region can hold" \
	"$(errno $pool/pool_chunks $((most + 1))) $(errno $pool/pool_chunks 4294967297) $(errno $pool/pool_chunks 9223372036854775807) $(settings)" \
	"E2BIG E2BIG E2BIG 0 4"
same "an order that it cannot hold" "$(errno $pool/pool_order $((top + 1))) $(settings)" "EINVAL 0 4"

# Filled, without a trace in what is said of requests.
echo 1 >"$region/reset_stats"
was=$(cat "$region/last" "$region/stats")
same "it is filled" "$(fill $some)" "$some"
same "that is no request" "$(cat "$region/last" "$region/stats")" "$was"
same "what is pooled is not held by anyone" \
	"$(cat $pool/held_bytes) $(held) $(of_blocks)" "0 0 $((some * 16))"
same "holders names the pool" \
	"$(awk '$3 == "pool" { n += $2 } END { print n + 0 }' "$region/holders")" $((some * 16))
same "an order that too many chunks would have" \
	"$(errno $pool/pool_order "$top") $(settings)" "E2BIG $some 4"
same "and it still has them" "$(chunks)" "$some"

# Hits.
n=$((some / 2))
same "a request" "$(request order=4 count=$n)" OK
same "comes from the pool" \
	"$(last allocated) $(last pool_chunks) $(last contig_calls) $(last pages_scanned) $(last rounds)" "$n $n 0 0 0"
same "hits and misses" "$(sum pool_hits) $(sum pool_misses)" "$n 0"
same "its chunks are held: aligned, inside, apart, complete" "$(chunks_wrong) $(held)" " $((n * 16))"
same "the pool is filled up again" "$(wait_for $some)" "$some"
same "and that takes other pages" "$(of_blocks)" $(((some + n) * 16))
same "more than there is in it" "$(request order=4 count=$((some + 10)))" OK
same "the rest comes from elsewhere" \
	"$(last allocated) $(last pool_chunks) $(($(last contig_calls) > 0))" "$((some + 10)) $some 1"
same "hits and misses again" "$(sum pool_hits) $(sum pool_misses)" "$((n + some)) 10"
same "nothing was handed out twice" "$(chunks_wrong)" ""
free_all
wait_for $some >/dev/null
same "one with partial=0" "$(request order=4 count=$((some + 10)) partial=0) $(last pool_chunks)" "OK $some"
free_all
wait_for $some >/dev/null
same "a fast one" "$(request order=4 count=$some fast=1) $(last pool_chunks)" "OK $some"
free_all
wait_for $some >/dev/null
same "chunks that are aligned to more" "$(request order=4 align=6 count=$((some / 4))) $(chunks_wrong 6)" "OK "
compare "come from the pool, too" "$(last pool_chunks)" -gt 0
free_all
wait_for $some >/dev/null

# Whatever asks.
if [ -c /dev/dma_heap/cma_bulk-reserved ]; then
	/heap-client /dev/dma_heap/cma_bulk-reserved $((5 * 16 * page_kb * 1024)) >/tmp/client
	same "a buffer of the heap: from the pool, and cleared" \
		"$(last pool_chunks) $(last contig_calls) $(cat /tmp/client)" "5 0 $((5 * 16 * page_kb * 1024)) bytes, the first is 0"
else
	skip "a buffer of the heap: from the pool, and cleared" "there is no heap"
fi
echo 2 >$pool/pool_order
wait_for $some >/dev/null
check "a driver loads" modprobe cma_bulk_apitest
wait_for $some >/dev/null
echo 20 >/sys/kernel/debug/cma_bulk_apitest/shrink
same "its chunks: from the pool" "$(last allocated) $(last pool_chunks) $(last contig_calls)" "20 20 0"
rmmod cma_bulk_apitest
echo 4 >$pool/pool_order
wait_for $some >/dev/null

# Misses.
hits=$(sum pool_hits)
same "pool=0" "$(request order=4 count=$n pool=0) $(last pool_chunks) $(($(last contig_calls) > 0))" "OK 0 1"
same "another order" "$(request order=2 count=$n) $(last pool_chunks)" "OK 0"
same "another engine" "$(request order=4 count=$n engine=linear) $(last pool_chunks)" "OK 0"
echo 0 >"$region/knobs/pool"
same "the knob" "$(request order=4 count=$n) $(last pool_chunks)" "OK 0"
echo 1 >"$region/knobs/pool"
same "they leave the pool alone" "$(sum pool_hits) $(chunks)" "$hits $some"
free_all

# It gives way: nearly all of the region is in the pool.
possible=$((most - $(kernel_pages) / 16 - 64))
for words in "order=4 pool=0 partial=0" "order=4 pool=0" "order=4 pool=0 fast=1" \
	"order=4 engine=linear" "order=2 partial=0" "order=0"; do
	compare "the pool has nearly all" "$(fill $((possible)))" -ge $(((possible * 90 + 99) / 100))
	order=${words#order=} order=${order%% *}
	same "it gives way to $words" "$(request "$words count=$((possible * 7 / 8 << (4 - order)))")" OK
	free_all
done
echo 0 >$pool/pool_chunks

# All or nothing.
fill $some >/dev/null
request order=4 pool=0 count=$((most / 2)) >/dev/null
was=$(chunks)
same "partial=0 of what cannot be: before anything is taken" \
	"$(request order=4 partial=0 count=$((most / 2 + 64))) $(last allocated) $(last pool_chunks) $(chunks)" "ENOMEM 0 0 $was"
free_all
check "the pinner loads" modprobe cma_bulk_pinner
fill $some >/dev/null
pin mode=legacy blocks=2 pages=1 seed=3
same "partial=0 that fails at last" \
	"$(request order=4 partial=0 count="$(fits 4)") $(last allocated) $(last pool_chunks) $(held)" "EBUSY 0 0 0"
same "the pool comes back" "$(wait_for $some)" "$some"
alloc "order=4 partial=0 count=$(fits 4) retries=-1 retry_delay_ms=10" 2>/dev/null &
writer=$!
usleep 700000
kill -KILL $writer
wait $writer
same "one that is killed" "$(errno_of "$(last ret)") $(last allocated) $(last pool_chunks) $(held)" "EINTR 0 0 0"
same "the pool comes back again" "$(wait_for $some)" "$some"
unpin all

# What lies beside the pins is free, and no use to a request for larger chunks.
echo 0 >$pool/pool_chunks
pin mode=legacy blocks=$((pages / block / 2)) pages=1 seed=3
alloc "order=$block_order count=$(fits "$block_order") pool=0 retries=-1" 2>/dev/null &
writer=$!
tries=0
while [ "$(of_blocks)" -lt $((pages / 4)) ] && [ $tries -lt 600 ]; do
	tries=$((tries + 1))
	usleep 50000
done
echo $some >$pool/pool_chunks
# Whatever was put in would be given up for the request again soon.
seen=0
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	usleep 50000
	seen=$((seen + $(chunks)))
done
same "nothing is put in while a request is at work" "$seen $(kill -0 $writer && echo waits)" "0 waits"
kill -KILL $writer
wait $writer
same "but then" "$(wait_for $some)" "$some"
free_all
unpin all
rmmod cma_bulk_pinner

# Several at once, with all that changes a pool meanwhile.
storm() {
	i=0
	while [ $i -lt "$(often 24)" ]; do
		echo "order=$1 count=$2 $3" >"$region/alloc" 2>/dev/null
		i=$((i + 1))
	done
}
storm 4 $((some / 3)) "" &
one=$!
storm 4 $((some / 2)) "partial=0 align=5" &
two=$!
storm 2 $some "" &
three=$!
while kill -0 $one 2>/dev/null || kill -0 $two 2>/dev/null || kill -0 $three 2>/dev/null; do
	for set in $((some / 2)) "$some" 0 "$some"; do
		echo $set >$pool/pool_chunks
		usleep 30000
		# Back again at once: a request that began with the one meets the other.
		echo 2 >$pool/pool_order
		usleep 10000
		echo 4 >$pool/pool_order
	done
	echo 2 >/proc/sys/vm/drop_caches
	[ $(($(now) % 2)) = 0 ] || free_all
done
wait
same "requests at the same time: each chunk once" "$(chunks_wrong)" ""
free_all
same "and the pool is as it shall be" "$(wait_for $some)" "$some"

# When memory is short.
same "a larger pool" "$(fill $((most * 3 / 4)))" $((most * 3 / 4))
echo 2 >/proc/sys/vm/drop_caches
left=$(chunks)
compare "the kernel asks for it, and gets some" "$left" -lt $((most * 3 / 8))
usleep 2500000
same "and no refill follows at once" "$(chunks)" "$left"
same "but later" "$(wait_for $((most * 3 / 4)))" $((most * 3 / 4))
mkdir -p /tmp/big
mount -t tmpfs -o size=100% big /tmp/big
dmesg -c >/dev/null
want=$(awk -v more=$((pages * page_kb / 4)) '$1 == "MemFree:" { print int(($2 + more) / 1024) }' /proc/meminfo)
check "a process takes all that is free, and a quarter of the region" fallocate -l "$want"M /tmp/big/file
compare "the pool has given some" "$(chunks)" -lt $((most * 5 / 8))
dmesg >/tmp/oom
same "and nothing was killed" "$(grep -i 'out of memory\|oom-kill' /tmp/oom)" ""
usleep 7000000
compare "the pool stays small" "$(chunks)" -lt $((most * 5 / 8))
umount /tmp/big
same "and is filled when memory is there" "$(wait_for $((most * 3 / 4)))" $((most * 3 / 4))

# A CPU goes and comes, the system sleeps; while it is filled.
cpu=/sys/devices/system/cpu/cpu1/online
if [ -w $cpu ] && echo 0 >$cpu 2>/dev/null; then
	echo 0 >$pool/pool_chunks
	echo $((most / 2)) >$pool/pool_chunks
	echo 1 >$cpu
	same "beside a CPU that comes back" "$(wait_for $((most / 2)))" $((most / 2))
else
	skip "beside a CPU that comes back" "no CPU can go"
fi
if [ -w /sys/power/pm_test ] && grep -qw freeze /sys/power/state; then
	echo freezer >/sys/power/pm_test
	delay=/sys/module/suspend/parameters/pm_test_delay
	[ ! -w $delay ] || echo 1 >$delay
	echo 0 >$pool/pool_chunks
	echo $((most * 3 / 4)) >$pool/pool_chunks
	same "the system suspends while it is filled" "$({ echo freeze >/sys/power/state; } 2>&1)" ""
	same "and the refill goes on" "$(wait_for $((most * 3 / 4)))" $((most * 3 / 4))
	same "the system suspends beside a full one" "$({ echo freeze >/sys/power/state; } 2>&1)" ""
	echo none >/sys/power/pm_test
else
	skip "the system suspends while it is filled" "the kernel cannot freeze"
	skip "and the refill goes on" "the kernel cannot freeze"
	skip "the system suspends beside a full one" "the kernel cannot freeze"
fi

# Empty again, at once.
echo 0 >$pool/pool_chunks
same "pool_chunks=0 empties it" "$(chunks) $(of_blocks)" "0 0"
same "the thread is gone" "$(cat /proc/[0-9]*/comm 2>/dev/null | grep -c '^cma_bulk/')" 0
same "CmaFree is back at its start" "$(cma_free)" "$before"

# Unloaded while it is filled, and when it is full.
for wait in 0 20000 150000 200000; do
	echo $((most * 3 / 4)) >$pool/pool_chunks
	usleep $wait
	rmmod cma_bulk || break
	modprobe cma_bulk
done
same "unloads while it is filled" "$wait $(cat $pool/pool_bytes)" "200000 0"
fill $((most / 2)) >/dev/null
same "unloads when it is full" "$(rmmod cma_bulk 2>&1)" ""
load_module
same "nothing is lost" "$(cma_free)" "$before"
unload
finish
