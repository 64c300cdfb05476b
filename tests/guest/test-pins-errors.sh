#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the pinner refuses, and that nothing is pinned then.
#
# device: 16
# vm: --cma 128 --mem 896
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

refused() {
	same "${4-$3}: $1" "$(errno "$2" "$3")" "$1"
}

none() {
	same "$1: nothing is pinned" "$(sed 1d $pinner/pins) $(pinned pins)" " 0"
}

plan 34
load_both
use "$area"
before=$(cma_free)

for word in blocks=0 pages=0 blocks=-1 blocks=x blocks= pages=1x \
	blocks=4294967296 pages=18446744073709551617 hold_ms=600001 jitter_ms=-1 \
	mode=nonsense mode= mode seed=0x1g dma=maybe Blocks=1 nonsense=1 =1 '\377=\001'; do
	refused EINVAL $pinner/pin "region=$area $word" "$word"
done
refused EINVAL $pinner/pin "blocks=1" "no region"
refused EINVAL $pinner/pin "region= blocks=1" "an empty region"
refused ENOENT $pinner/pin "region=nonsense" "an unknown region"
refused E2BIG $pinner/pin "region=$area blocks=$((pages / block + 1))" "a block too many"
refused E2BIG $pinner/pin "region=$area pages=$((block + 1))" "a page too many"
refused EOPNOTSUPP $pinner/pin "region=$area mode=mirror" "mirror, which needs a process"
none "after all that"
refused ENOENT $pinner/unpin 1 "unpin an unknown number"
refused EINVAL $pinner/unpin nonsense
refused EINVAL $pinner/knobs/migrate_max -2
refused EINVAL $pinner/knobs/isolate_max 1x
same "the knobs are as before" "$(cat $pinner/knobs/migrate_max $pinner/knobs/isolate_max)" "10
100"

# Page by page: the kernel's own pages in the area may leave a part of a chunk.
ask 0
refused EBUSY $pinner/pin "region=$area" "a region that is held"
echo all >"$region/free"
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "both unload" unload_both
finish
