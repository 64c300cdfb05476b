#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A pool that buffers are made of is cleared ahead, from the first of them on. The kernel
# itself clears nothing here.
#
# vm: --cma 128 --mem 1024 --append init_on_alloc=0 --timeout 240
# parallel
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh
. /tests/guest/heap-clear.sh

plan 15
load_module
use reserved
before=$(cma_free)
# request ORDER: chunks from the pool, and how many more of them were clear.
request() {
	clear_before=$(sum pool_clear)
	errno "$region/alloc" "order=$1 count=$some"
	echo "$(last pool_chunks) $(($(sum pool_clear) - clear_before))"
	echo all >"$region/free"
}

echo $((2 * some)) >$sysfs/pool_chunks
chunk=$((16 * page_kb * 1024))
pool_is_full
same "nothing is cleared for requests" "$(request 4 | tr '\n' ' ')" "OK $some 0 "
echo 0 >$sysfs/pool_chunks
check_clear "$some $((2 * some)) $((3 * some))"
# Another order, and no buffer had that.
echo 2 >$sysfs/pool_order
echo $((8 * some)) >$sysfs/pool_chunks
pool_is_full
same "nor for buffers of another order" "$(request 2 | tr '\n' ' ')" "OK $some 0 "
echo 0 >$sysfs/pool_chunks
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "unloads" unload
finish
