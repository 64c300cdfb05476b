#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Two writers at once, then four: nobody gets what somebody else has.
# vm: --mem 1536 --cma 128 --timeout 300
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

rounds=20
plan 20
load_module
use reserved
before=$(cma_free)
free_file=$region/free

# writer REQUEST…: a process of its own, which knows its batches by its pid.
# Takes, gives back, and takes again, without a pause; the second stays.
cat >/tmp/writer <<-'EOF'
	region=$1
	shift
	mine() { awk -v pid=$$ '$6 == pid { print $1 }' "$region/batches"; }
	for request; do
		echo "$request" >"$region/alloc" || echo "$request" >>/tmp/refused
		mine >/tmp/mine.$$
		echo $(cat /tmp/mine.$$) >"$region/free" || echo "free of $request" >>/tmp/refused
		echo "$request" >"$region/alloc" || echo "$request" >>/tmp/refused
	done
EOF

# Together they want less than half of the area: a patient one gets all.
slow_1="order=4 count=$((pages / 16 / 16))"
slow_2="order=0 count=$((pages / 64))"
slow_3="order=7 count=$((pages / 128 / 16))"
slow_4="order=2 align=5 count=$((pages / 32 / 64))"
fast_1="order=4 fast=1 count=$((pages / 16 / 16))"
fast_2="order=1 fast=1 count=$((pages / 2 / 32))"
block="order=9 count=$((pages / 512 / 16))"

# race REQUEST…: a writer for each, at once; then looks at what they have.
race() {
	pids=
	for request; do
		sh /tmp/writer "$region" "$request" 2>/dev/null &
		pids="$pids $!"
	done
	# shellcheck disable=SC2086 # a list
	wait $pids
	chunks_wrong 0 >>/tmp/wrong
	[ "$(held)" = "$(awk '{ n += $7 } END { print n + 0 }' "$region/blocks")" ] ||
		echo "batches and blocks disagree" >>/tmp/wrong
	# The last ones are given back while new ones are made, unless all is needed.
	sed 1d "$region/batches" | cut -d ' ' -f 1 | tr '\n' ' ' >/tmp/old
	cat /tmp/old >"$free_file" &
	[ -z "$tight" ] || wait $!
}

# many NAME REQUEST…: the rounds of one mixture.
many() {
	name=$1
	shift
	: >/tmp/wrong
	: >/tmp/refused
	echo 1 >"$region/reset_stats"
	i=0
	while [ $i -lt $rounds ]; do
		race "$@"
		i=$((i + 1))
	done
	wait
	# The kernel refuses what another call is at work on; each has claimed his
	# part. A page of a live process may resist now and then.
	diag "$name: $(sum contig_calls) calls, $(sum contig_busy) of them refused"
	same "$name: nobody gets in the other's way" $(($(sum contig_busy) * 2 < rounds)) 1
	same "$name: no page is in two chunks" "$(cat /tmp/wrong)" ""
	# A fast one takes what is easy to have, and may miss some.
	same "$name: patient writers get all" "$(grep -v fast=1 /tmp/refused)" ""
	echo all >"$free_file"
	same "$name: CmaFree as before" "$(cma_free)" "$before"
}
tight=
many "two alike" "$slow_1" "$slow_1"
many "two orders, one fast" "$slow_2" "$fast_1"
many "four orders" "$slow_1" "$slow_2" "$slow_3" "$block"
many "four, two of them fast" "$fast_1" "$slow_4" "$fast_2" "$slow_1"

# Together they want all that there is: nobody may give up because somebody else
# is just at work on what he needs.
alloc "order=4 count=$(fits 4)" 2>/dev/null
all=$(last allocated)
echo all >"$free_file"
tight=1
# What lives in the area, the writers themselves among it, may be in the way for
# a moment: much shorter than the other's work takes.
moment="retries=2 retry_delay_ms=1"
many "two that fill the area" "order=4 count=$((all / 2)) $moment" \
	"order=4 count=$((all - all / 2)) $moment"
finish
