#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The results of a test run: one file of rows per kernel and test,
# $results/KERNEL/TEST.rows, and what is printed of them. Sourced by
# scripts/run-tests.

# count FILE… : "passed failed skipped" of all rows in them.
count() {
	cat "$@" 2>/dev/null | awk -F'\t' '{ n[$1]++ }
		END { print n["pass"] + 0, n["fail"] + 0, n["skip"] + 0 }'
}

# words PASSED FAILED SKIPPED: as a cell of the table.
words() {
	local s=
	[ "$1" = 0 ] || s="$1 pass"
	[ "$2" = 0 ] || s+="${s:+, }$2 FAIL"
	[ "$3" = 0 ] || s+="${s:+, }$3 skip"
	echo "${s:--}"
}

# report KERNEL TEST SECONDS: a line of it, as soon as it has ended.
report() {
	local n
	read -ra n <<<"$(count "$results/$1/$2.rows")"
	printf '%-18s %-28s %s (%s s)\n' "$1" "$2" "$(words "${n[@]}")" "$3"
}

# cell ROWS: as words, in the width that eight kernels leave.
cell() {
	local n s
	[ -f "$1" ] || { echo .; return; }
	read -ra n <<<"$(count "$1")"
	s=${n[0]}
	[ "${n[1]}" = 0 ] || s+=" ${n[1]}F"
	[ "${n[2]}" = 0 ] || s+=" ${n[2]}s"
	echo "$s"
}

# table_line NAME CELL…: in columns as wide as their heads.
table_line() {
	local k line
	printf -v line "%-${name_width}s" "$1"
	for k in "${columns[@]}"; do
		shift
		printf -v line '%s  %-*s' "$line" $((${#k} < 8 ? 8 : ${#k})) "$1"
	done
	echo "${line%"${line##*[! ]}"}"
}

# print_table TEST… : a line per test, a column per kernel.
print_table() {
	local t k name_width=12 cells
	for t; do [ ${#t} -lt $((name_width + 5)) ] || name_width=$((${#t} - 5)); done
	printf '\nTests that passed, F: failed, s: skipped\n\n'
	table_line '' "${columns[@]}"
	for t; do
		cells=()
		for k in "${columns[@]}"; do cells+=("$(cell "$results/$k/$t.rows")"); done
		table_line "${t#test-}" "${cells[@]}"
	done
	times_row 'guests, s' '$1'
	times_row 'their CPU, s' '$2 + $3'
}

# times_row NAME EXPRESSION: sums over the boots of each kernel, of their lines
# "real user system".
times_row() {
	local k cells=()
	for k in "${columns[@]}"; do
		cells+=("$(cat "$results/$k/times" 2>/dev/null |
			awk "{ n += $2 } END { if (NR) printf \"%.0f\", n; else print \".\" }")")
	done
	table_line "$1" "${cells[@]}"
}

# print_reasons: why something was skipped or failed, the same reason once.
print_reasons() {
	local kind title
	for kind in skip fail; do
		title=Skipped
		[ $kind = skip ] || title=Failed
		find "$results" -name '*.rows' | LC_ALL=C sort | while read -r f; do
			t=${f##*/} k=${f%/*}
			awk -F'\t' -v OFS='\t' -v kind=$kind -v t="${t%.rows}" -v k="${k##*/}" \
				'$1 == kind { print t ": " $2 ($3 == "" ? "" : ": " $3), k }' "$f"
		done | awk -F'\t' -v title="$title" '
			!($1 in on) { order[++n] = $1 }
			{ on[$1] = on[$1] " " $2 }
			END {
				if (n) print "\n" title ":"
				for (i = 1; i <= n; i++) print "  " order[i] "  [" substr(on[order[i]], 2) "]"
			}'
	done
}

# print_failures: the output of failed tests, and the end of the kernel's log.
print_failures() {
	local f base
	find "$results" -name '*.rows' | LC_ALL=C sort | while read -r f; do
		grep -q '^fail' "$f" || continue
		base=${f%.rows}
		printf '\n===== %s =====\n' "${base#"$results/"}"
		tail -n 60 "$base.out" 2>/dev/null
		[ ! -s "$base.err" ] || { echo '----- stderr'; tail -n 40 "$base.err"; }
		[ ! -f "$base.log" ] || { echo "----- end of the kernel's log"; tail -n 30 "$base.log"; }
	done
}
