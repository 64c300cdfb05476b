#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A process dies with pins, or while it makes them: nothing stays behind.
#
# vm: --cma 832 --timeout 400
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

plan 17
load_both
use reserved
before=$(cma_free)
harness kill
modprobe cma_bulk_pinner
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "both unload" unload_both
finish
