#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Every allocation of requests, pins, the device and the files fails once, then
# many by chance: an errno or success each time, and nothing is lost.
#
# vm: --mem 1024 --cma 32 --timeout 300
# kernels: *-debug
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh
. /tests/guest/debug.sh

plan 46
load_both
use reserved
before=$(cma_free)
harness faults
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "both unload" unload_both
no_leaks "nothing is leaked"
finish
