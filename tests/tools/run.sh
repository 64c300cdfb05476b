#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The command cma-bulk on trees of files, in OUT: prints KTAP.
#
#   run.sh OUT
set -u
here=$(cd "$(dirname "$0")" && pwd -P)
out=$(cd "$1" && pwd -P)
. "$here/../guest/lib.sh"
. "$here/trees.sh"

work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
# A report of a sanitizer is no exit status of the command's own.
export ASAN_OPTIONS=detect_leaks=0:exitcode=99 UBSAN_OPTIONS=exitcode=99
export LC_ALL=C.UTF-8 TERM=xterm
unset COLUMNS NO_COLOR

# run TREE WORD…: in said and status.
run() {
	local root=$1
	shift
	status=0
	said=$(CMA_BULK_ROOT=$work/$root "$out/cma-bulk" "$@" 2>err) || status=$?
	err=$(<err)
}
# json PATH…: of what was said last, blanks between.
json() { "$out/json" "$@" <<<"$said" 2>&1 | tr '\n' ' ' | sed 's/ $//'; }
widest() { LC_ALL=C awk '{ gsub(/[\200-\277]/, ""); if (length($0) > n) n = length($0) } END { print n + 0 }' <<<"$said"; }
said_has() { if [[ $said == *"$2"* ]]; then ok "$1"; else not_ok "$1" "wanted: $2" "got:" "$said" "$err"; fi; }
err_has() { if [[ $err == *"$2"* ]]; then ok "$1"; else not_ok "$1" "wanted: $2" "got:" "$err"; fi; }

broken='module_not_loaded debugfs_not_mounted no_area areas_skipped request_too_large
	nowhere_to_migrate cma_alloc_busy cma_alloc_no_memory no_contiguous_run
	dma_mask_too_small pages_block region_is_held'
tree_good "$work/good"
cp -r good newer && newer_module "$work/newer"
for t in $broken; do "tree_$t" "$work/$t"; done


plan 101

# status
run good
same "status: good" "$status $err" "0 "
said_has "status: the version and how many" "cma_bulk 0.2.0, 2 regions"
said_has "status: pages in use by others" "12 KiB (0 %) in 1 pageblock"
said_has "status: a batch, its age and its process" "7      4      16  1 MiB  65.0 s  321  camera app"
run good status -r 'video area'
said_has "status: one region by its name" "16 MiB at 0xa0000000"
same "status: and no other" "$(grep -c reserved <<<"$said")" 0
run good status --json
same "status --json" "$(json schema command version regions.# regions.0.name regions.0.pages.busy regions.0.blocks.mixed)" \
	"1 status 0.2.0 2 reserved 3 1"
same "status --json: lists" "$(json regions.1.name regions.0.batches.0.comm regions.0.last.engine regions.0.sysfs.requests)" \
	"video area camera app bulk 3"
run debugfs_not_mounted
same "status: sysfs is enough" "$status $(grep -c '^requests: .*3: 2 complete' <<<"$said")" "0 2"
run no_area
same "status: without a region it is good, too" "$status $(grep -c 'doctor' <<<"$said")" "0 1"

# map
run good map
same "map: 80 columns if nothing is known" "$status $(head -n 2 <<<"$said" | tail -n 1)" \
	"0   0x90000000 ····█▣■▒·······▒·······▒·······▒"
COLUMNS=40 run good map
same "map: 40 columns" "$(sed -n 3,4p <<<"$said" | tr '\n' /)" "····█▣■▒·······▒·······▒·······▒/· free  ▒ movable  ■ held  ▣ partly held/"
cp -r good large
awk 'BEGIN { print "# block pfn state free movable busy held"
	for (i = 0; i < 20000; i++) print i, i * 512, i == 19999 ? "busy 511 0 1 0" : "free 512 0 0 0" }' \
	>large/$dbg/reserved/blocks
for c in 40 60 80 200; do
	COLUMNS=$c run large map
	same "map: nothing is wider than $c" "$(($(widest) <= c))" 1
done
run good map --ascii
said_has "map: ASCII" "0x90000000 ....X+#m.......m.......m.......m"
same "map: nothing else then" "$(LC_ALL=C grep -c '[^ -~]' <<<"$said")" 0
LC_ALL=C run good map
said_has "map: ASCII where the locale has no more" "....X+#m"
same "map: no colours in a file" "$(grep -c $'\033' <<<"$said")" 0
COLUMNS=80 run large map
same "map: a large region in few lines" "$(($(wc -l <<<"$said") <= 68)) $(grep -c '█$' <<<"$said")" "1 1"
said_has "map: and says what a cell is" "a cell is 8 pageblocks (16 MiB)"
run good map --watch
same "map --watch needs a terminal" "$status" 2
check "map --watch: size, key, Ctrl-C" env "CMA_BULK_ROOT=$work/good" "$out/watch" "$out/cma-bulk"

# alloc and free
run good alloc order=4 count=16
same "alloc: good" "$status" 0
same "alloc: the words as they are" "$(<"good/$dbg/reserved/alloc")" "order=4 count=16"
said_has "alloc: how it went" "16 of 16 chunks of order 4 (1 MiB) in 1.5 ms"
run good alloc -r 'video\040area' 3
same "alloc: in another region" "$status $(<"good/$dbg/video area/alloc")" "0 3"
run good alloc order=4 'count=1 order=2'
same "alloc: no two words in one" "$status" 2
run good alloc order
same "alloc: a word without a value" "$status" 2
ln -sf /dev/full "good/$dbg/reserved/alloc"
run good alloc count=1
same "alloc: a failed write" "$status" 1
run good free all
same "free all" "$status $(<"good/$dbg/reserved/free")" "0 all"
run good free 3 5
same "free by numbers" "$status $(<"good/$dbg/reserved/free")" "0 3 5"
run good free
same "free: nothing to free" "$status" 2
run good free x
same "free: no number" "$status" 2

# who
run good who --json
same "who: each page that blocks" "$(json blocking_pages blockers.# blockers.0.reason)" "3 3 dma_pinned"
same "who: by pagemap" "$(json blockers.0.users.0.pid blockers.0.users.0.comm blockers.0.users.0.how)" \
	"4242 pin<ner> maps it ([heap])"
same "who: the file's path, and who has it" "$(json blockers.1.path blockers.1.users.0.pid blockers.1.users.1.pid)" \
	"/var/lib/data 77 4242"
same "who: what is not known is null" "$(json blockers.0.taken_by blockers.0.oldest_ms blockers.2.path)" "null null null"
same "who: batches where holders are not recorded" "$(json holders_recorded holders.0.kind holders.0.pages holders.0.comm)" \
	"false bulk 256 camera app"
same "who: a dma-buf" "$(json dma_bufs.# dma_bufs.0.exporter dma_bufs.0.bytes dma_bufs.0.devices dma_bufs.0.users.0.how)" \
	"1 cma_bulk-reserved 1048576 video0 has it as fd 4"
run newer who --json
same "who: the columns of a newer module" "$(json blockers.0.taken_by.comm blockers.0.oldest_ms blockers.0.taken_by.stack)" \
	"nic driver 61000 1"
same "who: what only holders knows" "$(json blockers.2.taken_by.comm blockers.2.oldest_ms holders.0.kind stacks.2)" \
	"gpu 7200000 cma cma_alloc < gpu_alloc"
COLUMNS=200 run newer who
said_has "who: as a table" "nic driver (99) took it, pin<ner> (4242) maps it ([heap])"
COLUMNS=40 run newer who
same "who: 40 columns" "$(($(widest) <= 40)) $(grep -c '^REASON: dma_pinned' <<<"$said")" "1 1"
run newer who --blockers
same "who --blockers" "$(grep -c 'holds memory' <<<"$said")" 0
run newer who --holders
same "who --holders" "$(grep -c 'block' <<<"$said")" 0

# stats
run good stats -r reserved
said_has "stats: a sum" "chunks_requested     48"
same "stats: the histogram" "$(grep -c '^  <' <<<"$said") $(grep -c '^  >= *32.8 ms *1 ' <<<"$said")" "6 1"
run good stats --json
same "stats --json" "$(json regions.# regions.0.stats.error_EBUSY regions.0.latency.# regions.0.latency.10.success regions.0.latency.16.lt_us regions.0.latency.16.partial)" \
	"2 1 17 2 null 1"
sed -i 's/^video[^ ]*/a"b\\134c/' "good/$dbg/regions"
mv "good/$dbg/video area" "good/$dbg/a\"b\\c"
run good stats --prometheus
same "stats --prometheus: strictly" "$(awk -f "$here/prometheus.awk" <<<"$said")" ""
said_has "stats --prometheus: escaped" '{region="a\"b\\c",outcome="partial"} 1'
said_has "stats --prometheus: cumulative" '_bucket{region="reserved",le="+Inf"} 3'
said_has "stats --prometheus: the sum" '_sum{region="reserved"} 0.002600'
same "stats --prometheus: the check sees what is wrong" \
	"$(echo "$said" | sed 's/le="+Inf"} 3/le="+Inf"} 1/' | awk -f "$here/prometheus.awk" | grep -c cumulative)" 2
if command -v promtool >/dev/null; then
	check "stats --prometheus: promtool" promtool check metrics <<<"$said"
else
	skip "stats --prometheus: promtool" "it is not installed"
fi
run debugfs_not_mounted stats --prometheus
same "stats --prometheus: of sysfs alone" "$(awk -f "$here/prometheus.awk" <<<"$said")$(grep -c 'held_bytes{' <<<"$said")" 2
run good stats --json --prometheus
same "stats: one form" "$status" 2

# report
run newer report "$work/r.html"
same "report" "$status $said$err" "0 "
same "report: whole" "$(head -n 1 r.html) $(tail -n 1 r.html)" "<!DOCTYPE html> </html>"
same "report: nothing from outside" "$(grep -ciE 'https?:|<script|<link|<img|@import|url\(|src=|href=' r.html)" 0
same "report: both schemes" "$(grep -c 'prefers-color-scheme: dark' r.html)" 1
same "report: map and histogram" "$(grep -c '<svg class="map"' r.html) $(grep -c '<svg class="histogram"' r.html)" "1 1"
same "report: escaped" "$(grep -c 'no: &lt;what&gt; &amp; why' r.html) $(grep -c 'pin&lt;ner&gt;' r.html) $(grep -c '<what>\|<ner>' r.html)" "1 2 0"
same "report: a stack" "$(grep -c 'cma_alloc &lt; gpu_alloc' r.html)" 1
run newer report /dev/full
same "report: a full disk" "$status" 1
run newer report -
same "report: to standard output" "$(tail -n 1 <<<"$said")" "</html>"

# doctor
run good doctor
same "doctor: all is well" "$status $said" "0 Nothing is wrong that the doctor knows of."
for t in $broken; do
	run "$t" doctor --json
	wanted=1
	case $t in *not_loaded | *not_mounted) wanted=3 ;; esac
	same "doctor: $t" "$status $(json healthy findings.# findings.0.id | tr - _)" "$wanted false 1 $t"
done
run cma_alloc_busy doctor
said_has "doctor: what blocks now" "Blocks now: 1 page in 1 pageblock, dma_pinned, anon, pin<ner> (4242) maps it"
run nowhere_to_migrate doctor
said_has "doctor: what is free outside" "outside of CMA 224 MiB are free"
run areas_skipped doctor
said_has "doctor: the reason why" "not reusable (add that property)"

# exit status, and what is odd
run module_not_loaded
same "no module" "$status" 3
err_has "no module: said" "not loaded"
run debugfs_not_mounted map
same "no debugfs" "$status" 3
run good status -r none
same "no such region" "$status" 2
err_has "no such region: those that are there" "there is reserved, "
run no_area alloc count=1
same "no region at all" "$status" 1
for words in bogus '--bogus' 'map more' 'report' 'map --json' 'status --watch' 'map --interval=1 --watch' 'load x=1'; do
	# shellcheck disable=SC2086 # several words
	run good $words
	[ "$status" = 2 ] || break
done
same "usage" "$words $status" "load x=1 2"
CMA_BULK_ROOT=$work/good "$out/cma-bulk" >/dev/full 2>/dev/null
same "output that is lost" $? 1

# Damaged files: any answer, but an answer.
bad='' trees=0
seed=${CB_SEED:-20240229}
while [ $trees -lt "${CB_FUZZ:-6}" ]; do
	rm -rf fuzz
	if ((trees % 2)); then cp -r good fuzz; else cp -r newer fuzz; fi
	rm -f "fuzz/$dbg/reserved/alloc"
	"$out/mutate" fuzz $((seed + trees))
	for words in status 'status --json' map 'who' 'who --json' stats 'stats --json' \
		'stats --prometheus' 'report -' doctor 'doctor --json'; do
		# shellcheck disable=SC2086 # several words
		run fuzz $words
		[ "$status" -le 3 ] || bad+="seed $((seed + trees)): $words: $status: ${err:0:2000}"$'\n'
		case $words:$status in
		*json:[01]) [ -z "$said" ] || "$out/json" <<<"$said" >/dev/null 2>&1 ||
			bad+="seed $((seed + trees)): $words is no JSON"$'\n' ;;
		*prometheus:0) awk -f "$here/prometheus.awk" <<<"$said" | grep -q . &&
			bad+="seed $((seed + trees)): $words: $(awk -f "$here/prometheus.awk" <<<"$said" | head -n 3)"$'\n' ;;
		esac
	done
	trees=$((trees + 1))
done
same "damaged files: $trees trees from seed $seed" "$bad" ""

. "$here/bench-diff.sh"
finish
