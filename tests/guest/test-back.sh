#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# How pages go back: while some are referenced, and all of them now and then for
# a moment, none is lost, none is free twice, and free blocks are large again.
#
# parallel
# device: 64
# vm: --cma 128 --mem 896
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

back=/sys/kernel/debug/cma_bulk_apitest/back
of() { sed -n "s/^$1: //p" $back; }

# large: pages of type CMA that are free in blocks of the largest orders, but for
# the page that is taken meanwhile: each call for a range empties the lists of the
# processors, where small blocks wait and keep their neighbours from becoming large.
large() {
	alloc order=0 count=1
	awk "$pow2"'
		/^Free pages count per migrate type/ { on = 1 }
		/^Number of blocks/ { on = 0 }
		on && $6 == "CMA" { for (f = NF - 1; f <= NF; f++) n += $f * pow2(f - 7) }
		END { print n + 0 }' /proc/pagetypeinfo
	echo all >"$region/free"
}

plan 13
load_module
use "$area"
before=$(cma_free)
large_before=$(large)
check "a driver loads" modprobe cma_bulk_apitest
compare "large blocks are free at first" "$large_before" -ge $((pages * 3 / 4))
rounds=$(often 400)
for seed in 1 2 3; do
	check "seed $seed, $rounds rounds" eval "echo $seed $rounds >$back"
done
diag "$(cat $back)"
same "pages were whole, and kept what references they had" "$(of wrong)" 0
compare "there were references that stay" "$(of kept)" -gt "$rounds"
compare "and momentary ones" "$(of moments)" -gt "$rounds"
same "nothing lingers" "$(lingers)" ""
same "CmaFree is back at its start" "$(cma_free)" "$before"
large_after=$(large)
diag "pages in large blocks: $large_before, then $large_after"
compare "free blocks are large again" "$large_after" -ge $((large_before - pages / 16))

# A page that is free twice would be in two chunks, or the kernel would complain.
alloc order=0 count="$pages" retries=5 2>/dev/null
same "each page is there once" "$(chunks_wrong 0)" ""
echo all >"$region/free"
rmmod cma_bulk_apitest
check "unloads" unload
finish
