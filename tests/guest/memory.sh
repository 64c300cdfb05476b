# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Filling a region with live memory. Sourced by a script under busybox sh, after
# region_dir is set to the region's folder in debugfs.
#
# The kernel serves movable memory from CMA only while more than half of what
# is free is CMA. So memory outside is soaked up first, given back afterwards,
# and what is written in between is looked for in the region.

live_dir=/tmp/live

region_dir=${region_dir:?is where the region is in debugfs}

# block_sum COLUMN: pages of one kind in the region: 4 free, 5 movable, 6 busy,
# 7 held.
block_sum() {
	awk -v c="$1" '!/^#/ { n += $c } END { print n + 0 }' "$region_dir/blocks"
}

region_pages() {
	awk '!/^#/ { n += $4 + $5 + $6 + $7 } END { print n }' "$region_dir/blocks"
}

# live_cache PERCENT: page cache in so many percent of the region's pages.
live_cache() {
	live_want=$(($(region_pages) * $1 / 100))
	live_nr=0
	mkdir -p "$live_dir"
	grep -q " $live_dir " /proc/mounts || mount -t tmpfs -o size=100% live "$live_dir"
	rm -f "$live_dir"/*
	# All that is free outside, down to what is free inside.
	live_outside=$(awk '/^MemFree/ { f = $2 } /^CmaFree/ { c = $2 }
		END { d = f - 2 * c; print int((d > 0 ? d : 0) / 1024) }' /proc/meminfo)
	[ "$live_outside" = 0 ] ||
		fallocate -l "$live_outside"M "$live_dir/outside" || return 1
	while live_missing=$((live_want - $(block_sum 5))) && [ "$live_missing" -gt 0 ]; do
		live_nr=$((live_nr + 1))
		# Half of it will lie outside; the last steps are small.
		fallocate -l $((live_missing * 4096 + 65536)) "$live_dir/$live_nr" ||
			return 1
	done
	rm -f "$live_dir/outside"
}

# fresh_region: all of the region taken and given back, so that the free lists,
# and with them where live_cache() lands, do not tell of what was before.
fresh_region() {
	echo "order=0 count=$(region_pages)" >"$region_dir/alloc" 2>/dev/null
	echo all >"$region_dir/free"
}

live_free() {
	rm -f "$live_dir"/*
}
