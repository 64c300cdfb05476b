#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A driver whose shrinker calls cma_bulk_free(), while memory runs out and
# requests work on the same pageblocks: nothing hangs, and nothing is lost.
# parallel
# kernels: arm64-6.12 arm64-6.12-rt arm64-backports *-debug
# vm: --cma 64 --mem 768 --timeout 300
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

plan 12
load_module
use reserved
before=$(cma_free)
check "a driver with a shrinker loads" modprobe cma_bulk_apitest
echo 100 >/sys/kernel/debug/cma_bulk_apitest/shrink
same "it has chunks" "$(sed -n 's/^has: //p' /sys/kernel/debug/cma_bulk_apitest/shrink)" 100
echo 2 >/proc/sys/vm/drop_caches
same "and gives them back when the kernel asks for it" \
	"$(sed -n 's/^has: //p' /sys/kernel/debug/cma_bulk_apitest/shrink)" 0
harness shrink
rmmod cma_bulk_apitest
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "unloads" unload
finish
