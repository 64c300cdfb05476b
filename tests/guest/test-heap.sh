#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# /dev/dma_heap/cma_bulk-reserved: what it gives and refuses, devices that share
# its buffers, processes that are killed; and that nothing is lost.
# The kernel itself must not clear what it allocates, which would hide what the heap does not.
#
# device: 64
# vm: --cma 128 --mem 1024 --append init_on_alloc=0 --timeout 240 --module vgem --module drm_shmem_helper --module drm_kms_helper --module drm
# parallel
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

node=/dev/dma_heap/cma_bulk-$area
# heap BYTES: what the example says.
heap() { /heap-client "$node" "$1" 2>&1; }

if on_device && ! { load_module && grep -q '^heap: yes' $debugfs/capabilities && unload; }; then
	skip_all "$(sed -n 's/^heap: no //p' $debugfs/capabilities)"
fi

plan 83
load_module
use "$area"
same "the capability" "$(sed -n 's/^heap: //p' $debugfs/capabilities)" yes
check "the node is there" test -c "$node"
same "for root only" "$(stat -c %a "$node")" 600
before=$(cma_free)
chunk=$((16 * page_kb * 1024))
same "the example, and half a chunk" "$(heap $((chunk / 2)))" "$chunk bytes, the first is 0"
same "the example again, over what it wrote" "$(heap $((chunk / 2)))" "$chunk bytes, the first is 0"
same "requests of the heap are recorded" "$(last order) $(last requested) $(last ret)" "4 1 0"

order=/sys/kernel/cma_bulk/$area/heap_order
if [ -w "$order" ]; then
	echo 2 >"$order"
	same "chunks of another order" "$(heap 1)" "$((4 * page_kb * 1024)) bytes, the first is 0"
	echo 4 >"$order"
else
	skip "chunks of another order" "no sysfs"
fi

harness heap
harness heaperrors
check "a driver that imports loads" modprobe cma_bulk_apitest
harness heapimport
if ! on_device; then
	lsmod | grep -q '^vgem ' && rmmod vgem
	for m in drm_shmem_helper drm_kms_helper drm; do rmmod $m 2>/dev/null; done
fi
rmmod cma_bulk_apitest
harness heaprandom "$(often 16)"
same "CmaFree is back at its start" "$(cma_free)" "$before"

# One page of each pageblock cannot be moved.
check "the pinner loads" modprobe cma_bulk_pinner
pin "blocks=$((pages / block))"
same "all of a region with pins: EBUSY" "$(heap $((pages * page_kb * 1024)))" \
	"DMA_HEAP_IOCTL_ALLOC: Device or resource busy"
unpin all
rmmod cma_bulk_pinner

check "unloads" unload
check "the node is gone" test ! -e "$node"
finish
