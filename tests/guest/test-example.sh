#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# examples/driver: a driver that asks by device for 4,800 chunks and maps them for
# DMA.
#
# kernels: arm64-*
# not: *-16k 4,800 chunks of order 4 are more than the region
# vm: --dt-region codec=384 --dt-root tests/guest/example.dts --mem 1536 --timeout 120
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

driver=/sys/bus/platform/drivers/cma_bulk_example
held_pages() { awk '!/^#/ { n += $7 } END { print n + 0 }' "$region/blocks"; }

plan 11
load_module
use codec
before=$(cma_free)
log_new >/dev/null
check "the driver loads" modprobe cma_bulk_example
device=$(cd $driver && echo *codec-device)
check "it has its device" test -d "$driver/$device"
same "4,800 chunks are held" "$(held_pages)" $((4800 * 16))
same "and mapped for DMA" "$(log_new | grep -o '4800 chunks in .* segments for DMA')" \
	"4800 chunks in 4800 segments for DMA"
same "cma_bulk stays" "$(rmmod cma_bulk 2>&1 | grep -o temporarily)" temporarily
echo "$device" >$driver/unbind
same "detached: nothing is held" "$(held_pages)" 0
same "CmaFree is back at its start" "$(cma_free)" "$before"
echo "$device" >$driver/bind
same "attached again" "$(held_pages)" $((4800 * 16))
same "and the log has no complaint" "$(log_new | grep -v 'segments for DMA')" ""
check "the driver unloads" rmmod cma_bulk_example
check "and cma_bulk" unload
finish
