#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A second user of the area, by the kernel's own files: neither gets a page of
# the other's, and both give back all.
#
# parallel
# vm: --mem 1024 --cma 32 --timeout 200
# kernels: *-debug
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

theirs=/sys/kernel/debug/cma/reserved

plan 11
load_module
use reserved
before=$(cma_free)
used=$(cat $theirs/used)
bitmap=$(cat $theirs/bitmap)
same "it is the same area" "$(cat $theirs/base_pfn) $(cat $theirs/count)" \
	"$base $pages"

# turn CMD…: one call of the kernel at a time. Both hold pages at the same time,
# but where two calls of alloc_contig_range() meet in a pageblock, the loser takes
# the winner's isolation away, and this kernel stops at a VM_BUG_ON() for that;
# see cma_bulk_exclude_begin().
turn() {
	until mkdir /tmp/turn 2>/dev/null; do usleep 1000; done
	"$@"
	turn_status=$?
	rmdir /tmp/turn
	return $turn_status
}
# shellcheck disable=SC2317 # called by turn
their_alloc() { echo "$1" >"$theirs/alloc"; }

# Pages of our chunks that the kernel's bitmap has, too. It knows nothing of
# ours, so it tries them, page after page, and has the bits of what it tries:
# the other one has to stand still for a look.
meet() {
	: >/tmp/look
	until [ -e /tmp/still ]; do usleep 10000; done
	{
		cat $theirs/bitmap
		echo
		sed 1d "$region/chunks"
	} | awk -v base="$base" "$pow2"'
		NR == 1 { for (i = 1; i <= NF; i++) word[i - 1] = $i; next }
		NF == 3 {
			for (p = $2 - base; p < $2 - base + pow2($3); p++)
				n += int(word[int(p / 32)] / pow2(p % 32)) % 2
		}
		END { print n + 0 }'
	rm /tmp/look
	while [ -e /tmp/still ]; do usleep 10000; done
}

# What the other one does, until the file is gone: three pieces, given back in
# two, and it looks up when it holds them.
: >/tmp/go
while [ -e /tmp/go ]; do
	turn their_alloc 16 && echo >>/tmp/theirs
	turn their_alloc 5 && echo >>/tmp/theirs
	turn their_alloc 1 && echo >>/tmp/theirs
	if [ -e /tmp/look ]; then
		: >/tmp/still
		while [ -e /tmp/look ]; do usleep 10000; done
		rm /tmp/still
	fi
	echo 17 >$theirs/free
	echo 5 >$theirs/free
done 2>/tmp/theirs.err &
other=$!

# ours LOOK WORD…: requests, with a look at each if LOOK says so.
ours() {
	look=$1
	shift
	got=0
	met=0
	wrong=
	round=0
	while [ $round -lt 6 ]; do
		turn alloc "$@" 2>/dev/null
		got=$((got + $(last allocated)))
		[ -z "$look" ] || met=$((met + $(meet)))
		wrong=$wrong$(chunks_wrong 0)
		echo all >"$region/free"
		round=$((round + 1))
	done
	same "$*: no page is theirs, too" "$met$wrong" 0
	check "$*: and we get some" [ "$got" -gt 0 ]
	diag "$got chunks in $round requests"
}

# Little, because the other one tries each page of it before it goes on.
ours look engine=bulk order=4 count=4
ours look engine=linear order=4 count=4
ours look engine=bulk order=0 count=64
# Half of all, so that both are at work at the same places.
ours '' engine=bulk order=4 count=$((pages / 32))
rm /tmp/go
wait $other
diag "theirs: $(wc -l </tmp/theirs) taken, $(wc -l </tmp/theirs.err) refused"
same "CmaFree is back at its start" "$(cma_free)" "$before"
same "and so is the kernel's bitmap" "$(cat $theirs/used) $(cat $theirs/bitmap)" \
	"$used $bitmap"
finish
