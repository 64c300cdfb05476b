#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Two writers at once, then four: nobody gets what somebody else has, nor gives
# up because somebody else is just at work on what he needs.
# vm: --cma 128 --mem 896 --timeout 300
# harness
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

plan 19
load_module
use reserved
before=$(cma_free)
harness writers
same "CmaFree as before" "$(cma_free)" "$before"
check "unloads" unload
finish
