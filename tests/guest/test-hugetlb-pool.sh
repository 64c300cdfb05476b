#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# This kernel never moves a huge page, not even one that is unused in the pool. One
# look tells that: each is named, and none is tried.
# vm: --mem 1200 --cma 512 --timeout 300
# kernels: arm64-5.10
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

plan 10
load_module
use reserved
before=$(cma_free)
all=$(possible 4)
echo 330 >/proc/sys/vm/nr_hugepages
named=$(grep -c ' hugetlb ' "$region/blockers")
diag "$(cat /proc/sys/vm/nr_hugepages) huge pages, $((named / 512)) of them in the region"
check "huge pages lie in the region" [ "$named" -gt 512 ]
same "each page of each is named" $((named % 512)) 0
same "blocks shows them as busy, and what another user has" \
	"$(awk '!/^#/ { n += $6 } END { print n }' "$region/blocks")" $((named + $(kernel_pages)))
alloc "order=4 count=$all" 2>/dev/null
same "a request for all: EBUSY" "$(errno_of "$(last ret)")" EBUSY
calls=$(last contig_calls) got=$(last allocated)
same "it gets all but these" "$got" $((all - named / 16))
same "no call was for nothing" "$(last contig_busy)" 0
same "and they are named" "$(grep -c ' hugetlb ' "$region/blockers")" "$named"
echo all >"$region/free"
alloc "order=4 count=$all engine=linear" 2>/dev/null
diag "bulk: $got chunks in $calls calls; linear: $(last allocated) in $(last contig_calls)"
check "linear makes at least as many calls" [ "$calls" -le "$(last contig_calls)" ]
echo all >"$region/free"
echo 0 >/proc/sys/vm/nr_hugepages
same "nothing is lost" "$(cma_free)" "$before"
check "unloads" unload
finish
