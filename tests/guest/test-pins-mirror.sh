#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A device that mirrors memory instead of pinning it does not stand in the way.
#
# alone
# kernels: arm64-6.12 arm64-5.10 arm64-backports
# vm: --cma 128 --mem 896 --timeout 400
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

plan 20
load_both
use reserved
before=$(cma_free)
rcu_hurries
harness mirror
harness duel
rcu_as_before
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "both unload" unload_both
finish
