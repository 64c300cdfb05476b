#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Live pages beside pins, and what could be had then in theory: what benchmarks
# stand on.
# device: 64
# vm: --cma 256 --mem 1536 --timeout 120
# harness
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

blocks_with() { awk -v c="$1" '!/^#/ && $c { print $1 }' "$region/blocks"; }
theory() { /harness theory "${region##*/}" "$1" "$2"; }

plan 11
load_both
use "$area"
before=$(cma_free)
others=$(kernel_pages)
some=$((block / 4))

pin mode=legacy pages=0 fill=$some blocks=5 seed=3
# A shell's page may lie beside them.
same "so many live pages in each of five pageblocks" \
	"$(awk -v n=$some '!/^#/ && $5 >= n { k++ } END { print k + 0 }' "$region/blocks")" 5
same "which nobody holds" "$(pinned pages_placed) $(kernel_pages)" "0 $others"
blocks_with 5 >/tmp/first
pin mode=legacy pages=2 skip=5 blocks=3 seed=3
same "six pins beside them" "$(pinned pages_placed)" 6
same "in other pageblocks" "$(awk 'NR == FNR { first[$1] = 1; next }
	!/^#/ && $3 == "pinned" && ($2 in first)' /tmp/first "$region/blockers")" ""

# shellcheck disable=SC2046 # two numbers
set -- $(theory 4 "$(fits 4)")
same "in theory there are the chunks without a pin" "$1" "$(possible 4)"
within "at the price of the live pages" "$2" $((5 * some)) $((5 * some + 64))
# shellcheck disable=SC2046 # two numbers
set -- $(theory 4 1)
same "one is for nothing" "$2" 0
ask 4
same "bulk obtains all of them" "$(last allocated)" "$(possible 4)"
compare "and migrates all live pages" "$(last pages_migrated)" -ge $((5 * some))
echo all >"$region/free"
unpin all

pin mode=legacy pages=1 fill=$((block - 1)) blocks=$((pages / block / 2)) skip=$((pages / block)) 2>/dev/null
same "more than the region has is refused" $? 1
same "and nothing is lost" "$(cma_free)" "$before"
unload_both
finish
