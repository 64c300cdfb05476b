#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Threads of a request work on CPUs that are idle, and on no others: whoever has those would
# wait for each of their calls. But where the request itself has to wait for a CPU it takes
# part with all of its workers. How many calls there are tells: those of one thread become
# longer and longer, those of several remain short.
# device: 128
# vm: --cma 160 --mem 896
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

# calls WORD…: how many a request for three quarters of the area makes; of five.
calls() {
	for try in 1 2 3 4 5; do
		usleep 200000
		alloc "order=0 count=$((pages * 3 / 4)) $*"
		last contig_calls
		[ "$(last allocated)" = $((pages * 3 / 4)) ] || diag "try $try: $(last allocated)" >&2
		echo all >"$region/free"
	done
}
# Of those who may be helped it is the most: what the kernel does at the same time can
# make CPUs look busy.
most() { sort -n | tail -n 1; }
middle() { sort -n | sed -n 3p; }

# doubled: how many calls of one thread there are, each twice as long as the one before: from
# 2 MiB, the smallest unit, to 160. Pages of others split a range, so that there are more.
doubled() {
	left=$((pages * page_kb * 3 / 4)) step=2048 n=0
	while [ $left -gt 0 ]; do
		left=$((left - step)) n=$((n + 1))
		[ $step -ge 163840 ] || step=$((2 * step))
	done
	echo $n
}

# look: sets $waited to the microseconds that this shell has waited for a processor; 0 if
# it is not told. No subshell: that would be another process.
look() {
	waited=0
	[ ! -r /proc/self/schedstat ] || read -r _ waited _ </proc/self/schedstat
	waited=$((waited / 1000))
}

# busy MASK: somebody wants these CPUs, one of them at a time.
busy() {
	taskset "$1" sh -c 'while :; do :; done' &
	burners="$burners $!"
	# Until it has run for a while: fields 14 and 15 are clock ticks.
	until [ "$(awk '{ print ($14 + $15 > 5) }' /proc/$!/stat)" = 1 ]; do usleep 10000; done
}

rest() {
	# shellcheck disable=SC2086 # several
	kill $burners && wait $burners 2>/dev/null
	burners=''
}

burners=''
load_module
use "$area"
two_processors || skip_all "it takes two processors"
plan 8
# A caller that moves from one CPU to another knows less exactly which were idle.
taskset -p "$here" $$ >/dev/null
several=$(calls workers=2 | most)
# Each range takes a call, however short it is. Every other place for a chunk is held.
find_tracing
if mkdir $tracing/instances/cma_bulk_test 2>/dev/null; then
	tracing=$tracing/instances/cma_bulk_test
	echo 1 >$tracing/events/cma_bulk/range_taken/enable
	alloc "order=4 align=5 count=$(fits 4 5) partial=1" 2>/dev/null
	# Five requests that were helped: beside a busy host most may not be.
	tries=0 helped=0
	while [ $helped -lt 5 ] && [ $tries -lt 60 ]; do
		tries=$((tries + 1))
		usleep 100000
		echo >$tracing/trace
		alloc "order=4 count=128 workers=2"
		others=$(grep -c 'kworker.* range_taken: ' $tracing/trace)
		echo "$others $(last allocated) $(last contig_busy)"
		[ "$others" = 0 ] || helped=$((helped + 1))
		last batch >"$region/free"
	done >/tmp/ranges
	echo all >"$region/free"
	diag "$(cat /tmp/ranges)"
	rmdir $tracing
	# Threads that wait for each other's units would take two or three.
	compare "many short ranges: others help" "$(cut -d ' ' -f 1 /tmp/ranges | most)" -gt 12
	same "and no two are in each other's way" "$(cut -d ' ' -f 2- /tmp/ranges | sort -u)" "128 0"
else
	skip "many short ranges: others help" "there is no tracing"
	skip "and no two are in each other's way" "there is no tracing"
fi
left=$((0x$elsewhere))
while [ $left != 0 ]; do
	busy "$(printf %x $((left & -left)))"
	left=$((left & (left - 1)))
done
one=$(calls workers=2 | middle)
diag "calls beside busy CPUs: $one, beside idle ones: $several"
compare "all others are busy: one works" "$one" -le $((2 * $(doubled)))
compare "of its own choice, too" "$(calls workers=0 | middle)" -le $((2 * $(doubled)))
compare "idle CPUs: two work" "$several" -gt "$one"
# Two others have its processor, too. CFS prefers whoever sleeps now and then: then there is
# no wait. Where all of the request is a few turns of these two, it is over before it knows.
busy "$here"
busy "$here"
waits=0
for _ in 1 2 3 4 5; do
	look
	before=$waited
	alloc "order=0 count=$((pages * 3 / 4)) workers=1"
	look
	waited=$((waited - before))
	[ $((2 * waited)) -lt "$(last elapsed_us)" ] || [ $waited -lt 50000 ] || waits=$((waits + 1))
	echo all >"$region/free"
done
if [ $waits -ge 3 ]; then
	compare "it waits for its own: two work" "$(calls workers=2 | middle)" -gt "$one"
else
	skip "it waits for its own: two work" "it does not wait for long, or is not told so"
fi
rest
compare "they are idle again: two work" "$(calls workers=2 | most)" -gt "$one"
check "unloads" rmmod cma_bulk
finish
