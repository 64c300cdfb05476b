#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own client of dma-buf heaps, unmodified, on the module's node; vgem
# imports its buffers. It also tries heaps of the kernel's own, which are there on
# some kernels: what it says of these is told, and does not count.
# The kernel itself must not clear what it allocates, which would hide what the heap does not.
#
# vm: --cma 128 --mem 1024 --append init_on_alloc=0 --timeout 240 --module vgem --module drm_shmem_helper --module drm_kms_helper --module drm
# selftest
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

heap=cma_bulk-reserved
said=/tmp/client.out

# results HEAP: a line "VERDICT NAME" for each of the client's results of it. Both
# sizes of a test have the same name, so it is told with its heading.
results() {
	awk -v heap="$1" '
		/^# Testing heap: / { on = $4 == heap; next }
		/^# Testing / { sub(/^# Testing /, ""); sub(/:$/, ""); title = $0; next }
		on && /^(not )?ok [0-9]/ {
			verdict = /# SKIP/ ? "skip" : /^not/ || /# (XFAIL|XPASS|error)/ ? "fail" : "pass"
			sub(/^(not )?ok [0-9]+ */, "")
			print verdict, title ": " $0
		}' $said
}

[ ! -f /selftest/skip ] || skip_all "$(cat /selftest/skip)"
plan 17
load_module
use reserved
before=$(cma_free)
check "vgem loads" modprobe vgem
heaps=$(cd /dev/dma_heap && echo *)
diag "the client of $(cat /selftest/VERSION), heaps: $heaps"
/selftest/dmabuf-heap >$said 2>&1
status=$?
diag "$(cat $said)"
for other in /dev/dma_heap/*; do
	[ "${other##*/}" = $heap ] || diag "not ours:" "$(results "${other##*/}")"
done

results $heap >/tmp/results
while read -r verdict name; do
	case $verdict in
	pass) ok "$name" ;;
	*) not_ok "$name" "the client says $verdict" ;;
	esac
done </tmp/results
same "that is all it has for a heap" "$(wc -l </tmp/results)" 11
if [ "$heaps" = $heap ]; then
	same "its exit status" $status 0
else
	same "it has come to its end" "$(grep -c '^# Totals:' $said)" 1
fi
same "and what it took is given back" \
	"$(awk '!/^#/ { n += $7 } END { print n + 0 }' "$region/blocks")" 0

for m in vgem drm_shmem_helper drm_kms_helper drm; do rmmod $m 2>/dev/null; done
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "unloads" unload
finish
