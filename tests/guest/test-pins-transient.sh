#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# More than a thousand short references a second while bulk runs 100 times:
# no page is lost, and what is missing is reported.
#
# alone
# kernels: arm64-6.12
# vm: --cma 128 --mem 896 --timeout 600
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

# odd_result RUN: what does not fit: a result what was got, or that what is held.
odd_result() {
	awk -v run="run $1:" "$pow2"'
		FILENAME ~ /batches$/ { if (!/^#/) held += $3 * pow2($2); next }
		{ v[$1] = $2 }
		END {
			got = v["allocated:"]
			short = v["requested:"] - got
			if (v["ret:"] != 0 && v["ret:"] != -16) print run, v["ret:"]
			else if ((v["ret:"] == 0) != (short == 0)) print run, v["ret:"], "but", short, "missing"
			if (held != got * 16) print run, "not what is held"
		}' "$region/last" "$region/batches"
}

# A shell on a guest that is busy with pins forks slowly: few processes a run.
many() {
	all=$(fits 4)
	run=0
	while [ $run -lt "$runs" ]; do
		run=$((run + 1))
		alloc "order=4 count=$all" 2>/dev/null
		odd_result $run
		[ $((run % 10)) != 0 ] || chunks_wrong 0
		echo all >"$region/free"
	done
}

plan 14
runs=$(often 100)
load_both
use reserved
before=$(cma_free)

rcu_hurries
check "pins that come and go" pin mode=transient blocks=8 pages=96 hold_ms=4 jitter_ms=3 refill_ms=20
start=$(pinned transient_refs)
began=$(date +%s)
same "each of $runs requests gets all or says EBUSY" "$(many)" ""
refs=$(($(pinned transient_refs) - start))
took=$(($(date +%s) - began + 1))
diag "$refs references in $took s"
check "at least 1,000 references a second" [ $refs -ge $((took * 1000)) ]
unpin all
same "no page is damaged or lost: all can be had" \
	"$(ask 4; last allocated; echo all >"$region/free")" "$(possible 4)"
same "CmaFree is back at its start" "$(cma_free)" "$before"

harness transient
same "CmaFree is back again" "$(cma_free)" "$before"
rcu_as_before
check "both unload" unload_both
finish
