#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The build for Android's trimmed kernels, on one where nothing is trimmed: it
# finds all that it does not import. Then functions are treated as missing, one
# after the other: what is left, and what is said about it.
#
# kernels: arm64-6.1 arm64-6.12
# vm: --cma 128 --mem 896 --timeout 120
# gki
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

plan 34
capability() { sed -n "s/^$1: //p" $debugfs/capabilities; }
engines() { for e in bulk linear single cma_alloc cma_alloc_block; do capability engine_$e; done | cut -d ' ' -f 1 | tr '\n' ' '; }
# start [WITHOUT [PARAM]]
start() {
	log_new >/dev/null
	insmod /gki/cma_bulk.ko ${1:+"without=$1"} ${2:+"$2"} || exit 1
}
said() { log_new | sed -n 's/.*cma_bulk: \(.* not found.*\)/\1/p'; }
contig=alloc_contig_range
! grep -q ' alloc_contig_range_noprof$' /proc/kallsyms || contig=alloc_contig_range_noprof

start
same "nothing is missing" "$(capability missing)" none
same "nor is anything said" "$(said)" ""
same "all engines" "$(engines)" "yes yes yes yes yes "
use reserved
compare "the reader's rights are known" "$(($(awk '$1 == "reserved" { print $2 }' $debugfs/regions)))" -gt 0
before=$(cma_free)
check "a request" alloc order=4 count=1000
same "by the usual engine" "$(last engine) $(last allocated)" "bulk 1000"
same "chunks are whole" "$(chunks_wrong 0)" ""
echo all >"$region/free"
same "all went back" "$(cma_free)" "$before"
unload

start $contig
same "$contig: one sentence" "$(said)" \
	"$contig() not found: requests are served by cma_alloc()"
same "$contig: one line" "$(capability missing)" \
	"$contig() (requests are served by cma_alloc())"
same "$contig: engines" "$(engines)" "no no no yes yes "
same "$contig: why" "$(capability engine_bulk)" "no (alloc_contig_range() not found)"
same "$contig: the usual engine" "$(cat "$region/knobs/engine")" cma_alloc_block
same "$contig: other knobs" "$(errno "$region/knobs/order" 3) $(errno "$region/knobs/count" 9)" "OK OK"
same "$contig: others are refused" \
	"$(errno "$region/alloc" "engine=bulk count=1") $(errno "$region/alloc" "engine=linear count=1") $(errno "$region/alloc" "engine=single count=1")" \
	"EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP"
check "$contig: a request" alloc order=4 count=100
same "$contig: served" "$(last engine) $(last allocated) $(last contig_calls)" "cma_alloc_block 100 4"
same "$contig: chunks are whole" "$(chunks_wrong 0)" ""
same "$contig: blockers can be read" "$(head -n 1 "$region/blockers" | cut -c 1-5)" "# pfn"
same "$contig: in sysfs" "$(cat /sys/kernel/cma_bulk/reserved/held_bytes)" $((1600 * page_kb * 1024))
unload

start $contig,lru_add_drain_all,cma_alloc
same "nothing to allocate by: engines" "$(engines)" "no no no no no "
same "nothing to allocate by: a request" "$(errno "$region/alloc" "count=1")" EOPNOTSUPP
same "nothing to drain by" "$(capability drain)" "no (neither function found)"
same "three sentences" "$(said | wc -l)" 3
unload

start file_ns_capable
same "whose rights are not known reads no address" \
	"$(awk '$1 == "reserved" { print $2 }' $debugfs/regions) $(capability missing)" \
	"0x0 file_ns_capable() (every pfn and address reads as 0)"
unload

start for_each_kernel_tracepoint
same "no tracepoints: one sentence" "$(said)" \
	"for_each_kernel_tracepoint() not found: it is not recorded who calls cma_alloc()"
same "no tracepoints: why" "$(capability track_cma)" "no (for_each_kernel_tracepoint() not found)"
same "no tracepoints: nothing is tracked" "$(cat "$region/track") $(errno "$region/track" cma)" "off EOPNOTSUPP"
same "no tracepoints: references can be" "$(errno "$region/track" pins) $(cat "$region/track")" "OK pins"
unload

# An area that is named by hand, because the kernel's cannot be asked for.
start cma_for_each_area "region=a/b:$((base * page_kb * 1024)):$((pages * page_kb * 1024))"
same "a name is a directory" "$(ls /sys/kernel/cma_bulk)" "a!b"
same "the same in debugfs" "$(sed -n '2s/ .*//p' $debugfs/regions) $(cd $debugfs && echo *!*)" 'a!b a!b'
region="$debugfs/a!b"
check "a request there" alloc order=4 count=1000
same "is seen in sysfs" "$(cat "/sys/kernel/cma_bulk/a!b/held_bytes")" $((16000 * page_kb * 1024))
unload

start
use reserved
same "after all of that" "$(cma_free)" "$before"
unload
finish
