#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A kernel without any CMA area.
# vm: --append cma=0 --timeout 60
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

plan 6
same "the kernel has no area" "$(awk '$1 == "CmaTotal:" { print $2 }' /proc/meminfo)" 0
log_new >/dev/null
check "the module loads" modprobe cma_bulk
same "regions is empty" "$(cat $debugfs/regions)" \
	"# name base size_bytes pageblocks pageblock_pages source"
same "no folder" "$(find $debugfs -mindepth 1 -type d)" ""
log=$(log_new | grep 'cma_bulk: ' | grep -v 'out-of-tree\|verification')
case $log in
*"cma="*"shared-dma-pool"*"reusable"*"/reserved-memory"*) ok "the log says what to add" ;;
*) not_ok "the log says what to add" "$log" ;;
esac
check "and unloads" rmmod cma_bulk
finish
