#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A mix of pages of all kinds in the region: what the module says of each is what
# alloc_contig_range() does with it. docs/agreement.md is made of these lines.
# vm: --cma 320 --mem 1536 --timeout 500 --module null_blk --module configfs --module ext4 --module jbd2 --module mbcache --module crc16 --module crc32c_generic --module libcrc32c --module lz4_compress --module lz4hc_compress --module zsmalloc --module zram
# harness
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

kinds="anon mlocked ksm thp thp_part thp_ptes shmem cache dirty swapcache
vmsplice hugetlb hugetlb_pool surplus shmem_huge zsmalloc odirect hwpoison cma_user pinned dma_pinned free other"
never="slab pagetable offline"

# Why a kind may be missing, for the kernels and sizes of pages that lack it.
absent() {
	case $1 in
	thp* | shmem_huge) [ "$page_kb" = 4 ] || echo "a huge page of this kernel is 32 MiB" ;;
	hugetlb*) [ -e /proc/sys/vm/nr_hugepages ] && [ "$page_kb" = 4 ] || echo "no huge pages of a few MiB" ;;
	surplus) [ -e /sys/kernel/mm/hugepages/hugepages-64kB ] || echo "no huge pages of 64 KiB" ;;
	zsmalloc) [ -b /dev/zram0 ] || echo "no zram" ;;
	odirect) [ -e /tmp/slow/reads/io.max ] || echo "no limit for what is read from a disk" ;;
	hwpoison) [ -e /proc/sys/vm/memory_failure_recovery ] || echo "no CONFIG_MEMORY_FAILURE" ;;
	cma_user) [ "$(uname -m)" = aarch64 ] || [ -d "$area" ] || echo "no other user of the area" ;;
	ksm) [ -e /sys/kernel/mm/ksm/run ] || echo "no CONFIG_KSM" ;;
	swap*) [ -e /proc/swaps ] || echo "no CONFIG_SWAP" ;;
	esac
}

# disk NAME MIB: a disk in memory
disk() {
	disk_dir=/sys/kernel/config/nullb/$1
	mkdir "$disk_dir" && echo 1 >"$disk_dir/memory_backed" &&
		echo "$2" >"$disk_dir/size" && echo 1 >"$disk_dir/power"
}

undisk() {
	[ ! -d "/sys/kernel/config/nullb/$1" ] || {
		echo 0 >"/sys/kernel/config/nullb/$1/power"
		rmdir "/sys/kernel/config/nullb/$1"
	}
}

# shellcheck disable=SC2086 # words
set -- $kinds $never
plan $(($# + 3))
load_module
use reserved
check "the test module loads" modprobe cma_bulk_apitest
check "the pinner loads" modprobe cma_bulk_pinner
modprobe configfs && modprobe null_blk nr_devices=0 && { modprobe crc32c_generic 2>/dev/null; modprobe ext4; }
mount -t configfs config /sys/kernel/config 2>/dev/null
folder=/tmp
if disk nullb0 64 && mke2fs -b 4096 /dev/nullb0 >/dev/null 2>&1 && mkdir /tmp/disk &&
	mount -t ext4 /dev/nullb0 /tmp/disk; then
	folder=/tmp/disk
fi
disk nullb1 64 && mkswap /dev/nullb1 >/dev/null && swapon /dev/nullb1
echo 3 >/proc/sys/vm/page-cluster
modprobe lz4_compress 2>/dev/null
modprobe lz4hc_compress 2>/dev/null
modprobe zsmalloc 2>/dev/null
modprobe zram && echo 64M >/sys/block/zram0/disksize
# Reads of that disk last until the harness raises the limit.
mkdir /tmp/slow
disk nullb2 4 && mount -t cgroup2 cgroup /tmp/slow && mkdir /tmp/slow/reads &&
	echo +io >/tmp/slow/cgroup.subtree_control &&
	echo "$(cat /sys/block/nullb2/dev) rbps=64" >/tmp/slow/reads/io.max
mkdir /tmp/huge
mount -t tmpfs -o huge=always,size=256m tmpfs /tmp/huge
# Where the kernel itself takes nothing of the area, it can be told to.
area=$(echo /sys/kernel/debug/cma/*reserved)
[ ! -d "$area" ] || echo 64 >"$area/alloc"
pinner=/sys/kernel/debug/cma_bulk_pinner
echo "region=reserved mode=legacy blocks=4 pages=8 seed=3" >$pinner/pin
echo "region=reserved mode=legacy dma=1 blocks=4 pages=8 seed=4" >$pinner/pin

/harness referee reserved $folder >/tmp/verdicts 2>&1
said=$?
echo all >$pinner/unpin
[ ! -d "$area" ] || echo 64 >"$area/free"
swapoff /dev/nullb1
umount /tmp/disk
umount /tmp/huge
# What is absent is found out before the devices go.
for kind in $kinds; do absent "$kind" >"/tmp/absent.$kind"; done
[ ! -b /dev/zram0 ] || echo 1 >/sys/block/zram0/reset
undisk nullb2
undisk nullb1
undisk nullb0
[ ! -d /tmp/slow/reads ] || rmdir /tmp/slow/reads
umount /tmp/slow 2>/dev/null
umount /sys/kernel/config
[ ! -e /proc/sys/vm/nr_hugepages ] || echo 0 >/proc/sys/vm/nr_hugepages
surplus=/sys/kernel/mm/hugepages/hugepages-64kB/nr_overcommit_hugepages
[ ! -e $surplus ] || echo 0 >$surplus
for m in cma_bulk_pinner cma_bulk_apitest zram zsmalloc lz4hc_compress lz4_compress null_blk ext4 mbcache jbd2 crc32c_generic libcrc32c crc16 configfs; do
	[ ! -d /sys/module/$m/holders ] || rmmod $m 2>/dev/null
done
same "the referee is through" $said 0
[ $said = 0 ] || diag "$(cat /tmp/verdicts)"
diag "$(grep '^wrong' /tmp/verdicts)"
diag "$(uname -r): kind pages agree wrong changed named"
for kind in $kinds $never; do
	# shellcheck disable=SC2046 # numbers
	set -- $(awk -v kind="$kind" '$1 == kind { print $2, $3, $4, $5, $6 }' /tmp/verdicts) 0 0 0 0 0
	diag "agreement: $kind $1 $2 $3 $4 $5"
	case " $never " in
	*" $kind "*)
		same "no page of the kind $kind is in a CMA area" "$1" 0
		continue
		;;
	esac
	why=$(cat "/tmp/absent.$kind")
	if [ "$1" = 0 ] && [ "$why" ]; then
		skip "$kind" "$why"
	elif [ "$1" -gt "$4" ] && [ $(($3 * 1000)) -le $(($1 - $4)) ]; then
		ok "$kind: at least 99.9 % agree"
	else
		not_ok "$kind: at least 99.9 % agree" "$1 pages: $2 agree, $3 do not, $4 changed"
	fi
done
finish
