#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The guest's side of scripts/bench: all contenders in one boot, in turns.
#
#   bench.sh SCENARIO ROUNDS REQUEST[,REQUEST…] CONTENDER…
#
# A REQUEST is ORDERxCOUNT; COUNT "all" is every place of that order, "quarter" a
# quarter of them. A CONTENDER is NAME:WORD,WORD… or NAME:WORD,…@ROUNDS, for fewer
# rounds. Prints
#   row SCENARIO NAME ROUND ORDER COUNT ALLOCATED POSSIBLE MINIMUM RET
#       ELAPSED_US SCAN_US CALLS BUSY MIGRATED STALL_US BACK_US POOLED
# with the most chunks that were possible just before, and the fewest pages that
# must then be migrated. STALL_US is "-" where it was not looked for, and so is
# BACK_US, the time of giving it all back. POOLED is how many chunks came from a pool.
# "clear,N" is the time in which N processes clear as much memory of their own: what more than
# one processor was good for on that machine meanwhile.
# In heap two contenders are no engine, but a time: "buffer" is that of an ioctl for a
# buffer of that size, and "memset" what the kernel needs to clear chunks that it has. In
# pool and pool-dirty the first word of a contender says what the pool has: all that is
# asked for (full), nothing yet (empty), or there is none (none). In forever-PINS the time
# is that of the CPUs, in a minute in which a request waits for these pins, or beside no
# request (idle).
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

scenario=$1 rounds=$2 requests=$3
shift 3
load_both
# An area of its own, where the machine has a device tree to name one.
if [ -d $debugfs/bench ]; then use bench; else use reserved; fi
region_dir=$region
. /tests/guest/memory.sh
. /tests/guest/bench-scenes.sh

# choose REQUEST: sets order and count.
choose() {
	order=${1%x*} count=${1#*x}
	case $count in
	all) count=$(fits "$order") ;;
	quarter) count=$(($(fits "$order") / 4)) ;;
	esac
}

# request WORDS: one write; what it says is in "last".
request() {
	# shellcheck disable=SC2086 # words
	alloc order="$order" count="$1" ${2-} $scene_words 2>/dev/null
}

# Two at once, for half of it each. The row is that of the slower.
contended() {
	request $((count / 2)) "$1" &
	other=$!
	request $((count - count / 2)) "$1"
	wait $other
}

# with_starving CMD…: in stall, what a process beside it feels.
with_starving() {
	: >/tmp/starve # what the last one said
	/harness starve >/tmp/starve &
	starving=$!
	while ! grep -q ready /tmp/starve; do sleep 0.1; done
	"$@"
	kill $starving
	wait $starving
	stall=$(tail -n 1 /tmp/starve)
}

apitest=/sys/kernel/debug/cma_bulk_apitest

# The buffer is gone when the harness is, but all else is in "last".
heap() {
	case $1 in
	buffer) took=$(/harness heaptime "${region##*/}" $((count * page_kb * 1024 << order))) ;;
	memset)
		echo "$order $count" >$apitest/memset
		took=$(($(cat $apitest/memset) / 1000))
		;;
	*) request "$count" "$1" ;;
	esac
}

# Where a request looks first depends on what was taken and given back before it. So the
# same is done before all of them. The thread that fills a pool waits for a moment, which is
# longer than a request takes that finds it empty.
pooled() {
	# shellcheck disable=SC2086 # words
	set -- $1
	request "$count"
	echo all >"$region/free"
	settle
	[ "$1" = none ] || echo "$count" >"$pool/pool_chunks"
	[ "$1" != full ] || pool_is_full
	shift
	request "$count" "$*"
	echo 0 >"$pool/pool_chunks"
}
pool=/sys/kernel/cma_bulk/${region##*/}

# Where memory is short the pool gives chunks back and may never be full: 10 s at most.
pool_is_full() { pool_fills $((count * page_kb * 1024 << order)) 100; }

# cpu_us: microseconds of all CPUs in which a task ran, since boot.
cpu_us() { awk '/^cpu/ { n += $8 } END { printf "%.0f", n / 1000 }' /proc/schedstat; }

# The request gets what it can at once and then waits. It ends when it is killed.
forever() {
	waiting=
	if [ "$1" != idle ]; then
		request "$count" "$1 retries=-1 timeout_ms=0" &
		waiting=$!
	fi
	sleep 5
	took=$(cpu_us)
	sleep 60
	took=$(($(cpu_us) - took))
	[ ! "$waiting" ] || kill -0 "$waiting" || exit 1
	[ ! "$waiting" ] || kill -9 "$waiting"
	wait
}

measure() {
	stall=- took=
	case $scenario:$1 in
	heap:*) heap "$1" ;;
	pool*) pooled "$1" ;;
	forever-*) forever "$1" ;;
	contended:*) contended "$1" ;;
	stall:idle) with_starving sleep 0.3 ;;
	stall:*) with_starving request "$count" "$1" ;;
	*:clear*) took=$(/harness clear $((count * page_kb * 1024 << order)) "${1#* }") ;;
	*) request "$count" "$1" ;;
	esac
}

# Only where no process has memory in the area that this might be mixed up with.
give_back() {
	case $scenario in
	free | orders) /harness back "${region##*/}" ;;
	*) echo - ;;
	esac
}

# untouched: the last request left the area as it was. One that migrated pages
# did not, and one that the kernel refused a range may have, too. A small request
# changes too little of the scene to set it up anew, and pool-dirty goes on by itself.
untouched() {
	[ "$measured" = yes ] || return
	case $scenario in
	small-* | pool-dirty | forever-*) return 0 ;;
	dirty | transient*) return 1 ;;
	esac
	[ "$(last pages_migrated)" = 0 ] && [ "$(last contig_busy)" = 0 ]
}

# The shell has started programs, and copies a page of its stack when it next writes to it.
# By then the page that it gets must not be one that it has just given back.
start_over() { settle && echo all >"$region/free"; }

# look: what is possible now, in theory. In a scene that stays as it is that is
# asked once for each request.
look() {
	case $scenario:$theory in
	small-*:?* | forever-*:?* | pool*:?*) return 0 ;;
	esac
	theory=$(/harness theory "${region##*/}" "$order" "$count")
}

# What the kernel frees beside a request lies on lists of the CPU, and would be what the
# programs get that print its row. Where there is only one area, its "last" is that row.
sweep() {
	case $scenario:$near in
	*:"$region") ;;
	small-*) settle ;;
	esac
}

# turn NAME WORDS ROUND
turn() {
	if untouched; then start_over; else scene "$scenario"; fi || exit 1
	settle || exit 1
	look || exit 1
	measure "$2"
	sweep || exit 1
	back=$(give_back)
	echo "row $scenario $1 $3 $order $count $(last allocated) $theory $(last ret)" \
		"${took:-$(last elapsed_us)} $(last scan_us) $(last contig_calls) $(last contig_busy)" \
		"$(last pages_migrated) $stall $back $(last pool_chunks)"
	measured=yes
}

# compare CONTENDER…: all rounds of one request.
compare() {
	theory=
	round=1
	while [ "$round" -le "$rounds" ]; do
		for contender; do
			limit=$rounds
			case $contender in *@*) limit=${contender##*@} ;; esac
			[ "$round" -le "$limit" ] || continue
			words=${contender#*:}
			turn "${contender%%:*}" "$(echo "${words%@*}" | tr , ' ')" "$round"
		done
		round=$((round + 1))
	done
}

[ "$scenario" != heap ] || modprobe cma_bulk_apitest region="${region##*/}" || exit 1
# What the boot has left to do is done by then.
sleep 2
measured=no
for wanted in $(echo "$requests" | tr , ' '); do
	choose "$wanted"
	compare "$@"
done
scene_clear
[ "$scenario" != heap ] || rmmod cma_bulk_apitest
unload_both || exit 1
