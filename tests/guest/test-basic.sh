#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The tree of files, and the classic request: 4,800 chunks of order 4.
# vm: --cma 512 --mem 2048 --append init_on_alloc=0 --append slub_debug=U,kmalloc-* --timeout 120
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

plan 31
check "loads" modprobe cma_bulk
[ -d $debugfs ] || finish

tree_wanted() {
	echo "700 ."
	for f in capabilities regions skipped version; do echo "400 ./$f"; done
	echo "700 ./reserved"
	for f in batches blockers blocks chunks holders last stacks stats; do echo "400 ./reserved/$f"; done
	for f in alloc free reset_stats; do echo "200 ./reserved/$f"; done
	echo "600 ./reserved/track"
	echo "700 ./reserved/knobs"
	for f in order count align fast retries retry_delay_ms timeout_ms partial \
		salvage workers engine floor_mb pool; do
		echo "600 ./reserved/knobs/$f"
	done
}
tree() {
	cd $debugfs && find . -exec stat -c '%a %n' {} + | sort
}
same "files and modes" "$(tree)" "$(tree_wanted | sort)"

# shape NAME FILE REGEX…: FILE is exactly these lines, a regex each.
shape() {
	shape_name=$1
	shape_file=$2
	shift 2
	shape_wrong=$(n=0
		while read -r line; do
			n=$((n + 1))
			echo "$line" | grep -Eqx -- "${1-nothing more}" || echo "line $n: $line"
			[ $# = 0 ] || shift
		done <"$shape_file"
		[ $# = 0 ] || echo "missing: $*")
	if [ -z "$shape_wrong" ]; then ok "$shape_name"; else not_ok "$shape_name" "$shape_wrong"; fi
}
shape "version" $debugfs/version '[0-9]+\.[0-9]+\.[0-9]+' "$(uname -r | sed 's/[.+]/\\&/g')"
shape "capabilities" $debugfs/capabilities \
	'source_dt: (yes|no \(.+\))' 'source_cma: yes' 'source_param: (yes|no \(.+\))' \
	'engine_bulk: yes' 'engine_linear: yes' 'engine_cma_alloc: (yes|no \(.+\))' \
	'engine_cma_alloc_block: (yes|no \(.+\))' 'engine_single: yes' 'drain: [a-z_]+' 'heap: (yes|no \(.+\))' \
	'missing: (none|[a-z_]+\(\) \(.+)' 'free_blocks: (yes|(yes|no) \(.+\))' \
	'track_cma: (yes|no \(.+\))' 'track_pins: (yes|no \(.+\))'
# The kernel says itself where the area is.
area=$(printf '0x%x' "$(sed -n 's/.*cma: Reserved 512 MiB at \(0x[0-9a-f]*\).*/\1/p' /vm/boot.log | head -n 1)")
shape "regions" $debugfs/regions \
	'# name base size_bytes pageblocks pageblock_pages source' \
	"reserved $area 536870912 [0-9]+ [0-9]+ cma"
use reserved
same "pageblocks of the kernel's size" "$block" \
	"$(sed -n 's/^Pages per block: *//p' /proc/pagetypeinfo)"

# Without a request there is no chunk, and the sums are at their start.
shape "no batches yet" "$region/batches" '# batch order chunks requested age_ms pid comm'
shape "no chunks yet" "$region/chunks" '# batch pfn order'

before=$(cma_free)
kernel=$(kernel_pages)
same "all but the kernel's own pages is free" "$before" $(((pages - kernel) * page_kb))

# The classic request, or as much of it as large pages leave room for.
n=4800
[ $((n * 16)) -le $((pages * 3 / 4)) ] || n=$((pages * 5 / 128))
if alloc order=4 count=$n; then ok "order=4 count=$n"; else not_ok "order=4 count=$n"; fi
b=$(last batch)
same "what last says of it" \
	"$(last requested) $(last allocated) $(last order) $(last fast) $(last engine) $(last ret)" \
	"$n $n 4 0 bulk 0"
same "the pages of last are those of the chunks" \
	$(($(last pages_free) + $(last pages_migrated))) $((n * 16))
number='[0-9]+'
shape "all keys of last, in order" "$region/last" \
	"requested: $number" "allocated: $number" "order: $number" 'fast: [01]' \
	'engine: [a-z_]+' 'ret: (0|-[0-9]+)' "elapsed_us: $number" "scan_us: $number" \
	"wait_us: $number" "rounds: $number" "contig_calls: $number" \
	"contig_busy: $number" "blocks_total: $number" "blocks_skipped: $number" \
	"blocks_taken: $number" "chunks_salvaged: $number" "pages_free: $number" \
	"pages_migrated: $number" "batch: [1-9][0-9]*" "no_target: $number" \
	"pool_chunks: $number" "pages_scanned: $number"
shape "its batch" "$region/batches" '# .*' "$b 4 $n $n $number $$ sh"
same "its chunks: aligned, inside, apart, complete" "$(chunks_wrong 0)" ""
same "blocks: as many pages held" "$(awk '{ n += $7 } END { print n }' "$region/blocks")" \
	$((n * 16))
same "CmaFree less that" "$(cma_free)" $((before - n * 16 * page_kb))

shape_blocks() {
	awk -v block="$block" -v base="$base" 'NR == 1 { next }
		NF != 7 || $1 != NR - 2 || $2 != base + $1 * block ||
		$4 + $5 + $6 + $7 != block ||
		$3 !~ /^(free|movable|busy|held|mixed)$/ ||
		($3 == "held") != ($7 == block) || ($3 == "free") != ($4 == block) ||
		($3 == "mixed") != ($7 > 0 && $7 < block) { print }
		END { if (NR - 1 != '$((pages / block))') print NR - 1, "lines" }' "$region/blocks"
}
same "blocks: header" "$(head -n 1 "$region/blocks")" "# block pfn state free movable busy held"
same "blocks: each line adds up" "$(shape_blocks)" ""
same "blockers: header" "$(head -n 1 "$region/blockers")" \
	"# pfn block reason refs maps flags owner pid comm age_ms stack"

# Bare forms.
alloc 4 100
two=$(last batch)
same "ORDER COUNT" "$(last ret) $(last order) $(last allocated)" "0 4 100"
echo 0 >"$region/knobs/order"
alloc 200
three=$(last batch)
same "COUNT" "$(last ret) $(last order) $(last allocated)" "0 0 200"
echo 4 >"$region/knobs/order"
alloc 7
four=$(last batch)
same "numbers go up" "$(sed 1d "$region/batches" | cut -d ' ' -f 1 | tr '\n' ' ')" \
	"$b $two $three $four "
same "four batches: aligned, inside, apart, complete" "$(chunks_wrong 0)" ""

batches() { sed 1d "$region/batches" | cut -d ' ' -f 1 | tr '\n' ' '; }
same "free one" "$(errno "$region/free" "$two\n") $(batches)" "OK $b $three $four "
was=$(snapshot)
same "free it again" "$(errno "$region/free" "$two\n")" ENOENT
same "free one with a stranger among them" "$(errno "$region/free" "$b 9999 $four\n")" ENOENT
same "free one twice" "$(errno "$region/free" "$three $three\n")" ENOENT
same "nothing has changed" "$(snapshot)" "$was"
same "free several" "$(errno "$region/free" "$four $b\n") $(batches)" "OK $three "
same "free all" "$(errno "$region/free" "all\n") $(batches) $(cma_free)" "OK  $before"
finish
