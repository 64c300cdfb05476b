#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# bulk makes no calls for nothing: the scan sees what would make them fail.
#
# vm: --cma 256 --mem 1536
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

# waste WHAT CLEAN ALL: chunks in pageblocks that nothing blocks, and all that
# can be had.
waste() {
	places=$(fits 4)
	ask 4 fast=0
	compare "$1, fast=0: at most 2 calls fail" "$(last contig_busy)" -le 2
	same "$1, fast=0: all that can be is had" "$(last allocated)" "$3"
	# A page that merely sits in an LRU batch spoils its block for a fast
	# one, who does not wait for every CPU to drain them. But nobody lives in
	# a region that was just had whole, and from here on nobody is started.
	echo all >"$region/free"
	alloc "order=4 count=$places fast=1" 2>/dev/null
	same "$1, fast=1: no call fails" "$(last contig_busy)" 0
	same "$1, fast=1: every block without a blocker is had" "$(last allocated)" "$2"
	same "$1, fast=1: the others are skipped" "$(last blocks_skipped)" \
		$(($(last blocks_total) - $2 * 16 / block))
	echo all >"$region/free"
}

# Chunks in pageblocks without a pinned page, or one of another owner's.
in_clean_blocks() {
	not_ours | awk -v base="$base" -v pages="$pages" -v block="$block" '
		{ lost[int(($1 - base) / block)] = 1 }
		END { for (b = 0; b < pages / block; b++) n += !(b in lost); print n * block / 16 }'
}

plan 12
load_both
use reserved
before=$(cma_free)
waste "without pins" "$(in_clean_blocks)" "$(possible 4)"

pin blocks=$((pages / block / 2)) pages=1 seed=1
waste "pins in every second block" "$(in_clean_blocks)" "$(possible 4)"
unpin all
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "both unload" unload_both
finish
