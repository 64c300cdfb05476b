# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Buffers of the heap are clear, wherever their memory comes from. Sourced by tests
# after bulk.sh and pins.sh; before it, all of a buffer is full of what the last one had.

some=32
sysfs=/sys/kernel/cma_bulk/reserved
pool_is_full() { pool_fills $((2 * some * chunk)) 300; }

# clear BYTES: of a new buffer, how many are not 0.
clear() { /harness heapclear reserved "$1"; }

# check_clear EXPECTED: three buffers from a pool; and how many of their chunks were
# clear before, if that is known.
check_clear() {
	chunk=$((16 * ${page_kb:?} * 1024)) were_clear=
	large=$((${pages:?} * page_kb * 768))
	same "a large buffer: bytes that are not 0" "$(clear $large)" 0
	same "over what it wrote" "$(clear $large)" 0
	echo $((2 * some)) >$sysfs/pool_chunks
	for round in 1 2 3; do
		pool_is_full
		same "from the pool, $round: bytes that are not 0" "$(clear $((some * chunk)))" 0
		same "all of it is from there" "$(last pool_chunks) $(last contig_calls)" "$some 0"
		were_clear="$were_clear$(sum pool_clear) "
	done
	diag "clear before: $were_clear"
	[ -z "$1" ] || same "as many were clear before" "$were_clear" "$1 "
	pool_is_full
	same "some from the pool, some not: bytes that are not 0" "$(clear $((3 * some * chunk)))" 0
	echo 0 >$sysfs/pool_chunks
	same "a request after that" "$(errno "${region:?}/alloc" "order=4 count=$some")" OK
	echo all >"$region/free"
}
