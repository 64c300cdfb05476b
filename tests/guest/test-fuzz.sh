#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Random writes, ioctls and use of a heap, from eight processes at once, while the modules
# are unloaded and loaded again: nothing is lost. 1,000 of each on a kernel that
# checks itself, where each takes ten times as long and most of what goes wrong is seen.
#
# parallel
# kernels: arm64-6.12 arm64-backports *-debug
# device: 32
# vm: --mem 1024 --cma 32 --timeout 400
# leaks
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

# Its harness' log says with which; give it here to repeat it.
seed=$(awk '{ print int($1 * 100) }' /proc/uptime)

number=$(often 2500)
[ ! -e /sys/kernel/debug/kmemleak ] || number=1000

plan 16
load_both
use "$area"
before=$(cma_free)
# Where batches hold the area, one call of cma_alloc() tries each of its 8,192
# pages, and no deadline ends it: 2 s, or 137 s of ordinary grace periods on rt.
rcu_hurries
harness fuzz "$seed:$number"
rcu_as_before
load_both
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "both unload again" unload_both
finish
