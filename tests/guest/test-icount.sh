#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the engines cost on a free region, in instructions: bulk is as good as
# one call for all of it, and a dozen times better than a call for each chunk.
#
# The clock counts what all processors do, of which but one works at a time. So there
# is only one: of more, the others' work would be part of each time, by chance.
# vm: --cma 512 --mem 2048 --icount --cpus 1 --timeout 300
# not: *-debug there the checks of the kernel are what costs
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

plan 8
load_module
use reserved
n=4800
# Zeroing costs the same whoever hands a page out. It is most of all where pages
# are large, or where each byte of it counts as an instruction.
case $(uname -m):$page_kb in
aarch64:4) times=12 ;;
aarch64:*) times=8 ;;
*) times=4 ;;
esac
# An rt kernel waits for ordinary grace periods, milliseconds each, and every call
# has one: the time of bulk, which makes several, would be that of waits, not work.
# Others do not wait but interrupt all processors, and so can this one.
[ ! -w /sys/kernel/rcu_normal ] || echo 0 >/sys/kernel/rcu_normal
[ $((n * 16)) -le $((pages * 3 / 4)) ] || n=$((pages * 5 / 128))

# measure WORDS…: what requests with these words need, in microseconds, five times
# in turn.
measure() {
	for _ in 1 2 3 4 5; do
		for words; do
			alloc "order=4 count=$n $words" 2>/dev/null
			[ "$(last allocated)" != $n ] || last elapsed_us >>"/tmp/$words"
			echo all >"$region/free"
		done
	done
}

# elapsed WORDS: the median of them; 0 if one gave too little.
elapsed() {
	[ "$(wc -l <"/tmp/$1")" = 5 ] || echo 0 >"/tmp/$1"
	# shellcheck disable=SC2046 # a word each
	median $(cat "/tmp/$1")
}

# The shell that asks may live in some pages of it.
used=$(awk 'NR > 1 { n += $5 } END { print n }' "$region/blocks")
compare "the region is free but for some pages in a thousand" "$used" -le $((pages / 1000))
# What the boot has left to do is done by then.
sleep 2
measure engine=bulk workers=2 engine=single
bulk=$(elapsed engine=bulk)
two=$(elapsed workers=2)
single=$(elapsed engine=single)
diag "bulk $bulk us, with two workers $two us, single $single us"
compare "bulk: $n chunks" "$bulk" -gt 0
compare "with two workers: $n chunks" "$two" -gt 0
compare "single: $n chunks" "$single" -gt 0
compare "bulk costs at most 105 % of single" $((bulk * 100)) -le $((single * 105))
compare "and with two workers 110 %" $((two * 100)) -le $((single * 110))
if grep -q '^engine_cma_alloc: yes' $debugfs/capabilities; then
	measure engine=cma_alloc
	cma_alloc=$(elapsed engine=cma_alloc)
	diag "cma_alloc $cma_alloc us"
	compare "cma_alloc: $n chunks" "$cma_alloc" -gt 0
	compare "cma_alloc costs at least $times of bulk" "$cma_alloc" -ge $((times * bulk))
else
	skip "cma_alloc: $n chunks" "no cma_alloc() here"
	skip "cma_alloc costs at least $times of bulk" "no cma_alloc() here"
fi
finish
