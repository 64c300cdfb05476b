#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The in-kernel API, by a module that uses it: what it hands out, what it
# refuses, and that all of it goes back.
#
# device: 64
# vm: --cma 128 --mem 896
# leaks
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

stat() { awk -v k="$1:" '$1 == k { print $2 }' "$debugfs/$area"/stats; }
busy() { awk '!/^#/ { n += $6 + $7 } END { print n + 0 }' "$debugfs/$area"/blocks; }

plan 24
check "cma_bulk loads" modprobe cma_bulk
before=$(busy)
check "a module that uses it loads" modprobe cma_bulk_apitest
same "cma_bulk stays while it is used" "$(rmmod cma_bulk 2>&1 | grep -o 'temporarily')" temporarily

# The module's own results, as ours.
cat /sys/kernel/debug/cma_bulk_apitest/results >/tmp/results
while read -r verdict; do
	name=${verdict#*- }
	case $verdict in
	"ok "*"# SKIP "*) skip "${name% # SKIP*}" "${name#*# SKIP }" ;;
	"ok "*) ok "$name" ;;
	*) not_ok "$name" ;;
	esac
done </tmp/results

# Only of the second device; without a handle of an area there is neither.
same "the log tells of a device that does not reach its region" \
	"$(dmesg | grep -c 'the device reaches up to 0xffffff$')" \
	"$(grep -c '^ok .*does not reach it$' /tmp/results)"

same "chunks freed twice are counted" "$(stat bad_frees)" 64
same "the referenced page is counted" "$(stat still_referenced)" 1
# The page that lingered is freed within a few looks of the module at it.
tries=0
while [ "$(busy)" != "$before" ] && [ $tries -lt 50 ]; do
	tries=$((tries + 1))
	usleep 100000
done
same "all went back" "$(busy)" "$before"
check "unloads" rmmod cma_bulk_apitest cma_bulk
finish
