#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Both modules load and unload by libkmod; the pinner takes what it pinned with
# it, but stays while its file is open.
#
# device: 64 soak
# vm: --cma 832
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

region=$area
plan 49
harness modules
check "cma_bulk loads" /harness load cma_bulk
check "and the pinner" /harness load cma_bulk_pinner
use "$area"
before=$(cma_free)
harness ioctl
harness busy

nr=$((pages / block < 20 ? pages / block : 20))
check "legacy pins" pin blocks=$nr pages=3
check "transient ones" pin mode=transient blocks=$nr pages=3 hold_ms=5
check "longterm ones" pin mode=longterm blocks=5 pages=3
check "the pinner unloads with all of them" /harness unload cma_bulk_pinner
ask 4
same "they are gone: all can be had" "$(last allocated)" "$(possible 4)"
echo all >"$region/free"
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "cma_bulk unloads" /harness unload cma_bulk
finish
