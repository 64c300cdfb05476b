#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# Prints how many pages of the area, $CMA_BULK_AREA, can be had or are other users'.
# Run by tests.sh, when nothing of ours is loaded.
# shellcheck shell=dash
set -u
# shellcheck source=../guest/lib.sh
. /tests/guest/lib.sh
# shellcheck source=../guest/bulk.sh
. /tests/guest/bulk.sh
page_kb='' # set by use

load_module >&2
use "$area" >&2
echo $(($(cma_free) / page_kb + $(kernel_pages)))
unload
