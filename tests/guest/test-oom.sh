#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Memory runs out, up to the kernel killing a process, while requests move
# pages: they end with success, ENOMEM or EBUSY, and nothing is lost.
#
# vm: --cma 128 --mem 896 --timeout 300
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

plan 9
load_module
use reserved
before=$(cma_free)
harness oom
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "unloads" unload
finish
