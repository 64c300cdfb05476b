#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The command cma-bulk on the real module: what it prints against the module's own
# files, what it names against what is known, and how it ends.
# device: 64
# vm: --cma 128 --mem 896 --timeout 180 --file tests/tools/prometheus.awk:/prometheus.awk
# tool
# harness
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/tool.sh

# Without a name the command takes the largest.
if on_device; then
	load_module
	largest=$(sort -n -k 3 $debugfs/regions | awk '!/^#/ { name = $1 } END { print name }')
	unload
	[ "$largest" = "$area" ] || skip_all "$largest is larger than $area"
fi

plan 39
# ended WANTED WORD…: the exit status; what was said is in /tmp/said and /tmp/err.
ended() {
	cma-bulk "$@" >/tmp/said 2>/tmp/err
	echo $?
}
# cells: of the map, a letter for each pageblock.
cells() { cma-bulk map --ascii | sed -n 's/^ *0x[0-9a-f]* //p' | tr -d '\n'; }
line() { sed -n "s/^$1: *//p" /tmp/said | head -n 1; }

# The module, before and after.
same "no module: 3" "$(ended) $(grep -c 'not loaded' /tmp/err)" "3 1"
same "doctor: no module" "$(ended doctor) $(grep -c 'module-not-loaded' /tmp/said)" "3 1"
same "load: a wrong parameter" "$(ended load region)" 2
same "load" "$(ended load) $(ls -d /sys/module/cma_bulk)" "0 /sys/module/cma_bulk"
same "load: twice" "$(ended load)" 0
use "$area"
before=$(cma_free)
echo 1 >"$region/reset_stats"

same "status" "$(ended) $(line size)" "0 $((pages * page_kb / 1024)) MiB at $(awk -v n="$area" '$1 == n { print $2 }' $debugfs/regions)"
same "map: all pageblocks" "$(ended map --ascii) $(cells | wc -c)" "0 $((pages / block))"

# Requests.
same "alloc" "$(ended alloc order=4 count=100) $(last allocated) $(held)" "0 100 1600"
same "alloc: says so" "$(grep -c '^100 of 100 chunks of order 4 ' /tmp/said) $(sed -n 's/^batch //p' /tmp/said)" \
	"1 $(last batch)"
batch=$(last batch)
same "status: the batch" "$(ended) $(awk -v b="$batch" '$1 == b && $2 == 4 && $3 == 100' /tmp/said | grep -c cma-bulk)" "0 1"
same "map: what is held, as in blocks" "$(cells | tr -cd '#+' | wc -c)" \
	"$(awk '$3 == "held" || $3 == "mixed"' "$region/blocks" | wc -l)"
same "alloc: more than there is" "$(ended alloc order=0 count=$((pages + 1))) $(grep -c E2BIG /tmp/err)" "1 1"
same "doctor: more than there is" "$(ended doctor) $(grep -c 'request-too-large' /tmp/said)" "1 1"
same "alloc: a word that the kernel refuses" "$(ended alloc order=x) $(grep -c EINVAL /tmp/err)" "2 1"
same "alloc: no word" "$(ended alloc order)" 2
same "alloc: no such region" "$(ended alloc -r none count=1)" 2
same "free: no such batch" "$(ended free 9999) $(grep -c ENOENT /tmp/err) $(held)" "1 1 1600"
same "free" "$(ended free "$batch") $(held)" "0 0"
cma-bulk alloc order=2 count=3 >/dev/null
same "free all" "$(ended free all) $(held)" "0 0"

# A page that is pinned in a process that is known.
check "the pinner loads" modprobe cma_bulk_pinner
echo "region=$area mode=legacy dma=1 blocks=3 pages=2 seed=9" >/sys/kernel/debug/cma_bulk_pinner/pin
same "who: all that is pinned" "$(ended who --json) $(groups dma_pinned | sed 's/{ *"pages": *\([0-9]*\).*/\1/' |
	awk '{ n += $1 } END { print n }')" "0 6"
same "map: they block" "$(map=$(cells)
	awk '$3 == "dma_pinned" { print $2 }' "$region/blockers" | sort -u | while read -r b; do
		echo "$map" | cut -c $((b + 1))
	done | tr -d '\n')" XXX
same "alloc: they are in the way" "$(ended alloc order=0 count=$pages) $(grep -c EBUSY /tmp/err)" "1 1"
cma-bulk free all
same "doctor: they are in the way" "$(ended doctor) $(grep -c 'pages-block' /tmp/said)" "1 1"
echo all >/sys/kernel/debug/cma_bulk_pinner/unpin
rmmod cma_bulk_pinner

# A page of a process that is known, with a reference of a pipe.
if may_soak; then
	begin /harness splice "$area"
	same "who: the page of a pipe" "$(groups pinned | grep -c "\"pid\": *$holder,")" 1
	same "who: by the name of its process" "$(COLUMNS=200 cma-bulk who --blockers | grep ' pinned ' | grep -c " harness ($holder) maps it")" 1
	same "who: it is the page" "$(awk -v p="$said" '$1 == p { print $3 }' "$region/blockers")" pinned
	end
else
	for what in "the page of a pipe" "by the name of its process" "it is the page"; do
		skip "who: $what" "needs --soak"
	done
fi

# Sums, in three forms.
same "stats: as the module says" "$(ended stats) $(awk '$1 == "chunks_allocated" { print $2 }' /tmp/said)" "0 $(sum chunks_allocated)"
same "stats --json" "$(ended stats --json) $(sed -n 's/.*"requests": *\([0-9]*\).*/\1/p' /tmp/said)" "0 $(sum requests)"
same "stats --prometheus" "$(ended stats --prometheus) $(awk -f /prometheus.awk /tmp/said)" "0 "
same "stats --prometheus: the count" "$(sed -n "s/^cma_bulk_request_duration_seconds_count{region=\"$area\"} //p" /tmp/said)" \
	"$(awk '/^latency_us_lt/ { n += $2 } END { print n }' "$region/stats")"

same "report" "$(ended report /tmp/report.html) $(head -n 1 /tmp/report.html) $(tail -n 1 /tmp/report.html)" \
	"0 <!DOCTYPE html> </html>"
same "report: what the kernel can do" "$(grep -c '<th scope="row">engine_' /tmp/report.html)" \
	"$(grep -c ^engine_ $debugfs/capabilities)"

# Without debugfs.
cma-bulk free all
umount /sys/kernel/debug
same "no debugfs: status" "$(ended) $(line requests | cut -d : -f 1)" "0 $(cat "/sys/kernel/cma_bulk/$area/requests")"
same "no debugfs: alloc" "$(ended alloc count=1)" 3
same "no debugfs: doctor" "$(ended doctor) $(grep -c 'debugfs-not-mounted' /tmp/said)" "3 1"
mount -t debugfs debugfs /sys/kernel/debug

same "all is given back" "$(cma_free)" "$before"
same "unload" "$(ended unload) $([ -d /sys/module/cma_bulk ] || echo gone)" "0 gone"
same "unload: twice" "$(ended unload)" 3
finish
