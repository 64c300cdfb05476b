#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kits of a test run: fetched and built in the background, while guests of those
# that are there already run. $results/KERNEL/ready or .../broken tells how it ended.
# Sourced by scripts/run-tests.

kits=() packaged=() built=()

# prepare_kits KERNEL…: one after the other.
prepare_kits() {
	local k
	for k; do
		if setpriv --pdeathsig TERM "$top/scripts/kit" fetch "$k" &&
			setpriv --pdeathsig TERM "$top/scripts/kit" build "$k"; then
			touch "$results/$k/ready"
		else
			touch "$results/$k/broken"
		fi >"$results/$k/kit.log" 2>&1
		# Which version that is today.
		sed -n "s/^$k: /$k is /p" "$results/$k/kit.log"
	done
}

# prepare KERNEL…: all kits, in the order in which they are needed. A kernel that is
# built here takes longest by far: its build begins at once, but for the first fetch,
# and goes on beside the guests of the others. The processes are in kits.
prepare() {
	local k
	for k; do
		mkdir -p "$results/$k"
		table_row "$k"
		case $k_image in
		linux-source-*) built+=("$k") ;;
		*) packaged+=("$k") ;;
		esac
	done
	prepare_kits "${packaged[@]}" &
	kits+=($!)
	prepare_kits "${built[@]}" &
	kits+=($!)
}

# kit_known KERNEL: is it known how that ended?
kit_known() { [ -e "$results/$1/ready" ] || [ -e "$results/$1/broken" ]; }

# wait_kit KERNEL: fails if there will be none.
wait_kit() {
	until kit_known "$1"; do sleep 0.2; done
	[ -e "$results/$1/ready" ]
}

# stand_in KERNEL: the row of this run whose kernel is KERNEL's, too, because the
# suite has dropped its own (column else of scripts/kernels).
stand_in() {
	table_row "$1"
	matches "$k_else" "${packaged[*]} ${built[*]}" &&
		[ "$(readlink "$build/kits/$1")" = "$(readlink "$build/kits/$k_else")" ] &&
		echo "$k_else"
}
