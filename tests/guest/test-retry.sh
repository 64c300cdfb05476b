#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Never, N times, for ever; a deadline; a kill; and EBUSY told from ENOMEM.
#
# Instructions are the clock here, so that times are the guest's own and not
# those of a busy host.
# Zeroed pages are of no use here, and cost most of the time on amd64.
# vm: --cma 128 --icount --append init_on_alloc=0 --timeout 600
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

pinner=/sys/kernel/debug/cma_bulk_pinner

pin() { echo "region=reserved $*" >$pinner/pin; }
unpin() { echo all >$pinner/unpin; }

# obtainable ALIGN: chunks of order 4 that hold no page of another user of the area.
obtainable() {
	echo $(($(fits 4 "$1") - $(awk -v step=$((1 << $1)) \
		'$3 == "cma_user" && $1 % step < 16 { print int($1 / step) }' "$region/blockers" |
		sort -u | wc -l)))
}

# now: milliseconds since boot.
now() { awk '{ print int($1 * 1000) }' /proc/uptime; }

deadlines=$(often 100) kills=$(often 50)
plan 24
load_module
check "the pinner loads" modprobe cma_bulk_pinner
use reserved
blocks=$((pages / block))
before=$(cma_free)
all=$(obtainable 4)

# Pins that come and go in 30 % of the blocks. Each lasts for a second at least: on rt
# a round alone takes up to half a second, and would meet the end of shorter ones.
pin mode=transient blocks=$((blocks * 3 / 10)) pages=4 hold_ms=2000 jitter_ms=1000 seed=7
alloc "order=4 count=$all retries=0" 2>/dev/null
same "no retries: EBUSY" "$(errno_of "$(last ret)")" EBUSY
within "with a part" "$(last allocated)" $((all / 2 + 1)) $((all - 1))
same "in one round" "$(last rounds)" 1
echo all >"$region/free"
alloc "order=4 count=$all retries=-1"
same "retries for ever: all of it" "$(errno_of "$(last ret)") $(last allocated)" "OK $all"
compare "it took more than one round" "$(last rounds)" -gt 1
same "nobody has a chunk twice" "$(chunks_wrong 0)" ""
echo all >"$region/free"
unpin

# A pin that stays.
pin mode=legacy blocks=1 pages=1 seed=1
alloc "order=4 count=$all retries=3 retry_delay_ms=10 workers=1" 2>/dev/null
same "three retries are four rounds" "$(last rounds) $(errno_of "$(last ret)")" "4 EBUSY"
within "they waited three times 10 ms" "$(last wait_us)" 30000 89999
# What was obtained is not looked for again: a call for it would count.
calls=$(last contig_calls)
same "what was obtained stays" "$(last allocated) $((calls < 8 ? 0 : calls))" "$((all - 1)) 0"
alloc "order=4 count=1 retries=5" && same "nor is there a retry without need" "$(last rounds)" 1
echo all >"$region/free"
alloc "order=4 count=$all fast=1 retries=3" 2>/dev/null
same "fast=1 has no retries" "$(last rounds)" 1
echo all >"$region/free"

# Deadlines. One call of the kernel may follow: the longest is the first,
# which takes all but one chunk.
late='' n=0
while [ $n -lt "$deadlines" ]; do
	alloc "order=4 count=$all retries=-1 timeout_ms=500" 2>/dev/null
	us=$(last elapsed_us)
	[ "$(errno_of "$(last ret)")" = ETIMEDOUT ] && [ "$us" -ge 500000 ] &&
		[ "$us" -le 700000 ] && [ "$(last allocated)" = $((all - 1)) ] ||
		late="$late $n:$(last ret):$us"
	echo all >"$region/free"
	n=$((n + 1))
done
same "$deadlines deadlines of 500 ms are kept" "$late" ""
unpin
same "and nothing is lost" "$(cma_free)" "$before"

# What a killed request has obtained goes back before it ends, if all or nothing
# was wanted. That takes what it takes at any other time, which is long only where
# the kernel checks each page.
alloc "order=4 count=$all"
start=$(now)
echo all >"$region/free"
back=$(($(now) - start))
diag "giving all back takes $back ms"

# Kills of a request that would wait for ever.
pin mode=legacy blocks=1 pages=1 seed=2
slow='' kept=0 n=0
while [ $n -lt "$kills" ]; do
	partial=$((n % 2))
	echo "order=4 count=$all retries=-1 partial=$partial" >"$region/alloc" 2>/dev/null &
	writer=$!
	usleep $((n % 10 * 20000 + 150000))
	start=$(now)
	kill -KILL $writer
	wait $writer
	took=$(($(now) - start))
	[ $took -le $((200 + (1 - partial) * back)) ] || slow="$slow $n:$took"
	[ "$(errno_of "$(last ret)")" = EINTR ] || slow="$slow $n:$(last ret)"
	[ "$(held)" = $((partial * (all - 1) * 16)) ] || slow="$slow $n:$(held)"
	kept=$((kept + partial))
	echo all >"$region/free"
	n=$((n + 1))
done
same "$kills kills: gone in time, a part kept or given back" "$slow" ""
same "both were tried" "$kept" $((kills / 2))

# One that is not killed.
echo "order=4 count=$all retries=-1" >"$region/alloc" 2>/dev/null &
writer=$!
usleep 300000
cpu=$(awk '{ print $14 + $15 }' /proc/$writer/stat)
usleep 2000000
compare "while it waits it uses no CPU to speak of" \
	$(($(awk '{ print $14 + $15 }' /proc/$writer/stat) - cpu)) -lt 20
unpin
wait $writer
status=$?
same "it ends when the pin goes" "$status $(last rounds | awk '{ print ($1 > 3) }')" "0 1"
echo all >"$region/free"

# A request that waits leaves the region to others. It wants the first place of
# each pageblock, so that they do not take what it waits for: then it would end
# with ENOMEM.
pin mode=legacy blocks=1 pages=$((block / 2)) seed=2
echo "order=4 align=$block_order count=$(obtainable "$block_order") retries=-1" \
	>"$region/alloc" 2>/dev/null &
writer=$!
usleep 300000
check "another request is served meanwhile" alloc order=4 count=1
unpin
wait $writer
same "and so is it at last" "$(errno_of "$(last ret)") $(last allocated)" \
	"OK $(obtainable "$block_order")"
echo all >"$region/free"

# Full is not busy.
alloc "order=4 count=$all"
alloc "order=${block_order:?} count=1" 2>/dev/null
same "a page of ours in each block: ENOMEM" "$(errno_of "$(last ret)")" ENOMEM
alloc "order=${block_order:?} count=1 retries=-1" 2>/dev/null
same "for which waiting is of no use" "$(errno_of "$(last ret)") $(last rounds)" "ENOMEM 1"
echo all >"$region/free"
pin mode=legacy blocks=$blocks pages=1 seed=3
alloc "order=${block_order:?} count=1" 2>/dev/null
same "a pin in each block: EBUSY" "$(errno_of "$(last ret)")" EBUSY
unpin
same "nothing is lost" "$(cma_free)" "$before"
check "unloads" rmmod cma_bulk_pinner cma_bulk
finish
