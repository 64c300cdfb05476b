#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Gigantic pages of hugetlb, in the kernel's own area for them: no kernel moves
# one. Each is named in one line, and its range is never tried.
# vm: --mem 2560 --append hugetlb_cma=1G --timeout 300
# kernels: arm64-5.10 arm64-6.1 arm64-6.12 arm64-7.2
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

pool=/sys/kernel/mm/hugepages/hugepages-32768kB/nr_hugepages
size=8192	# pages

plan 12
load_module
use "$(awk '$1 ~ /hugetlb/ { print $1; exit }' $debugfs/regions)"
before=$(cma_free)
all=$(possible 4)
echo 3 >$pool
same "there are three" "$(cat $pool)" 3
same "a line for each, where it begins" \
	"$(awk -v size=$size '!/^#/ { print $3, $1 % size }' "$region/blockers")" \
	"$(printf 'hugetlb 0\nhugetlb 0\nhugetlb 0')"
same "blocks counts all of their pages" \
	"$(awk '!/^#/ { n += $6 } END { print n }' "$region/blocks")" $((3 * size))
# The kernel's own word, twice for each.
check "the referee loads" modprobe cma_bulk_apitest region="${region##*/}"
same "alloc_contig_range() takes none of them" "$(awk '!/^#/ { print $1 }' "$region/blockers" |
	while read -r pfn; do
		for try in 1 2; do
			echo "$pfn $size" 2>/dev/null >/sys/kernel/debug/cma_bulk_apitest/referee &&
				echo "had $pfn at try $try"
		done
	done)" ""
check "the referee unloads" rmmod cma_bulk_apitest
alloc "order=4 count=$all retries=2 retry_delay_ms=1" 2>/dev/null
same "a request for all: EBUSY" "$(errno_of "$(last ret)")" EBUSY
same "it gets all but these" "$(last allocated)" $((all - 3 * size / 16))
same "no call was for nothing, in any round" "$(last contig_busy)" 0
diag "$(last contig_calls) calls, $(last rounds) rounds"
same "a line for each, still" "$(grep -c ' hugetlb ' "$region/blockers")" 3
echo all >"$region/free"
echo 0 >$pool
same "nothing is lost" "$(cma_free)" "$before"
check "unloads" unload
finish
