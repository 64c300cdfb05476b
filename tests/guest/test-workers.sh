#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Threads of a request work on CPUs that are idle, and on no others: whoever has those would
# wait for each of their calls. How many calls there are tells: those of one thread become
# longer and longer, those of several remain short.
# device: 128
# vm: --cma 160 --mem 896
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

# calls WORD…: the most that a request for three quarters of the area makes.
calls() {
	for try in 1 2 3 4 5; do
		usleep 200000
		alloc "order=0 count=$((pages * 3 / 4)) $*"
		last contig_calls
		[ "$(last allocated)" = $((pages * 3 / 4)) ] || diag "try $try: $(last allocated)"
		echo all >"$region/free"
	done | sort -n | tail -n 1
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
plan 6
alone=$(calls workers=1)
several=$(calls workers=2)
diag "calls of one worker: $alone, of two: $several"
compare "idle CPUs: two work" "$several" -gt "$((alone + 1))"

taskset -p "$here" $$ >/dev/null
left=$((0x$elsewhere))
while [ $left != 0 ]; do
	busy "$(printf %x $((left & -left)))"
	left=$((left & (left - 1)))
done
compare "all others are busy: one works" "$(calls workers=2)" -lt "$several"
compare "of its own choice, too" "$(calls workers=0)" -lt "$several"
rest
busy "$here"
compare "its own is busy: one works" "$(calls workers=2)" -lt "$several"
rest
taskset -p "$processors" $$ >/dev/null
compare "they are idle again: two work" "$(calls workers=2)" -gt "$((alone + 1))"
check "unloads" rmmod cma_bulk
finish
