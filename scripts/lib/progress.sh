#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# How far a test run is. A group is what shares a boot, named by its kernel and its first
# test. How long a test took is kept in build/times, a line "TEST SECONDS" for each, and
# one of what the boot costs, for each kernel and for how often things were repeated.
# What has never run counts a tenth of its limit. Sourced by scripts/run-tests.

times_dir=$build/times

# expect KERNEL PART HOW TEST=LIMIT…: a group that will run; HOW is "shared" with others, or
# "alone". To $results/planned: KERNEL TEST HOW SECONDS.
expect() {
	local k=$1 part=$2 how=$3
	shift 3
	printf '%s\n' "$@" | awk -F= -v k="$k" -v how="$how" -v times="$times_dir/$k.$part" '
		BEGIN {
			n = 10
			while ((getline line <times) > 0) {
				split(line, f, " ")
				if (f[1] == "boot") n = f[2]; else took[f[1]] = f[2]
			}
		}
		NR == 1 { first = $1 }
		{ n += $1 in took ? took[$1] : $2 / 10 }
		END { printf "%s %s %s %d\n", k, first, how, n }' >>"$results/planned"
}

# ended KERNEL TEST: its group, whose first test that is.
ended() { echo "$1 $2" >>"$results/ended"; }

# progress JOBS: "3/41 groups, about 6 min left".
progress() {
	touch "$results/ended"
	awk -v jobs="$1" '
		# The first file may be empty.
		FILENAME == ARGV[1] { if (!over[$1, $2]++) n++; next }
		{ all++ }
		!(($1, $2) in over) { left += $4 / ($3 == "alone" ? 1 : jobs) }
		END {
			printf "%d/%d groups", n, all
			if (n < all) printf ", about %d min left", (left + 59) / 60
			print ""
		}' "$results/ended" "$results/planned"
}

# took KERNEL PART SECONDS FILE: a boot of that long, FILE has "TEST STATUS SECONDS" of
# its tests. Those that ran out of their time are no measure.
took() {
	local times=$times_dir/$1.$2
	mkdir -p "$times_dir"
	touch "$times"
	lock "times-$1.$2"
	awk -v total="$3" '
		FILENAME == ARGV[1] { took[$1] = $2; next }
		{ inside += $3 }
		$2 < 126 { took[$1] = $3 }
		END {
			if (total > inside) took["boot"] = total - inside
			for (t in took) print t, took[t]
		}' "$times" "$4" >"$times.new" && mv "$times.new" "$times"
	unlock "times-$1.$2"
}
