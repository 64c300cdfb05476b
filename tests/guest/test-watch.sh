#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Between two rounds a request watches what blocks: it goes on when that is gone,
# and does next to nothing while it stays.
#
# device: 64
# vm: --cma 128 --mem 896
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

apitest=/sys/kernel/debug/cma_bulk_apitest
late="retries=-1 retry_delay_ms=600000 timeout_ms=600000"

# waits WORDS: a request in the background, and time for its first round.
waits() {
	alloc "$1" 2>/dev/null &
	writer=$!
	sleep 1
}

# ended WHAT: all was obtained, long before the next round was due.
ended() {
	wait $writer
	waited=$(last wait_us)
	same "$1" "$(last ret) $(last allocated) $((waited < 300000000 ? 0 : waited))" "0 $all 0"
	echo all >"$region/free"
}

plan 27
load_both
use "$area"
before=$(cma_free)
all=$(possible 4)

for nr in 1 8; do
	pin mode=legacy blocks=$nr pages=1 seed=3
	waits "order=4 count=$all $late"
	check "it waits for $nr pinned pages" kill -0 $writer
	unpin all
	ended "the last of $nr is let go"
done

pin mode=legacy blocks=4 pages=1 seed=3
waits "order=4 count=$all $late partial=0"
unpin all
ended "all or nothing"

check "a driver loads" modprobe cma_bulk_apitest
echo 8 >$apitest/linger
waits "order=4 count=$all $late"
echo 0 >$apitest/linger
ended "pages that were given back while referenced"

check "a batch holds much" alloc "order=4 count=$((all / 2))"
pin mode=legacy blocks=1 pages=1 seed=3
waits "order=4 count=$((all - all / 2)) $late partial=0"
unpin all
wait $writer
same "beside what is held" "$(last ret) $(last allocated)" "0 $((all - all / 2))"
echo all >"$region/free"

# For ever: each round counts, but hardly any looks at the region.
pin mode=legacy blocks=8 pages=1 seed=3
alloc "order=4 count=$all" 2>/dev/null
once=$(last pages_scanned)
echo all >"$region/free"
alloc "order=4 count=$all retries=200 retry_delay_ms=5" 2>/dev/null
same "rounds count" "$(errno_of "$(last ret)") $(last rounds)" "EBUSY 201"
diag "pages scanned: $once in a round, $(last pages_scanned) in 201"
compare "but look at little" "$(last pages_scanned)" -lt $((20 * once))
compare "and call nothing more" "$(last contig_calls)" -lt 50
echo all >"$region/free"

# An engine that keeps no such list makes all of its rounds.
alloc "order=4 count=$all engine=linear" 2>/dev/null
once=$(last contig_calls)
echo all >"$region/free"
alloc "order=4 count=$all engine=linear retries=5 retry_delay_ms=5" 2>/dev/null
same "linear goes on trying" "$(last rounds) $(($(last contig_calls) > once))" "6 1"
echo all >"$region/free"

alloc "order=4 count=$all $late" 2>/dev/null &
writer=$!
sleep 1
kill -KILL $writer
wait $writer
same "a signal ends it" "$(errno_of "$(last ret)")" EINTR
echo all >"$region/free"

alloc "order=4 count=$all retries=-1 retry_delay_ms=600000 timeout_ms=500" 2>/dev/null
same "so does the deadline" "$(errno_of "$(last ret)")" ETIMEDOUT
echo all >"$region/free"
unpin all

# Of 24 pages that are held half of the time never all are let go at once: what is let
# go is moved out of a chunk that others still block, and does not come back.
blocks=$(possible "$block_order")
pin mode=transient blocks=1 pages=24 hold_ms=100 jitter_ms=50 refill_ms=0 seed=3
alloc "order=$block_order count=$blocks retries=-1 timeout_ms=100000"
same "pages that are let go one after the other" "$(last ret) $(last allocated)" "0 $blocks"
unpin all
echo all >"$region/free"

# What lies beside a page that stays is moved out once, and not looked for again. By one
# worker: how many calls several make depends on what else runs.
pin mode=legacy blocks=2 pages=1 fill=$((block / 2)) seed=3
alloc "order=$block_order count=$blocks workers=1" 2>/dev/null
same "two chunks are blocked" "$(errno_of "$(last ret)") $(last allocated) $(last pages_migrated)" \
	"EBUSY $((blocks - 2)) 0"
once=$(last contig_calls)
echo all >"$region/free"
alloc "order=$block_order count=$blocks workers=1 retries=30 retry_delay_ms=5" 2>/dev/null
same "they still are" "$(errno_of "$(last ret)") $(last allocated)" "EBUSY $((blocks - 2))"
# Where its zone has little else, as HighMem may, all that is movable goes to the area.
zone=$(zone_at "${base:?}")
if [ "${zone#* }" -gt $((2 * pages)) ]; then
	same "what lies beside the pins has been moved" "$(last pages_migrated)" "$block"
else
	compare "what lies beside the pins has been moved" "$(last pages_migrated)" -ge "$block"
fi
diag "calls: $once without moving, $(last contig_calls) with 30 retries"
compare "by few calls" $(($(last contig_calls) - once)) -le 8
echo all >"$region/free"
unpin all

check "the driver unloads" rmmod cma_bulk_apitest

# What is given back between the last look and the wait. Two want what only one can have,
# and neither has begun after the other one had it, see test-rivals.
most=$((all * 6 / 10))
one_only="order=4 count=$most partial=0 retries=-1 retry_delay_ms=600000 timeout_ms=60000"
# A processor in the window is lost to all others: this shell stays away from it.
if two_processors; then
	alloc order=0 count=1
	single=$(last batch)
	check "a driver that keeps both from beginning" modprobe cma_bulk_apitest
	echo 600000 >$apitest/hold
	writers=''
	for _ in 1 2; do
		taskset "$there" sh -c "echo $one_only >$region/alloc" &
		writers="$writers $!"
	done
	sleep 1
	echo 0 >$apitest/hold
	for _ in $(seq 3000); do
		[ "$(held)" = 1 ] || break
		usleep 20000
	done
	same "one of them has it" "$(held)" $((most * 16 + 1))
	rmmod cma_bulk_apitest
	modprobe cma_bulk_apitest slow_watch_ms=1000
	taskset -p "$here" $$ >/dev/null
	# The other one looks again, and is about to wait.
	echo "$single" >"$region/free"
	window_open
	same "the other one is about to wait" "$open" Y
	taskset -p "$processors" $$ >/dev/null
	echo all >"$region/free"
	status=0
	for writer in $writers; do wait "$writer" || status=1; done
	same "the other one gets it, too" "$status $(held)" "0 $((most * 16))"
	echo all >"$region/free"
	rmmod cma_bulk_apitest
else
	for what in "a driver that keeps both from beginning" "one of them has it" \
		"the other one is about to wait" "the other one gets it, too"; do
		skip "$what" "it takes two processors"
	done
fi
same "nothing is lost" "$(cma_free)" "$before"
check "unloads" unload_both
finish
