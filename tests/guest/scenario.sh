#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs a row of the table tests/guest/scenarios, which says what its columns are. Wants
# tests/harness as /harness.
#
#   scenario.sh TEST
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh
. /tests/guest/debug.sh
. /tests/guest/named.sh

row=$(awk -v test="$1" '$1 == test' /tests/guest/scenarios)
[ -n "$row" ] || { echo "no scenario '$1'" >&2; exit 1; }
# Patterns of kernels are not names of files.
set -f
# shellcheck disable=SC2086 # columns
set -- $row
name=$2 modules=$3 results=$4 marks=$5 scenarios=$(echo "$7" | tr , ' ')
set +f
[ "$name" != reserved ] || name=$area
[ "$modules" != - ] || modules=''
modules=$(echo "$modules" | tr , ' ') reverse=''
for module in $modules; do reverse="$module $reverse"; done

# load_others: what comes after cma_bulk, unless it is there.
load_others() {
	for module in $modules; do
		modprobe "$module" && continue
		diag "modprobe $module failed"
		exit 1
	done
}

# shellcheck disable=SC2317 # by check
unload_all() {
	for module in $reverse; do rmmod "$module" || return; done
	unload
}

has() { case ,$marks, in *,"$1",*) ;; *) return 1 ;; esac }

plan "$results"
load_module
load_others
use "$name"
before=$(cma_free)
! has rcu || rcu_hurries
for scenario in $scenarios; do
	case $scenario in
	named:*) named "$(often "${scenario#*:}")" ;;
	*) harness "$scenario" ;;
	esac
done
! has rcu || rcu_as_before
# A scenario may have unloaded them.
load_others
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "all unload" unload_all
! has leaks || no_leaks "nothing is leaked"
finish
