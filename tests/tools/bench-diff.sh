# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# scripts/bench-diff on rows that are made up. Sourced by run.sh: 9 results.
here=${here:?run.sh says where the tests are}

# bench_rows DIR CLOCK CHUNKS US…: a file of rows, a round for each US.
bench_rows() {
	local dir=$1 clock=$2 chunks=$3 us n=0
	shift 3
	mkdir -p "$dir"
	for us; do
		n=$((n + 1))
		echo "row half bulk $n 4 100 $chunks 100 0 0 $us 0 2 0 0 - - 0"
	done >"$dir/arm64-6.1.$clock.half.rows"
}
# differ: in said and status, of the folders "before" and "after".
differ() {
	status=0
	said=$("$here/../../scripts/bench-diff" before after 2>&1) || status=$?
}
# verdict NAME STATUS TEXT: what was said last.
verdict() {
	if [ "$status" = "$2" ] && [[ $said == *"$3"* ]]; then ok "$1"; else
		not_ok "$1" "wanted $2: $3" "got $status:" "$said"
	fi
}

bench_rows before icount 100 1000 1000
bench_rows after icount 100 1019 1019
differ
verdict "bench-diff: 2 % of instructions are noise" 0 "0 figures worse, 0 better"
bench_rows after icount 100 1021 1021
differ
verdict "bench-diff: more is worse" 1 "worse  arm64-6.1 icount half bulk, order 4 × 100: median 1.021 ms, was 1 (+2.1 %"
bench_rows after icount 100 970 970
differ
verdict "bench-diff: less is better" 0 "0 figures worse, 1 better"
bench_rows after icount 99 1000 1000
differ
verdict "bench-diff: one chunk less is worse" 1 "obtains 99 chunks, was 100"

rm -r before after
bench_rows before wall 100 1000 1000 1100 1400 1500
bench_rows after wall 100 1400 1400 1450 1500 1500
differ
verdict "bench-diff: within the quartiles it is noise" 0 "0 figures worse"
bench_rows after wall 100 1500 1500 1600 1700 1700
differ
verdict "bench-diff: beyond them it is worse" 1 "median 1.6 ms, was 1.1"
bench_rows before wall 100 1000
bench_rows after wall 100 1450
differ
verdict "bench-diff: one round says little" 0 "0 figures worse"
bench_rows after wall 100 1550
differ
verdict "bench-diff: but not nothing" 1 "1 figures worse"

mv after/arm64-6.1.wall.half.rows after/arm64-6.1.icount.half.rows
differ
verdict "bench-diff: nothing in common is no verdict" 2 "only old: 1, only new: 1"
