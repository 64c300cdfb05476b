#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Two all-or-nothing requests of which one fits: one gets it, the other one is
# told EBUSY or waits. Four writers at the same memory: each makes progress, and
# no wait is longer than what may come before it.
# parallel
# vm: --cma 128 --mem 896 --timeout 300
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

plan 16
load_module
use reserved
before=$(cma_free)
check "a driver that works outside loads" modprobe cma_bulk_apitest
harness rivals
rmmod cma_bulk_apitest
same "CmaFree as before" "$(cma_free)" "$before"
check "unloads" unload
finish
