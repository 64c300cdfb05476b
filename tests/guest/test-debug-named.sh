#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# EBUSY always names something, see named.sh: on a kernel that checks itself.
# parallel
# vm: --cma 64 --mem 1024 --timeout 300
# kernels: *-debug
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh
area=reserved
number=300
. /tests/guest/named.sh
