#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# An area of several ranges, which hugetlb makes where memory has a hole: a
# region for each range, all of it usable, and no warning of the kernel's. A
# page of 1 GiB fits three times, around a hole of 64 MiB at 6.5 GiB.
# vm: --mem 7168 --append hugetlb_cma=3G --append default_hugepagesz=1G
# vm: --append nokaslr --append memmap=64M$0x1A0000000 --append init_on_alloc=0
# vm: --timeout 180
# kernels: amd64-backports
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

plan 20
same "the area has two ranges" \
	"$(sed -n 's/.*cma: Reserved \(.*\)/\1/p' /vm/boot.log)" "3072 MiB in 2 ranges"
log_new >/dev/null
load_module
same "a region for each" "$(awk '!/^#/ { print $1, $2, $3, $6 }' $debugfs/regions)" \
	"hugetlb0 0x100000000 2147483648 cma
hugetlb0-2 0x1c0000000 1073741824 cma"
same "nothing is skipped" "$(sed 1d $debugfs/skipped)" ""
same "no warning" "$(log_new | grep -iE 'warn|cut here|is no region')" ""

# hugetlb takes its pages of the area, too, but here it has none yet.
before=$(cma_free_raw)
for name in hugetlb0 hugetlb0-2; do
	use $name
	chunks=$((pages >> 9))
	check "$name: all of it" alloc order=9 count=$chunks retries=50 retry_delay_ms=20
	same "$name: is held" "$(last allocated) $(held)" "$chunks $pages"
	same "$name: aligned, inside, apart, complete" "$(chunks_wrong 0)" ""
	echo all >"$region/free"
	check "$name: chunks smaller than a bit of the kernel's bitmap" alloc order=4 count=100
	same "$name: complete" "$(held) $(chunks_wrong 0)" "1600 "
	echo all >"$region/free"
	# cma_alloc() would take pages of any range.
	for engine in cma_alloc cma_alloc_block; do
		same "$name: $engine is refused" \
			"$(errno "$region/alloc" "order=9 count=1 engine=$engine")" EOPNOTSUPP
	done
done
echo 1 >/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages
same "hugetlb gets its page of the area" "$(awk '$1 == "HugePages_Total:" { print $2 }' /proc/meminfo)" 1
echo 0 >/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages
# Memory of the shell's may have moved into the area, but nothing of ours is left.
lost=$((before - $(cma_free_raw)))
if [ $lost -lt 8192 ]; then
	ok "CmaFree as before"
else
	not_ok "CmaFree as before" "$lost kB are missing"
fi
unload
finish
