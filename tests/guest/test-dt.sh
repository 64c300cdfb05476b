#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Regions of the device tree beside one of the command line, and the module's
# own parameter.
# vm: --mem 2048 --cma 64 --dt-region codec=64 --dt-region npu=32 --timeout 120
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

plan 20
load_module
regions() { sed 1d $debugfs/regions; }
reserved_mib=$(sed -n 's/.* cma=\([0-9]*\)M.*/\1/p' /proc/cmdline)
same "each area once, with its source" "$(regions | awk '{ print $1, $3, $6 }' | sort)" \
	"codec 67108864 dt
npu 33554432 dt
reserved $((reserved_mib << 20)) cma"
# The kernel's words: "OF: reserved mem: initialized node codec, compatible ...",
# after "Reserved memory: created CMA memory pool at 0x..., size 64 MiB".
kernel_base() {
	sed -n 's/.*created CMA memory pool at \(0x[0-9a-f]*\), size '"$1"' MiB.*/\1/p' /vm/boot.log
}
same "the base of codec is the kernel's" \
	"$(regions | awk '$1 == "codec" { print $2 }')" "$(printf '0x%x' "$(kernel_base 64)")"
same "the base of npu is the kernel's" \
	"$(regions | awk '$1 == "npu" { print $2 }')" "$(printf '0x%x' "$(kernel_base 32)")"
same "a folder each" "$(cd $debugfs && echo */)" "codec/ npu/ reserved/"
same "together they are all the kernel has" \
	"$(regions | awk '{ n += $3 } END { print n / 1024 }')" \
	"$(awk '$1 == "CmaTotal:" { print $2 }' /proc/meminfo)"

# Each is filled to the last page while the others are left alone.
for name in codec npu; do
	use $name
	before=$(cma_free)
	others=$(for other in codec npu reserved; do
		[ $other = $name ] || awk '{ n += $7 } END { print n + 0 }' $debugfs/$other/blocks
	done)
	alloc order=4 count=$((pages / 16)) retries=50 retry_delay_ms=20
	same "$name: all of it" "$(last ret) $(last allocated) $(held)" \
		"0 $((pages / 16)) $pages"
	same "$name: aligned, inside, apart, complete" "$(chunks_wrong 0)" ""
	same "$name: the others hold nothing" "$others" "0
0"
	same "$name: one more" "$(errno "$region/alloc" 1)" ENOMEM
	echo all >"$region/free"
	same "$name: CmaFree as before" "$(cma_free)" "$before"
done

same "an engine that needs the kernel's handle works" \
	"$(errno "$region/alloc" "order=4 count=8 engine=cma_alloc") $(last allocated)" "OK 8"
echo all >"$region/free"
was=$(regions)
unload

# refused NAME PARAMETER
refused() {
	if modprobe cma_bulk "$2" 2>/dev/null; then
		not_ok "$1 is refused" "it was loaded"
		unload
	elif [ -d $debugfs ] || grep -q '^cma_bulk ' /proc/modules; then
		not_ok "$1 is refused" "but something is left"
	else
		ok "$1 is refused"
	fi
}
# The kernel's own image is memory, but no CMA area.
text=$(sed -n 's/^ *\([0-9a-f]*\)-.*: Kernel code.*/\1/p' /proc/iomem)
refused "a region that is no CMA area" "region=bogus:0x$(echo "$text" | sed 's/.....$/00000/'):0x400000"
refused "a region without an end" region=bogus:0x40000000
refused "a region that is no memory" region=bogus:0xfff000000000:0x400000
# shellcheck disable=SC2046 # the words of a line
set -- $(echo "$was" | head -n 1)
load "region=again:$2:$3"
same "a known area is not added again" "$(regions)" "$was"
unload
finish
