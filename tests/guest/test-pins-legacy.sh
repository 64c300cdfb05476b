#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Pages that are pinned where they lie, one in a part of the pageblocks: bulk
# gets every chunk around them, and does not touch them.
#
# device: 64
# vm: --cma 256 --mem 1536
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

# around PERCENT WORD…
around() {
	percent=$1
	shift
	nr=$((pages * percent / block / 100))
	[ $nr -gt 0 ] || nr=1
	check "$percent %${*:+ $*}: pinned" pin blocks=$nr pages=1 seed="$percent" "$@"
	same "one page in each of $nr pageblocks" \
		"$(awk '!/^#/ { print $4 }' $pinner/pins)" "$nr"
	cut -d ' ' -f 1,2,4 $pinner/pfns >/tmp/before
	want=$(possible 4)

	ask 4
	same "bulk gets every chunk without a pinned page" "$(last allocated)" "$want"
	same "and says that something is in the way" "$(last ret)" -16
	same "the chunks are good" "$(chunks_wrong 0)" ""
	same "no pinned page has moved or changed" "$(pins_damaged)" ""
	same "the blockers are exactly the pinned pages" "$(blockers)" "$nr 0"
	echo all >"$region/free"

	ask 4 engine=linear
	[ "$percent" != 100 ] || same "linear gets none" "$(last allocated)" 0
	echo all >"$region/free"

	same "the pages are where they were" \
		"$(cut -d ' ' -f 1,2,4 $pinner/pfns | cmp - /tmp/before 2>&1)" ""
	same "and hold what they held" "$(pins_damaged)" ""
	unpin all
	ask 4
	same "without pins bulk gets all" "$(last allocated)" "$(possible 4)"
	echo all >"$region/free"
}

# Blockers that are pinned pages, and all others but those of other owners.
blockers() {
	awk -v file=$pinner/pfns 'BEGIN { while ((getline line <file) > 0)
			{ split(line, f, " "); ours[f[2]] = 1 } }
		/^#/ || $3 == "cma_user" { next }
		$1 in ours { n++; next }
		{ others++ }
		END { print n + 0, others + 0 }' "$region/blockers"
}

plan 43
load_both
use "$area"
before=$(cma_free)
around 10
around 50
around 100
around 50 dma=1
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "both unload" unload_both
finish
