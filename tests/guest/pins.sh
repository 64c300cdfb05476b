# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The pinner and the harness, for guest tests. Sourced after bulk.sh.
#
# load_both              cma_bulk and the pinner; a test that cannot ends
# unload_both
# pin WORD…, unpin WORD  requests to the pinner, for $region
# pinned KEY             a value of its stats
# pins_damaged           lines of "pfns" whose page has moved, or changed
# not_ours               pfns that are pinned by the pinner or held by another owner
#                        of the area
# possible ORDER         chunks without such a page, among all places
# ask ORDER WORD…        a request for every place of that order
# harness SCENARIO [ARG] its results as ours, and one more: that it ended well

pinner=/sys/kernel/debug/cma_bulk_pinner
pow2=${pow2:?bulk.sh comes first}
# Set by use().
region='' base='' pages=''

load_both() {
	load_module
	modprobe cma_bulk_pinner && return
	diag "modprobe cma_bulk_pinner failed"
	exit 1
}

unload_both() {
	rmmod cma_bulk_pinner && rmmod cma_bulk
}

pin() {
	echo "region=${region##*/} $*" >$pinner/pin
}

unpin() {
	echo "$1" >$pinner/unpin
}

pinned() {
	awk -v key="$1:" '$1 == key { print $2 }' $pinner/stats
}

pins_damaged() {
	awk '!/^#/ && ($2 != $4 || $3 != "ok")' $pinner/pfns
}

not_ours() {
	[ ! -r $pinner/pfns ] || awk '!/^#/ { print $2 }' $pinner/pfns
	blocking cma_user | awk '{ print $1 }'
}

possible() {
	not_ours | awk -v base="$base" -v pages="$pages" -v order="$1" "$pow2"'
		BEGIN { size = pow2(order); first = int((base + size - 1) / size) }
		{ lost[int($1 / size)] = 1 }
		END {
			end = int((base + pages) / size)
			for (slot = first; slot < end; slot++) n += !(slot in lost)
			print n + 0
		}'
}

ask() {
	ask_order=$1
	shift
	alloc "order=$ask_order count=$(fits "$ask_order") $*" 2>/dev/null
}

harness() {
	harness_status=0
	/harness "$1" "${region##*/}" ${2+"$2"} >/tmp/harness.out || harness_status=$?
	while IFS= read -r line; do
		name=${line#*- }
		case $line in
		"ok "*"# SKIP "*) skip "$1: ${name% # SKIP*}" "${name#*# SKIP }" ;;
		"ok "*) ok "$1: $name" ;;
		"not ok "*) not_ok "$1: $name" ;;
		KTAP* | 1..*) ;;
		*) diag "${line#\# }" ;;
		esac
	done </tmp/harness.out
	same "$1 ends well" $harness_status 0
}
