#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Memory of a process that lay in the region is moved out before it is pinned.
#
# vm: --cma 832
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

plan 16
load_both
use reserved
before=$(cma_free)
harness longterm
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "both unload" unload_both
finish
