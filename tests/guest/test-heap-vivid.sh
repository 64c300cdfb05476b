#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A camera of V4L2, the kernel's vivid, writes its frames to buffers of the heap: with
# a mapping into the kernel (its allocator 0), and as a device that wants one range of
# addresses (1).
#
# kernels: arm64-6.12 arm64-5.10 amd64-backports
# vm: --cma 128 --mem 1024 --append init_on_alloc=0 --timeout 240 --module vivid --module v4l2-tpg --module v4l2-dv-timings --module videobuf2-vmalloc --module videobuf2-dma-contig --module videobuf2-memops --module videobuf2-v4l2 --module videobuf2-common --module videodev --module mc --module cec --module rc-core
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

modules="vivid v4l2_tpg v4l2_dv_timings videobuf2_vmalloc videobuf2_dma_contig videobuf2_memops
	videobuf2_v4l2 videobuf2_common videodev mc cec rc_core"

find "/lib/modules/$(uname -r)" -name 'vivid.ko*' | grep -q . ||
	skip_all "this kernel comes without vivid"
plan 38
load_module
use reserved
before=$(cma_free)
# One node, for capture, with one input: a webcam.
for allocator in 0 1; do
	check "a camera with allocator $allocator" modprobe vivid n_devs=1 node_types=1 \
		num_inputs=1 input_types=0 allocators=$allocator
	camera=$(find /dev -name 'video[0-9]*' | head -n 1)
	harness heapcapture "$camera"
	check "the camera unloads" rmmod vivid
done
for m in $modules; do rmmod "$m" 2>/dev/null; done
same "CmaFree is back at its start" "$(cma_free)" "$before"
check "unloads" unload
finish
