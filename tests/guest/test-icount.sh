#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the engines cost on a free region, in instructions: bulk is as good as
# one call for all of it, and a dozen times better than a call for each chunk.
# vm: --cma 512 --mem 2048 --icount --timeout 300
# not: *-debug there the checks of the kernel are what costs
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

plan 6
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
# On an rt kernel each of bulk's calls wakes threads and waits for them, in turn
# with whatever else has work: 1.03 to 1.37 of the one call were seen. No promise
# is made there; this is for what would be a mistake of ours.
case $(uname -r) in
*-rt-*) most=150 ;;
*) most=110 ;;
esac
[ $((n * 16)) -le $((pages * 3 / 4)) ] || n=$((pages * 5 / 128))

# elapsed ENGINE: the median of three, in microseconds; 0 if one gave too little.
elapsed() {
	for i in 1 2 3; do
		alloc "order=4 count=$n engine=$1" 2>/dev/null
		[ "$(last allocated)" = $n ] || { echo 0; return; }
		eval "time_$i=$(last elapsed_us)"
		echo all >"$region/free"
	done
	# shellcheck disable=SC2154 # set by eval
	median "$time_1" "$time_2" "$time_3"
}

# The shell that asks may live in some pages of it.
used=$(awk 'NR > 1 { n += $5 } END { print n }' "$region/blocks")
same "the region is free but for some pages in a thousand" $((used <= pages / 1000)) 1
bulk=$(elapsed bulk)
single=$(elapsed single)
diag "bulk $bulk us, single $single us"
same "bulk: $n chunks" $((bulk > 0)) 1
same "single: $n chunks" $((single > 0)) 1
same "bulk costs at most $most % of single" $((bulk * 100 <= single * most)) 1
if grep -q '^engine_cma_alloc: yes' $debugfs/capabilities; then
	cma_alloc=$(elapsed cma_alloc)
	diag "cma_alloc $cma_alloc us"
	same "cma_alloc: $n chunks" $((cma_alloc > 0)) 1
	same "cma_alloc costs at least $times of bulk" $((cma_alloc >= times * bulk)) 1
else
	skip "cma_alloc: $n chunks" "no cma_alloc() here"
	skip "cma_alloc costs at least $times of bulk" "no cma_alloc() here"
fi
finish
