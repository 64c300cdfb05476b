#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Where the kernel clears what it allocates (init_on_alloc=1, the default of
# distributions), the heap does not do it again, and its buffers are clear.
#
# vm: --cma 128
# parallel
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh
. /tests/guest/heap-clear.sh

plan 12
load_module
use reserved
before=$(cma_free)
check_clear ""
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "unloads" unload
finish
