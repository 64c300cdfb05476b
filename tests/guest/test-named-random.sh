#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# EBUSY always names something, see named.sh. The kernel itself uses nothing here.
# parallel
# kernels: arm64-6.12 arm64-backports
# vm: --dt-region quiet=64 --append cma=0 --timeout 300
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh
area=quiet
number=$(often 900)
. /tests/guest/named.sh
