#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# cma-bulk who, on all ways in which memory of a region is had: each has the right
# process, command and function, also if that process has forked, is gone, or lives in
# a namespace of its own.
#
# kernels: arm64-6.12
# vm: --cma 128 --mem 1024 --timeout 240 --module vivid --module v4l2-tpg --module v4l2-dv-timings --module videobuf2-vmalloc --module videobuf2-dma-contig --module videobuf2-memops --module videobuf2-v4l2 --module videobuf2-common --module videodev --module mc --module cec --module rc-core
# tool
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/tool.sh

apitest=/sys/kernel/debug/cma_bulk_apitest
modules="vivid v4l2_tpg v4l2_dv_timings videobuf2_vmalloc videobuf2_dma_contig videobuf2_memops
	videobuf2_v4l2 videobuf2_common videodev mc cec rc_core"

# holder KIND PID FUNCTION: pages, command, and whether the stack has the function.
holder() {
	COLUMNS=200 cma-bulk who --holders >/tmp/said
	awk -v kind="$1" -v pid="$2" '$1 == kind && $5 == pid { print $2, $6, $NF }' /tmp/said |
		while read -r nr comm stack; do
			echo "$nr $comm $(grep "^$stack: " "$region/stacks" | grep -c "[ <]$3")"
		done
}

plan 15
load_module
use reserved
before=$(cma_free)

# A driver, on behalf of a process that is gone.
check "a driver loads" modprobe cma_bulk_apitest
sh -c "echo '3 4' >$apitest/dma" &
pid=$!
wait $pid
same "dma_alloc_coherent() of a process that is gone" "$(holder cma $pid apitest_dma_take)" "12 sh 1"
echo "0 0" >$apitest/dma
sh -c "echo 5 >$apitest/own" &
pid=$!
wait $pid
same "cma_bulk_alloc(), likewise" "$(holder bulk $pid apitest_own_take)" "80 sh 1"
echo 0 >$apitest/own
same "nothing when it was given back" "$(holder bulk $pid .)" ""
rmmod cma_bulk_apitest

# A camera's buffers.
if modprobe vivid n_devs=1 node_types=1 num_inputs=1 input_types=0 allocators=1; then
	begin /harness camera "$(find /dev -name 'video[0-9]*' | head -n 1)"
	same "a camera's buffers" "$(holder cma $holder vb2_dc_alloc | awk '$1 > 100 { print $2, $3 }')" "harness 1"
	end
	same "nothing when it has closed" "$(holder cma $holder .)" ""
	for m in $modules; do rmmod "$m" 2>/dev/null; done
else
	skip "a camera's buffers" "no vivid"
	skip "nothing when it has closed" "no vivid"
fi

# A buffer of the heap that has gone to another process.
begin /harness handover reserved
same "a buffer, by the process that is gone" "$(holder bulk "$said" heap_ | awk '{ print $1, $2 }')" \
	"$((1024 / page_kb)) harness"
same "and who has it now" "$(COLUMNS=200 cma-bulk who --holders | grep "^ *cma_bulk-reserved " | grep -c "harness ($holder)")" 1
end
same "nothing when it has exited" "$(holder bulk "$said" .)" ""

# A page that two processes have.
echo "cma pins" >"$region/track"
begin /harness splice reserved shared
child=${said#* }
same "a page: who has the reference" "$(groups pinned | grep -c "\"taken_by\": *{ *\"pid\": *$holder,")" 1
same "a page that two map" "$(groups pinned | grep "\"pid\": *$holder," | grep -c "\"pid\": *$child,")" 1
same "by that function" "$(holder pin $holder '.*vmsplice' | awk '{ print $2, $3 }')" "harness 1"
end

# In a namespace of its own it has another number.
begin unshare -p -f /harness splice reserved
inside=$(cat /proc/[0-9]*/stat | awk -v parent=$holder '$4 == parent { print $1 }')
same "of another namespace, by the number out here" "$(groups pinned | grep -c "\"pid\": *$inside,")" 1
# The first process of a namespace has no other signal.
kill -KILL "$inside"
wait $holder 2>/dev/null

same "all is given back" "$(cma_free)" "$before"
check "unloads" unload
finish
