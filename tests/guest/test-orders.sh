#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Every order, alignments above it, every engine; and more than there is.
# device: 64
# vm: --cma 128 --mem 896 --timeout 120
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

load_module
use "$area"

# spoilt ORDER: places for a chunk with a page of the kernel's.
spoilt() {
	awk -v size=$((1 << $1)) '$3 == "cma_user" { n[int($1 / size)] }
		END { for (i in n) k++; print k + 0 }' "$region/blockers"
}

# A chunk as large as the area cannot be had where the kernel has pages in it.
top=$(largest_order)
while [ "$top" -gt 0 ] && [ "$(spoilt "$top")" -ge "$(fits "$top")" ]; do top=$((top - 1)); done
engines=$(sed -n 's/^engine_\([a-z_]*\): yes$/\1/p' $debugfs/capabilities)
plan $((2 * (top + 1) + 7 + 3 * $(echo "$engines" | wc -l) + 8))
before=$(cma_free)

# A third of the area in each order that leaves room for two chunks.
order=0
while [ $order -le "$top" ]; do
	n=$(($(fits $order) / 3))
	[ $n -gt 0 ] || n=1
	[ $n -le 2000 ] || n=2000
	alloc order=$order count=$n
	same "order $order: $n of $n" "$(last ret) $(last allocated) $(held)" \
		"0 $n $((n << order))"
	same "order $order: aligned, inside, apart, complete" "$(chunks_wrong 0)" ""
	echo all >"$region/free"
	order=$((order + 1))
done

# ORDER ALIGN: where several chunks fit, and where one does.
for pair in "0 4" "0 9" "3 6" "4 10" "9 11" "4 0" "6 2"; do
	order=${pair% *} align=${pair#* }
	n=$(($(fits "$order" "$align") / 2))
	[ $n -le 500 ] || n=500
	alloc "order=$order align=$align count=$n"
	same "order $order align $align: $n of them" \
		"$(last ret) $(last allocated) $(chunks_wrong "$align")" "0 $n "
	echo all >"$region/free"
done

# Every engine gives what was asked for, and takes it back.
rcu_hurries
for engine in $engines; do
	alloc "order=4 count=$((pages / 64)) engine=$engine"
	same "$engine: a quarter" "$(last ret) $(last engine) $(last allocated) $(held)" \
		"0 $engine $((pages / 64)) $((pages / 4))"
	alloc "order=1 count=100 engine=$engine"
	same "$engine: two batches apart" "$(last ret) $(last allocated) $(chunks_wrong 0)" "0 100 "
	echo all >"$region/free"
	same "$engine: CmaFree as before" "$(cma_free)" "$before"
done
rcu_as_before

# More than there is: half is held, so more than half cannot be had.
alloc order=4 count=$((pages / 32))
first=$(last batch)
ask="order=4 count=$((pages / 32 + 1))"
was=$(awk '{ $5 = ""; print }' "$region/batches" "$region/chunks")
same "partial=0: ENOMEM" "$(errno "$region/alloc" "$ask partial=0")" ENOMEM
same "partial=0: nothing kept" "$(last allocated) $(last batch)" "0 0"
same "partial=0: batches and chunks as before" \
	"$(awk '{ $5 = ""; print }' "$region/batches" "$region/chunks")" "$was"
same "partial=0: CmaFree as before" "$(cma_free)" "$((before - pages * page_kb / 2))"
same "partial=1: ENOMEM" "$(errno "$region/alloc" "$ask partial=1")" ENOMEM
# All that can be had: what is in no block of 16 with a page of the kernel's.
same "partial=1: all that there is" "$(last allocated) $(chunks_wrong 0)" \
	"$((pages / 32 - $(spoilt 4))) "
echo "$first" >"$region/free"
same "partial=1: the rest is a batch of its own" "$(held)" $(($(last allocated) * 16))
echo all >"$region/free"
same "at the end CmaFree is as before" "$(cma_free)" "$before"
finish
