#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# More than a thousand short references a second while bulk runs 100 times:
# no page is lost, and what is missing is reported.
#
# vm: --cma 64 --mem 832 --timeout 600
# harness
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

# Requests whose result does not fit what they got.
hundred() {
	run=0
	while [ $run -lt 100 ]; do
		run=$((run + 1))
		ask 4
		case $(last ret) in
		0) [ "$(last allocated)" = "$(last requested)" ] || echo "run $run: too few" ;;
		-16) [ "$(last allocated)" -lt "$(last requested)" ] || echo "run $run: all, but EBUSY" ;;
		*) echo "run $run: $(last ret)" ;;
		esac
		[ "$(held)" = $(($(last allocated) * 16)) ] || echo "run $run: not what is held"
		wrong=''
		[ $((run % 10)) != 0 ] || wrong=$(chunks_wrong 0)
		echo all >"$region/free"
		[ -z "$wrong" ] || echo "run $run: $wrong"
	done
}

plan 14
load_both
use reserved
before=$(cma_free)

check "pins that come and go" pin mode=transient blocks=8 pages=24 hold_ms=4 jitter_ms=3 refill_ms=20
start=$(pinned transient_refs)
began=$(date +%s)
same "100 requests get all or say EBUSY" "$(hundred)" ""
refs=$(($(pinned transient_refs) - start))
took=$(($(date +%s) - began + 1))
diag "$refs references in $took s"
check "at least 1,000 references a second" [ $refs -ge $((took * 1000)) ]
unpin all
same "no page is damaged or lost: all can be had" \
	"$(ask 4; last allocated; echo all >"$region/free")" "$(possible 4)"
same "CmaFree is back at its start" "$(cma_free)" "$before"

harness transient
same "CmaFree is back again" "$(cma_free)" "$before"
check "both unload" unload_both
finish
