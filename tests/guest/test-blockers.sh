#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Who is in the way: the list against the pinner's own, and against page cache
# that is being written back.
# vm: --cma 832 --timeout 280 --module null_blk --module configfs --module ext4 --module jbd2 --module mbcache --module crc16 --module crc32c_generic --module libcrc32c
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

pinner=/sys/kernel/debug/cma_bulk_pinner
blocked() { awk -v why="$1" '$3 == why { print $1 }' "$region/blockers" | sort -n; }
pinned() { sed 1d $pinner/pfns | awk '{ print $2 }' | sort -n; }

plan 20
load_module
check "the pinner loads" modprobe cma_bulk_pinner
use reserved
before=$(cma_free)
same "nothing is pinned at first" "$(blocked pinned)" ""

for pages_each in 1:1 10:10 100:100; do
	blocks=${pages_each%:*}
	[ "$blocks" -le $((pages / block)) ] || blocks=$((pages / block))
	echo "region=reserved mode=legacy blocks=$blocks pages=${pages_each#*:} seed=5" >$pinner/pin
	n=$((blocks * ${pages_each#*:}))
	same "$n pins: that many" "$(pinned | wc -l)" $n
	pinned >/tmp/pinned
	blocked pinned >/tmp/blocked
	same "$n pins: the same pages" "$(cmp /tmp/pinned /tmp/blocked 2>&1)" ""
	echo all >$pinner/unpin
	same "$n pins: gone when they are" "$(blocked pinned)" ""
done

echo "region=reserved mode=legacy dma=1 blocks=7 pages=3 seed=9" >$pinner/pin
pinned >/tmp/pinned
blocked dma_pinned >/tmp/blocked
same "a FOLL_PIN is told from a reference" "$(wc -l </tmp/blocked) $(cmp /tmp/pinned /tmp/blocked 2>&1)" "21 "
same "each line: in the region, block, reason, owner" "$(awk -v base="$base" -v pages="$pages" \
	-v block="$block" 'NR > 1 && (NF != 11 || $1 < base || $1 >= base + pages ||
		$2 != int(($1 - base) / block) || $3 == "dma_pinned" && $7 !~ /^file/)' \
	"$region/blockers")" ""
echo all >$pinner/unpin
rmmod cma_bulk_pinner

# A slow disk in memory, with a file system.
modprobe configfs && modprobe null_blk nr_devices=0 && modprobe crc32c_generic && modprobe ext4
mount -t configfs config /sys/kernel/config 2>/dev/null
disk=/sys/kernel/config/nullb/nullb0
if mkdir $disk && echo 1 >$disk/memory_backed && echo 400 >$disk/size &&
	echo 40 >$disk/mbps && echo 1 >$disk/power; then
	device=/dev/nullb0
	mke2fs -b 4096 "$device" >/dev/null 2>&1
	mkdir /tmp/disk
	check "a slow disk" mount -t ext4 "$device" /tmp/disk
	dd if=/dev/zero of=/tmp/disk/file bs=1M count=200 2>/dev/null
	same "its cache lives in the region" \
		"$(awk -v kb="$page_kb" 'NR > 1 { n += $5 + $6 } END { print (n * kb > 80000) }' \
		"$region/blocks")" 1
	inode=$(stat -c %i /tmp/disk/file)
	sync &
	syncer=$!
	# As soon as the writer is at work on more than the disk's metadata.
	while kill -0 $syncer 2>/dev/null; do
		cat "$region/blockers" >/tmp/list
		[ "$(grep -c ' writeback ' /tmp/list)" -gt 100 ] && break
	done
	same "pages under writeback are named" \
		"$(awk '$3 == "writeback" { n++ } END { print (n > 0) }' /tmp/list)" 1
	same "with their flag" "$(awk '$3 == "writeback" && $6 !~ /writeback/' /tmp/list)" ""
	# The one that has most of them; some are the disk's metadata.
	same "and their file" "$(awk '$3 == "writeback" { print $7 }' /tmp/list | sort |
		uniq -c | sort -n | awk 'END { print $2 }')" "file:$(stat -c '%t %T' "$device" | awk '{ print $1 ":" $2 }' |
		awk -F: '{ printf "%d:%d", "0x" $1, "0x" $2 }'):$inode"
	wait $syncer
	same "gone when it is done" "$(blocked writeback)" ""
	umount /tmp/disk
	echo 0 >$disk/power
	rmdir $disk
	umount /sys/kernel/config
	for m in null_blk ext4 mbcache jbd2 crc32c_generic libcrc32c crc16 configfs; do
		[ ! -d /sys/module/$m/holders ] || rmmod $m 2>/dev/null
	done
	echo 3 >/proc/sys/vm/drop_caches
else
	for t in 1 2 3 4 5 6; do skip "writeback $t" "no null_blk with memory"; done
fi
same "nothing is lost" "$(cma_free)" "$before"
finish
