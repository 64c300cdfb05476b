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

# print_table TEST… : a line per test, a column per kernel.
print_table() {
	local t k cells
	printf '\n%-28s' test
	printf ' %-22s' "${columns[@]}"
	echo
	for t; do
		printf '%-28s' "$t"
		for k in "${columns[@]}"; do
			if [ -f "$results/$k/$t.rows" ]; then
				read -ra cells <<<"$(count "$results/$k/$t.rows")"
				printf ' %-22s' "$(words "${cells[@]}")"
			else
				printf ' %-22s' .
			fi
		done
		echo
	done
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
	local f base console
	find "$results" -name '*.rows' | LC_ALL=C sort | while read -r f; do
		grep -q '^fail' "$f" || continue
		base=${f%.rows}
		printf '\n===== %s =====\n' "${base#"$results/"}"
		tail -n 60 "$base.out" 2>/dev/null
		[ ! -s "$base.err" ] || { echo '----- stderr'; tail -n 40 "$base.err"; }
		console=$(sed -n 's/.*console: //p' "$base.err" 2>/dev/null | tail -n 1)
		[ ! -f "$console" ] || { echo '----- end of the console'; tail -n 30 "$console"; }
	done
}
