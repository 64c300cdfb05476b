#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Guest tests that want the same machine, in one boot. What a machine is are the
# options of "# vm:" but for --timeout, --file and --module, which are added up.
# Sourced by scripts/run-tests.

# read_options KERNEL TEST: in machine, extras and limit. The one place where a
# test's wishes are fitted to a kernel.
read_options() {
	local words said test=$2
	machine=() extras=() limit=300
	table_row "$1"
	header "$2" vm
	read -ra words <<<"$said"
	set -- "${words[@]}"
	while [ $# -gt 0 ]; do
		case $1 in
		--timeout) limit=$2; shift ;;
		--file | --module) extras+=("$1" "$2"); shift ;;
		--cma)
			machine+=("$1" $(($2 > ${k_area:-0} ? $2 : k_area)))
			shift
			;;
		*) machine+=("$1") ;;
		esac
		shift
	done
	has_line "$test" parallel || has_line "$test" alone || machine+=(--turns)
	# The leak detector takes more than half of a guest's time.
	[ "$k_flavour" != debug ] || has_line "$test" leaks || machine+=(--append kmemleak=off)
}

# groups KERNEL TEST…: a line of TEST=LIMIT for each boot, the longest first.
groups() {
	local k=$1 t machine extras limit
	shift
	for t; do
		read_options "$k" "$t"
		! has_line "$t" own || machine+=("own $t")
		printf '%s\t%s\t%s\n' "${machine[*]}" "$limit" "$t"
	done | awk -F'\t' '
		{ limit[$1] += $2; tests[$1] = tests[$1] " " $3 "=" $2 }
		END { for (m in tests) print limit[m] tests[m] }' |
		sort -k 1,1nr -k 2 | cut -d ' ' -f 2-
}
