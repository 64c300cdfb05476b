#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The guest's side of scripts/soak: everything that uses the memory at once, and
# everything that is in its way, for so many minutes. A line a minute tells how often
# each of them has done what it does; in the end nothing is lost.
#
#   soak.sh MINUTES
# shellcheck disable=SC2317 # by repeat
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh
. /tests/guest/debug.sh

minutes=$1
dir=/tmp/soak
apitest=/sys/kernel/debug/cma_bulk_apitest
sysfs=/sys/kernel/cma_bulk/reserved
everybody='writer-1 writer-2 cma_alloc driver shrinker pool pins memory cpu track reader'
pm_test=/sys/power/pm_test
[ -w $pm_test ] || pm_test=''
everybody="$everybody${pm_test:+ suspend}"

plan 13
mkdir -p $dir
load_both
use reserved
before=$(cma_free)
check "a driver loads" modprobe cma_bulk_apitest
if [ -n "$pm_test" ]; then suspend_quickly; else diag "this kernel cannot suspend"; fi
mkdir "$dir/files"
mount -t tmpfs -o size=50% tmpfs "$dir/files"

# pick N: a number below N in $picked, by a generator of each process.
pick() {
	state=$(((state * 1103515245 + 12345) & 0x7fffffff))
	picked=$(((state >> 8) % $1))
}

# wrong WHO WHAT
wrong() { echo "$*" >>"$dir/wrong"; }

# errors that a request may end with.
may_fail() {
	case $1 in
	OK | EBUSY | ENOMEM | ETIMEDOUT) ;;
	*) wrong "$who" "$1" ;;
	esac
}

# A request, and its own batch goes back, unless the harness or another was quicker.
request() {
	pick 3
	order=$((picked * 4))
	pick $(((pages >> order) / 3))
	may_fail "$(errno "$region/alloc" "order=$order count=$((picked + 1)) retries=1 \
retry_delay_ms=20 timeout_ms=5000 $1")"
	batch=$(awk '!/^#/ { b = $1 } END { print b }' "$region/batches")
	pick 3
	[ -z "$batch" ] || [ "$picked" = 0 ] || {
		said=$(errno "$region/free" "$batch")
		case $said in OK | ENOENT) ;; *) wrong "$who" "free $batch: $said" ;; esac
	}
}

do_writer() {
	pick 5
	case $picked in
	0) request "fast=1 partial=1" ;;
	1) request "partial=0 workers=0" ;;
	2) request "workers=2" ;;
	3) request "engine=linear" ;;
	*) request "pool=0" ;;
	esac
	[ "$(held)" -lt $((pages / 3)) ] || echo all >"$region/free"
}

# A few, as each may wait long for what is pinned.
do_cma_alloc() {
	may_fail "$(errno "$region/alloc" "order=2 count=4 engine=cma_alloc timeout_ms=500")"
	sleep 1
}

do_driver() {
	# Others may have all there is for longer than it waits.
	echo "$state 4" >"$apitest/back" 2>/dev/null || usleep 200000
	pick 1000
}

do_shrinker() {
	pick 300
	echo "$picked" >"$apitest/shrink" 2>/dev/null
	usleep 300000
}

do_pool() {
	pick 3
	echo $((picked * 2)) >"$sysfs/pool_order" || wrong pool order
	pick 200
	echo "$picked" >"$sysfs/pool_chunks" || wrong pool chunks
	sleep 2
}

do_pins() {
	pick 3
	case $picked in 0) mode=legacy ;; 1) mode=longterm ;; *) mode=transient ;; esac
	pick 8
	pin "mode=$mode blocks=$((picked + 1)) pages=3 hold_ms=20 jitter_ms=10 seed=$state" 2>/dev/null
	sleep 1
	# Of memory that is pinned only now and then, the place may change, nothing else.
	damaged=$(awk '!/^#/ && $3 != "ok" && $3 != "gone"' "$pinner/pfns")
	[ -z "$damaged" ] || wrong pins "damaged: $damaged"
	unpin all
}

# Page cache that fills what there is, and is gone again. In small files: a process that writes
# or deletes a large one does neither sleep nor end for minutes on a busy machine, and as long
# suspend and whoever changes a probe would wait for it.
do_memory() {
	pick 6
	files=$((picked * 2 + 1))
	while [ "$files" -gt 0 ]; do
		dd if=/dev/zero of="$dir/files/$picked.$files" bs=1M count=20 2>/dev/null
		files=$((files - 1))
	done
	pick 6
	for file in "$dir/files/$picked".*; do rm -f "$file"; done
	usleep 200000
}

# While the system suspends, the kernel refuses that.
may_be_busy() { case $1 in OK | EBUSY) ;; *) wrong "$who" "$1" ;; esac }

do_cpu() {
	may_be_busy "$(errno /sys/devices/system/cpu/cpu1/online 0)"
	usleep 200000
	may_be_busy "$(errno /sys/devices/system/cpu/cpu1/online 1)"
	sleep 3
}

do_suspend() {
	sleep 15
	echo freeze >/sys/power/state || wrong suspend "does not"
}

do_track() {
	for words in cma "cma pins" off "cma pins"; do
		echo "$words" >"$region/track" || wrong track "$words"
		sleep 3
	done
}

do_reader() {
	for file in blocks blockers holders stacks batches chunks stats last; do
		cat "$region/$file" >/dev/null || wrong reader "$file"
	done
	usleep 500000
}

# repeat WHO DO: until the end.
repeat() {
	who=$1 n=0 errno_text=$dir/text.$1
	state=$(printf '%d' "0x$(echo "$who" | md5sum | cut -c 1-7)")
	while [ ! -e "$dir/stop" ]; do
		"$2"
		n=$((n + 1))
		echo $n >"$dir/$who"
	done
}

: >"$dir/wrong"
/harness devices $((minutes * 60)) >"$dir/devices.out" 2>&1 &
devices=$!
/harness heaprandom reserved $((minutes * 60)) >"$dir/heap.out" 2>&1 &
heap=$!
all=''
for who in $everybody; do
	repeat "$who" "do_${who%-*}" &
	all="$all $!"
done

counts() {
	for who in $everybody; do printf '%s %s, ' "$who" "$(cat "$dir/$who" 2>/dev/null || echo 0)"; done
	echo "$(wc -l <$dir/wrong) wrong"
}

# What goes wrong is told at once. On a machine with much to do a line takes longer than
# its minute: the clock counts.
now() { cut -d . -f 1 /proc/uptime; }
began=$(now) told=0
while [ $(($(now) - began)) -lt $((minutes * 60)) ]; do
	sleep 60
	diag "minute $((($(now) - began) / 60)): $(counts)"
	tail -n +$((told + 1)) "$dir/wrong" | sed 's/^/# wrong: /'
	told=$(wc -l <"$dir/wrong")
done
: >"$dir/stop"
for pid in $all; do wait "$pid"; done
umount "$dir/files"
echo 0 >"$sysfs/pool_chunks"
unpin all
echo all >"$region/free"
echo 0 >"$apitest/shrink"
wait $devices
same "memory that devices used is as written" "$?" 0
diag "devices: $(cat "$dir/devices.out")"
wait $heap
# What it finds held in its end may be others'.
same "buffers are as written" "$(grep -c '^ok [123] ' "$dir/heap.out")" 3
diag "$(grep '^#' "$dir/heap.out" | sed 's/^# //')"
same "nothing went wrong" "$(head -n 20 "$dir/wrong")" ""
same "the driver's pages were whole" "$(sed -n 's/^wrong: //p' "$apitest/back")" 0
for who in $everybody; do [ -s "$dir/$who" ] || idle="$idle $who"; done
same "everybody did something" "${idle-}" ""
echo none >"${pm_test:-/dev/null}"
same "no request, and nothing held" "$(held) $(cat "$sysfs/held_bytes") $(cat "$sysfs/pool_bytes")" "0 0 0"
same "nothing lingers" "$(lingers)" ""
echo off >"$region/track"
same "no holder is left" "$(sed 1d "$region/holders")" ""
rm -rf "$dir/files"
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "the driver unloads" rmmod cma_bulk_apitest
check "the modules unload" unload_both
if [ -e $kmemleak ]; then
	no_leaks "nothing is leaked"
else
	skip "nothing is leaked" "only a kernel that checks itself tells"
fi
finish
