#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The classic request 200 times, or 65: nothing is lost and nothing grows.
# vm: --cma 512 --mem 2048 --append init_on_alloc=0 --append slub_debug=U,kmalloc-* --timeout 600
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

plan 11
load_module
use reserved
n=4800
more=$(often 180)
grep -qw kasan_quarantine_put /proc/kallsyms && kasan=1
[ $((n * 16)) -le $((pages * 3 / 4)) ] || n=$((pages * 5 / 128))
log_new >/dev/null

# run TIMES: stops at the first request that does not get all.
run() {
	i=0
	while [ "$i" -lt "$1" ]; do
		echo "order=4 count=$n" >"$region/alloc" || return
		echo all >"$region/free" || return
		i=$((i + 1))
	done
	[ "$(held)" = 0 ]
}

# Objects in the caches, a line each. slub_debug (see above) does away with the
# free objects that each CPU has at hand, which would count as live.
slab() { awk '/^kmalloc-/ { print $1, $2 }' /proc/slabinfo; }
# It also remembers where an object comes from: those of the module's code.
objects() {
	cat /sys/kernel/debug/slab/kmalloc-*/alloc_traces |
		awk -v RS= '/\[cma_bulk\]/ { n += $1 } END { print n + 0 }'
}
# Memory of one kind, in kB: what is too large for a cache shows only there.
meminfo() { awk -v key="$1:" '$1 == key { print $2 }' /proc/meminfo; }
# Mappings that the module's code has made.
mappings() { grep -c '\[cma_bulk\]' /proc/vmallocinfo; }

before=$(cma_free)
if run 20; then ok "the first 20 times"; else not_ok "the first 20 times"; fi
slab >/tmp/slab.20
objects_20=$(objects) slab_20=$(meminfo SUnreclaim) vmalloc_20=$(meminfo VmallocUsed) mappings_20=$(mappings)
if run "$more"; then ok "many times more"; else not_ok "many times more" "the ${i}th"; fi
slab >/tmp/slab.end
objects_end=$(objects) slab_end=$(meminfo SUnreclaim) vmalloc_end=$(meminfo VmallocUsed) mappings_end=$(mappings)

# less NAME WAS IS LIMIT
less() {
	if [ $(($3 - $2)) -lt "$4" ]; then ok "$1"; else not_ok "$1" "$2 kB, then $3 kB"; fi
}
# The system around us lives, too, but does not gain an object each time.
slab_is_as_before() {
	same "no cache has grown by an object each time" \
		"$(awk -v n="$more" 'FNR == NR { was[$1] = $2; next } $2 - was[$1] >= n { print $1, was[$1], $2 }' \
			/tmp/slab.20 /tmp/slab.end)" ""
	if [ -d /sys/kernel/debug/slab/kmalloc-256 ]; then
		diag "the module has $objects_end objects"
		same "the module has as many objects" "$((objects_end > 0)) $objects_end" "1 $objects_20"
	else
		skip "the module has as many objects" "the kernel does not tell"
	fi
	less "unreclaimable slab has not grown by a page each time" "$slab_20" "$slab_end" \
		$((more * page_kb))
}
if [ -n "${kasan-}" ]; then
	for what in "no cache has grown" "as many objects" "unreclaimable slab"; do
		skip "$what" "KASAN keeps what was freed; test-debug-leaks looks for leaks"
	done
else
	slab_is_as_before
fi
less "VmallocUsed has not grown by a page each time" "$vmalloc_20" "$vmalloc_end" \
	$((more * page_kb))
same "no mapping is left" "$mappings_end" "$mappings_20"
same "CmaFree as before" "$(cma_free)" "$before"
same "sums of it all" "$(sum success) $(sum failure) $(($(sum chunks_allocated) - $(sum chunks_freed)))" \
	"$((more + 22)) 0 0"
check "unloads" rmmod cma_bulk
same "the log is clean" "$(log_new)" ""
finish
