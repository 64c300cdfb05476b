#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A request finds what is free in a full region, wherever its search begins.
#
# vm: --cma 128 --mem 896 --timeout 300
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

plan 7
load_module
use reserved
before=$(cma_free)
harness search
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "unloads" unload
finish
