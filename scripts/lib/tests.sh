#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The guest tests: what each says of itself, in comment lines at its top or in its row of
# tests/guest/scenarios, the sets of them, and which can run on a kernel. Sourced by
# scripts/run-tests, which says what the words mean.

guest_dir=$src/tests/guest
# What follows "# WORD:", and 1 for a line "# WORD", as ${headers[TEST WORD]}.
declare -A headers
guest_tests=()

# header_words: "TEST<tab>WORD<tab>VALUE" of all of them, a line each.
header_words() {
	awk -v OFS='\t' '
		FNR == 1 { test = FILENAME; gsub(/.*\/|[.]sh$/, "", test); over = 0; print test, "", "" }
		/^[^#]/ { over = 1 }
		over { next }
		match($0, /^# [a-z-]+: */) { print test, substr($0, 3, index($0, ":") - 3), substr($0, RLENGTH + 1) }
		/^# [a-z-]+$/ { print test, substr($0, 3), 1 }' "$guest_dir"/test-*.sh
	[ ! -f "$guest_dir/scenarios" ] || awk -v OFS='\t' '
		/^[^#]/ {
			print $1, "", ""
			print $1, "harness", 1
			n = split($5, mark, ",")
			for (i = 1; i <= n; i++) {
				if (mark[i] ~ /^(parallel|alone|own|leaks)$/) print $1, mark[i], 1
				if (sub(/^device:/, "", mark[i])) { sub(/:/, " ", mark[i]); print $1, "device", mark[i] }
			}
			if ($6 != "-") { gsub(/,/, " ", $6); print $1, "kernels", $6 }
			vm = ""
			for (i = 8; i <= NF; i++) vm = vm " " $i
			print $1, "vm", substr(vm, 2)
		}' "$guest_dir/scenarios"
}

# read_headers: into guest_tests, by name, and headers.
read_headers() {
	local test word value
	while IFS=$'\t' read -r test word value; do
		if [ -z "$word" ]; then
			guest_tests+=("$test")
		else
			headers[$test $word]+="${headers[$test $word]+ }$value"
		fi
	done < <(header_words | sed 's/\t\t$/\t/')
	mapfile -t guest_tests < <(printf '%s\n' "${guest_tests[@]}" | LC_ALL=C sort)
}

# header TEST WORD: what is said after "# WORD:", in said.
header() { said=${headers[$1 $2]-}; }
has_line() { [ -n "${headers[$1 $2]-}" ]; }

# Sets of tests, for column "set" of scripts/kernels. Those that run alone hold
# everything else up, and are in "all" only.
declare -A sets=([all]='*' [basic]='test-basic test-docs')
# What a kernel of another kind may break.
sets[short]='test-basic test-docs test-errors test-orders test-pins-longterm test-retry
	test-rmmod'
# And what is looked up in it, or has to be.
sets[old]="${sets[short]} test-gigantic test-gki test-holders"
# And what other sizes of pages and pageblocks may.
sets[pages]="${sets[short]} test-api test-content test-dt test-icount test-kinds-referee
	test-skipped test-watch"
# What locks that sleep and late grace periods may.
sets[locks]='test-api test-basic test-cpu-offline test-holders test-retry test-rivals
	test-stress test-suspend test-two-writers test-waits'
# What another architecture may break.
sets[arch]='test-api test-back test-basic test-docs test-errors test-heap test-heap-client
	test-heap-pool test-heap-vivid test-holders test-icount test-kinds-referee test-pool test-ranges
	test-two-writers'
# And kernels that are years older or newer.
sets[ends]="${sets[arch]} test-blockers test-example test-heap-clear test-hugetlb test-hugetlb-pool
	test-named test-orders test-pins-longterm test-rivals test-rmmod test-suspend test-trace
	test-waits test-watch"
# Where the kernel checks itself: what shows errors of memory and of locking. That
# is slow, so nothing that only tells what is printed, or looks at times.
sets[checks]='test-debug-faults test-debug-leaks test-debug-load test-debug-second-user test-api
	test-back test-basic test-cpu-offline test-fuzz test-holders test-oom test-pins-kill test-pins-longterm
	test-pins-modules test-pool test-rivals test-rmmod test-shrinker test-stress'

# matches NAME PATTERNS: one of the words, which are shell patterns?
matches() {
	local p patterns
	read -ra patterns <<<"${2//$'\n'/ }"
	for p in "${patterns[@]}"; do
		# shellcheck disable=SC2053 # a pattern it is
		[[ $1 != $p ]] || return 0
	done
	return 1
}

# not_here KERNEL TEST: why the test cannot run there, in why; nothing if it can.
# With a third argument it was asked for by name, and runs whatever the row's set is.
not_here() {
	local p said
	header "$2" not
	read -r p why <<<"$said"
	# shellcheck disable=SC2053 # a pattern it is
	[[ -z $p || $1 != $p ]] || return 0
	why=''
	table_row "$1"
	header "$2" vm
	case $k_arch:$said in
	amd64:*--dt-*) why="$k_arch has no device tree"; return ;;
	esac
	header "$2" kernels
	if [ -n "$said" ] && ! matches "$1" "$said"; then
		why="only on $said"
	elif [ -z "${3-}" ] && ! matches "$2" "${sets[$k_set]}"; then
		why="not in the set \"$k_set\""
	fi
}
