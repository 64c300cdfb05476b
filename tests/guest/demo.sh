#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The guest's side of `make demo`: all engines in one boot, each against a
# region of which half is live page cache, with a pinned page in one of ten
# pageblocks.
set -u
region_dir=/sys/kernel/debug/cma_bulk/reserved
. /tests/guest/memory.sh

request="order=4 count=4800"

# map TITLE: the region, a character a pageblock.
map() {
	echo "$1"
	awk '!/^#/ {
		line = line c[$3]
		if (++n % 64 == 0) { print "    " line; line = "" }
	}
	BEGIN {
		c["free"] = "·"; c["movable"] = "▒"; c["busy"] = "█"
		c["held"] = "■"; c["mixed"] = "▣"
	}
	END { if (line != "") print "    " line }' "$region_dir/blocks"
}

last() {
	awk -v k="$1:" '$1 == k { print $2 }' "$region_dir/last"
}

modprobe cma_bulk && modprobe cma_bulk_pinner || exit 1
cd "$region_dir" || exit 1
awk '!/^#/ { printf "region %s: %d MiB, %d pageblocks of %d pages\n",
	$1, $3 / 1048576, $4, $5 }' ../regions
echo "legend: · free  ▒ live page cache  █ a page blocks  ■ held by us  ▣ partly ours"
echo

pinned=$(($(awk '!/^#/ { n++ } END { print n }' blocks) / 10))
echo "region=reserved mode=legacy blocks=$pinned pages=1 seed=1" \
	>/sys/kernel/debug/cma_bulk_pinner/pin || exit 1
echo "$pinned pageblocks have a pinned page"

for engine in bulk linear single cma_alloc cma_alloc_block; do
	fresh_region
	live_cache 50 || exit 1
	[ "$engine" != bulk ] || map "before:"
	# A comparison may fail; the table says so.
	echo "$request engine=$engine" >alloc 2>/dev/null
	if [ "$engine" = bulk ]; then
		map "after echo \"$request\" > alloc:"
		echo
		printf '%-16s %11s %10s %6s %14s\n' engine chunks ms calls "pages migrated"
	fi
	printf '%-16s %4d of %4d %10s %6d %14d\n' "$engine" "$(last allocated)" \
		"$(last requested)" "$(last elapsed_us | awk '{ printf "%.1f", $1 / 1000 }')" \
		"$(last contig_calls)" "$(last pages_migrated)"
	[ "$engine" != bulk ] || [ "$(last allocated)" = 4800 ] || status=1
	echo all >free
	live_free
done
cd / && rmmod cma_bulk_pinner cma_bulk || exit 1
exit "${status:-0}"
