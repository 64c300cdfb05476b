#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's leak detector finds nothing: not after load, requests and pins,
# when some of it is held, and not after unload. What is lost stays lost, so two
# looks see it all.
#
# vm: --cma 128 --mem 896 --timeout 200
# leaks
# kernels: *-debug
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh
. /tests/guest/debug.sh

plan 3
load_both
use reserved
for engine in bulk linear single cma_alloc cma_alloc_block; do
	alloc engine=$engine order=4 count=20
	alloc engine=$engine order=2 count=10 partial=0
done
alloc order=9 count=1000 retries=1 partial=0 2>/dev/null
alloc order=nonsense 2>/dev/null
# Some of it is held and some given back.
echo 1 3 5 >"$region/free"

for mode in legacy "legacy dma=1" longterm transient; do
	pin mode="$mode" blocks=2 pages=9
done
pin mode=mirror 2>/dev/null
pin nonsense 2>/dev/null
for file in "$region"/* "$region"/knobs/* "$pinner"/*; do
	[ ! -f "$file" ] || cat "$file" >/dev/null 2>&1
done
unpin 2
no_leaks "nothing while batches and pins are held"
unpin all
echo all >"$region/free"
check "both unload" unload_both
no_leaks "nothing after unload"
finish
