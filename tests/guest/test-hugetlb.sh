#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A pool of huge pages fills the region, and there is next to no memory beside it
# to move it to: requests end, with a part or ENOMEM, and the system lives. So it
# does when a program has filled the memory outside of the region.
#
# vm: --mem 1200 --cma 512 --timeout 300
# kernels: arm64-6.12 arm64-backports
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh
region_dir=$debugfs/reserved
. /tests/guest/memory.sh

# killed: processes that the kernel has killed for memory since boot.
killed() { awk '$1 == "oom_kill" { print $2 }' /proc/vmstat; }

# honest: what is wrong with the end of the last request: less than all needs a
# reason, and that is memory; or, for a request that does not wait, the huge pages.
honest() {
	case $(errno_of "$(last ret)") in
	OK) [ "$(last allocated)" = "$(last requested)" ] || echo "OK, but not all" ;;
	ENOMEM) [ "$(last no_target)" -gt 0 ] || echo "ENOMEM without no_target" ;;
	EBUSY) [ "$(last fast)" = 1 ] && grep -q ' hugetlb ' "$region/blockers" || echo EBUSY ;;
	*) errno_of "$(last ret)" ;;
	esac
	diag "$(awk '/^(requested|allocated|ret|elapsed_us|contig_calls|contig_busy|pages_migrated|no_target):/ {
		printf "%s %s ", $1, $2 }' "$region/last")" >&2
}

plan 16
load_module
use reserved
before=$(cma_free)
all=$(possible 4)
kills=$(killed)

echo 330 >/proc/sys/vm/nr_hugepages
huge=$(cat /proc/sys/vm/nr_hugepages)
diag "$huge huge pages, $(awk '!/^#/ { f += $4; m += $5; b += $6 } END {
	printf "pages of the region: %d free, %d movable, %d busy", f, m, b }' "$region/blocks")"
same "a pool of huge pages lies in the region" \
	"$(awk '!/^#/ { n += $5 + $6 } END { print (n > 50000) }' "$region/blocks")" 1
for request in "count=$all" "count=$all partial=0" "count=$((all * 4 / 10))" "count=$all fast=1"; do
	alloc "order=4 $request" 2>/dev/null
	same "$request: all, or a reason" "$(honest)" ""
	[ "${request#*partial}" = "$request" ] || partial=$(last allocated)
	echo all >"$region/free"
done
same "partial=0 keeps nothing unless it is all" "$partial" $((partial ? all : 0))
same "the pool is as large as before" "$(cat /proc/sys/vm/nr_hugepages)" "$huge"
same "nothing was killed" "$(killed)" "$kills"
echo 0 >/proc/sys/vm/nr_hugepages
same "nothing is lost" "$(cma_free)" "$before"

# A file system in memory takes what is outside, then most of the region.
live_cache 90
md5sum "$live_dir"/* >/tmp/sums
# Down to what reclaim keeps free, or this program would be the one to be killed.
reserve=$(awk '$1 == "high" { pages += $2 } END { print int(pages / 256) + 4 }' /proc/zoneinfo)
fallocate -l "$(awk -v reserve="$reserve" '/^MemFree/ { f = $2 } /^CmaFree/ { c = $2 }
	END { d = int((f - c) / 1024) - reserve; print (d > 1 ? d : 1) }' /proc/meminfo)M" \
	"$live_dir/rest" 2>/dev/null
diag "$(awk '/^(MemFree|CmaFree)/ { printf "%s %s kB ", $1, $2 }' /proc/meminfo)"
for request in "count=$all" "count=$all workers=4" "count=$all partial=0"; do
	alloc "order=4 $request" 2>/dev/null
	same "full outside, $request: all, or ENOMEM and no_target" "$(honest)" ""
	[ "$request" != "count=$all" ] || short=$(last no_target)
	echo all >"$region/free"
done
compare "memory was short" "$short" -gt 0
same "nothing was killed" "$(killed)" "$kills"
check "the files are as they were" md5sum -c -s /tmp/sums
rm -f "$live_dir"/*
umount "$live_dir"
same "nothing is lost" "$(cma_free)" "$before"
finish
