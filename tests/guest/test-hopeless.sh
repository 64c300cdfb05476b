#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What cannot be had beside what is held is told before anything is taken:
# ENOMEM. What lingers or is in flight is no reason for that: EBUSY, and
# "blockers" names it.
#
# device: 64
# vm: --cma 128 --mem 896
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

apitest=/sys/kernel/debug/cma_bulk_apitest

# said: the end of the last request.
said() {
	echo "$(errno_of "$(last ret)") $(last allocated) chunks, $(last contig_calls) calls, $(last pages_free) pages"
}
lingering() { blocking lingering | wc -l; }

plan 24
load_both
use "$area"
before=$(cma_free)
all=$(possible 4)
held=$((all * 6 / 10))
check "60 % are held" alloc "order=4 count=$held"
alloc "order=4 count=$((all / 2)) partial=0" 2>/dev/null
same "half of it, all or nothing" "$(said)" "ENOMEM 0 chunks, 0 calls, 0 pages"
alloc "order=4 count=$((all / 2)) partial=0 retries=-1" 2>/dev/null
same "nor for ever" "$(said)" "ENOMEM 0 chunks, 0 calls, 0 pages"
alloc "order=4 count=$((all / 2)) partial=0 fast=1" 2>/dev/null
same "nor fast" "$(said)" "ENOMEM 0 chunks, 0 calls, 0 pages"
for engine in linear single; do
	alloc "order=4 count=$((all / 2)) partial=0 engine=$engine" 2>/dev/null
	same "nor by engine $engine" "$(said)" "ENOMEM 0 chunks, 0 calls, 0 pages"
done
same "nothing else has changed" "$(held)" $((held * 16))
alloc "order=4 count=$((all / 2)) partial=1" 2>/dev/null
same "a part is taken and ENOMEM told" "$(errno_of "$(last ret)") $(last allocated)" \
	"ENOMEM $((all - held))"
# Where another user of the area has pages is a place, too: those are like pins.
alloc "order=4 count=$(($(fits 4) - all + 1))" 2>/dev/null
same "then there is nothing left" "$(errno_of "$(last ret)") $(last allocated)" "ENOMEM 0"
echo all >"$region/free"

# A page of each pageblock.
alloc "order=0 align=$block_order count=$(fits 0 "$block_order")" 2>/dev/null
alloc "order=$block_order count=$(($(fits "$block_order") - $(last allocated) + 1)) partial=0" 2>/dev/null
same "a pageblock where each has a held page" "$(said)" "ENOMEM 0 chunks, 0 calls, 0 pages"
echo all >"$region/free"

# Pages given back that a device still reads.
check "a driver loads" modprobe cma_bulk_apitest
echo 8 >$apitest/linger
same "8 pages linger" "$(lingering)" 8
same "they are the module's own" \
	"$(awk '$3 == "lingering" { print $7 }' "$region/blockers" | sort -u)" cma_bulk
alloc "order=4 count=$all partial=0" 2>/dev/null
same "all or nothing: EBUSY" "$(errno_of "$(last ret)") $(last allocated)" "EBUSY 0"
alloc "order=4 count=$all" 2>/dev/null
same "a part: EBUSY" "$(errno_of "$(last ret)") $(($(last allocated) < all))" "EBUSY 1"
echo all >"$region/free"
alloc "order=4 count=$all partial=0 retries=-1" &
writer=$!
usleep 500000
echo 0 >$apitest/linger
wait $writer
same "with retries it gets all when the device is done" "$? $(last allocated)" "0 $all"
same "nothing lingers" "$(lingering)" 0
echo all >"$region/free"

# All but one chunk is in flight, of a request that waits for a pin to go.
pin mode=legacy blocks=1 pages=1 seed=3
alloc "order=4 count=$all partial=0 retries=-1 retry_delay_ms=20" 2>/dev/null &
writer=$!
tries=0
until [ "$(awk '!/^#/ { n += $4 } END { print n }' "$region/blocks")" -lt 512 ] ||
	[ $tries = 100 ]; do
	tries=$((tries + 1))
	usleep 100000
done
compare "nearly all is in flight" "$tries" -lt 100
alloc "order=4 count=$((all / 2))" 2>/dev/null
same "half of it: EBUSY" "$(errno_of "$(last ret)")" EBUSY
echo all >"$region/free"
alloc "order=4 count=$((all / 2)) partial=0" 2>/dev/null
same "all or nothing: EBUSY" "$(errno_of "$(last ret)") $(last allocated)" "EBUSY 0"
compare "with something to name" "$(grep -vc '^#' "$region/blockers")" -gt 0
kill -KILL $writer
wait $writer
check "when that request is killed there is enough" alloc "order=4 count=$((all / 2)) partial=0"
echo all >"$region/free"
unpin all
rmmod cma_bulk_apitest
same "nothing is lost" "$(cma_free)" "$before"
check "unloads" unload_both
finish
