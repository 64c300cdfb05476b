#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Every allocation of loading the modules fails once.
#
# vm: --mem 1024 --cma 32 --timeout 300
# leaks
# kernels: *-debug
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh
. /tests/guest/debug.sh

region=reserved
plan 8
load_both
use reserved
before=$(cma_free)
unload_both
harness faultload
load_both
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "both unload" unload_both
no_leaks "nothing is leaked"
finish
