#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# EBUSY always names something: other users of the area, other requests, and what
# is gone when the list is read. In an area that the kernel itself does not use.
#
# parallel
# vm: --dt-region quiet=64 --timeout 300
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

apitest=/sys/kernel/debug/cma_bulk_apitest
hold() { echo "$1" >$apitest/hold; }

# fails ERRNO WORD…: what is wrong with a request that shall fail so.
fails() {
	wanted=$1
	shift
	alloc "$*" 2>/dev/null
	[ "$(errno_of "$(last ret)")" = "$wanted" ] || errno_of "$(last ret)"
}

# named: reasons, and "gone" behind those of what blocks no more.
named() {
	awk '!/^#/ { print $3 ($6 == "gone" ? " gone" : "") }' "$region/blockers" | sort -u
}

# isolated_blocks: numbers of the pageblocks that are named so, and still are.
isolated_blocks() {
	awk '$3 == "isolated" && $6 != "gone" { print $2 }' "$region/blockers" | xargs
}

# unit_blocks PFN: numbers of the pageblocks that are isolated together with that
# one: a pageblock, or the largest buddy where that is more.
unit_blocks() {
	unit=$(awk -v n=1 'NR == 1 { for (i = NF - 5; i > 0; i--) n *= 2; print n }' /proc/buddyinfo)
	[ "$unit" -gt "$block" ] || unit=$block
	seq -s ' ' $((($1 - base) / block)) $((($1 - base + unit) / block - 1))
}

plan 31
load_both
use quiet
before=$(cma_free)
all=$(possible 4)
check "a driver that works outside loads" modprobe cma_bulk_apitest region=quiet
same "nothing blocks at first" "$(named)" ""

# An outside caller.
hold 60000
same "beside an outside caller: EBUSY" "$(fails EBUSY order=4 count=1 fast=1)" ""
same "and that is named" "$(named)" "claimed"

# Another request, which has claimed all and waits for it.
alloc "order=4 count=$all workers=1" &
writer=$!
tries=0
until [ "$(grep -c ' claimed ' "$region/blockers")" -gt 2 ] || [ $tries = 100 ]; do
	tries=$((tries + 1))
	usleep 50000
done
same "each unit that a request has claimed is named once" \
	"$(awk '$3 == "claimed" && $7 == "cma_bulk" { n[$2]++ } END { for (b in n) if (n[b] > 1) print b, n[b] }' \
		"$region/blockers")" ""
same "beside it: EBUSY" "$(fails EBUSY order=0 count=1 fast=1)" ""
same "and all or nothing" "$(fails EBUSY order=4 count=4 fast=1 partial=0)" ""
same "and what is claimed is named" "$(named)" "claimed"
hold 0
wait $writer
echo all >"$region/free"
same "when both are gone, it is told what it was" "$(named)" "claimed gone"
check "a request that gets as much" alloc order=4 count=4
echo all >"$region/free"
same "ends that" "$(named)" ""

# A reference that is gone.
pin mode=legacy blocks=1 pages=1 seed=3
same "beside a pin: EBUSY" "$(fails EBUSY "order=4 count=$((pages / 16)) partial=0")" ""
same "it is named" "$(named)" "pinned"
unpin all
same "and also when it is gone" "$(named)" "pinned gone"
check "a request for less" alloc order=4 count=1
same "tells nothing of that" "$(named)" "pinned gone"
echo all >"$region/free"
check "a request for as much" alloc "order=4 count=$all"
same "does" "$(named)" ""
echo all >"$region/free"

# A user of the area that does not know of cma_bulk is in the middle of a call.
same "pageblocks are isolated" "$(errno $apitest/isolate $((base + pages / 2)))" OK
first=$(cat $apitest/isolate)
same "all or nothing: EBUSY" "$(fails EBUSY "order=4 count=$all fast=1 partial=0")" ""
same "each of them is named, and nothing else" "$(isolated_blocks)" "$(unit_blocks "$first")"
same "as isolated" "$(named)" "isolated"
same "a request that may take less: EBUSY" "$(fails EBUSY "order=4 count=$all partial=1")" ""
same "gets the rest" "$(last allocated)" $((all - $(unit_blocks "$first" | wc -w) * block / 16))
same "what blocks is still named" "$(named)" "isolated"
echo all >"$region/free"
same "the isolation ends" "$(errno $apitest/isolate 0)" OK
same "and is named for as long as nothing is had" "$(named)" "isolated gone"
check "a request for all of it" alloc "order=4 count=$all"
same "makes it forgotten" "$(named)" ""

rmmod cma_bulk_apitest
echo all >"$region/free"
same "nothing is lost" "$(cma_free)" "$before"
check "unloads" unload_both
finish
