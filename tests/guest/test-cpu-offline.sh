#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A CPU goes and comes back, again and again, while requests are served by one
# thread and by several: each gets all it wants, and nothing is lost.
#
# parallel
# vm: --cma 128 --mem 896 --timeout 200
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

cpu=/sys/devices/system/cpu/cpu1/online
requests=$(often 12)

[ -w $cpu ] || skip_all "CPU 1 cannot be taken offline: there is no $cpu"
echo 0 >$cpu 2>/dev/null || skip_all "this machine does not let CPU 1 go"
echo 1 >$cpu || skip_all "this machine does not let CPU 1 come back"

plan 6
load_module
use reserved
before=$(cma_free)
# Less than there is, so that no page of ours may be in the way.
count=$((pages * 3 / 4 / 16))

# Until the file is gone; a line for each time that it went and came.
: >/tmp/toggle
while [ -e /tmp/toggle ]; do
	echo 0 >$cpu && echo 1 >$cpu && echo >>/tmp/toggled
done 2>/tmp/toggle.err &
toggler=$!

for workers in 0 2 4; do
	: >/tmp/toggled
	bad=
	done=0
	# One more while the CPU has not gone yet: it takes its time.
	while [ $done -lt "$requests" ] || [ ! -s /tmp/toggled ]; do
		alloc order=4 count=$count workers=$workers retries=5 ||
			bad="$bad $(last ret):$(last allocated)"
		wrong=$(chunks_wrong 0)
		[ -z "$wrong" ] || bad="$bad $wrong"
		echo all >"$region/free"
		done=$((done + 1))
	done 2>/dev/null
	same "workers=$workers: each request gets all" "$bad" ""
	diag "$done requests, the CPU went and came $(wc -l </tmp/toggled) times"
done
rm /tmp/toggle
wait $toggler
same "the CPU always went and came" "$(cat /tmp/toggle.err)" ""
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "unloads" unload
finish
