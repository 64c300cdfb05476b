#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The system suspends while requests wait, as soon as it does without, and they
# go on afterwards. What suspends here is all of it but the devices: the kernel's
# own test of its freezer, which gives up after 20 s.
#
# vm: --cma 128 --mem 896
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

apitest=/sys/kernel/debug/cma_bulk_apitest
find_tracing

[ -w /sys/power/pm_test ] || skip_all "no /sys/power/pm_test (CONFIG_PM_DEBUG)"
grep -qw freeze /sys/power/state || skip_all "the kernel cannot freeze"

now() { awk '{ print int($1 * 1000) }' /proc/uptime; }

# go_to_sleep: prints what is wrong; $took ms.
go_to_sleep() {
	start=$(now)
	echo freeze >/sys/power/state || echo "not suspended"
	took=$(($(now) - start))
}

# The rounds of the request that has made some since the trace was emptied.
rounds() { grep -c ' round_wait: ' $tracing/trace; }

# in_state PID STATE: until it is, for 10 s.
# shellcheck disable=SC2317 # by check
in_state() {
	tries=0
	until [ "$(awk '{ print $3 }' "/proc/$1/stat")" = "$2" ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || return 1
		usleep 100000
	done
}

plan 17
load_both
use reserved
before=$(cma_free)
all=$(possible 4)
check "a driver that works outside loads" modprobe cma_bulk_apitest
suspend_quickly

go_to_sleep >/tmp/said 2>&1
idle=$took
same "it suspends when nothing waits" "$(cat /tmp/said)" ""
diag "that takes $idle ms"

# Between two rounds.
pin mode=legacy blocks=4 pages=2 seed=5
echo 1 >$tracing/events/cma_bulk/round_wait/enable
alloc "order=4 count=$all retries=-1 retry_delay_ms=20" &
writer=$!
usleep 1000000
compare "a request tries for ever" "$(rounds)" -gt 2
go_to_sleep >/tmp/said 2>&1
same "it suspends beside that" "$(cat /tmp/said)" ""
compare "as soon as without" "$took" -le $((idle + 5000))
diag "that takes $took ms"
echo >$tracing/trace
usleep 1500000
compare "the request goes on" "$(rounds)" -gt 2
go_to_sleep >/tmp/said 2>&1
same "it suspends again" "$(cat /tmp/said)" ""
unpin all
wait $writer
same "the request ends well when the pins go" "$? $(last allocated)" "0 $all"
echo all >"$region/free"

pin mode=legacy blocks=4 pages=2 seed=5
alloc "order=4 count=$all retries=-1 retry_delay_ms=600000" 2>/dev/null &
writer=$!
usleep 1000000
go_to_sleep >/tmp/said 2>&1
same "it suspends beside a long sleep between two rounds" "$(cat /tmp/said)" ""
kill -KILL $writer
wait $writer
same "and that can still be killed" "$(errno_of "$(last ret)")" EINTR
unpin all
echo all >"$region/free"
echo 0 >$tracing/events/cma_bulk/round_wait/enable

# One waits for an outside caller, with threads that work for it, one for the
# claims of the first.
echo 600000 >$apitest/hold
alloc "order=4 count=$((all / 2)) workers=4" &
first=$!
check "a request waits for an outside caller" in_state $first D
alloc "order=4 count=4 engine=linear" &
second=$!
check "another one for its claims" in_state $second D
go_to_sleep >/tmp/said 2>&1
same "it suspends beside both" "$(cat /tmp/said)" ""
compare "as soon as without" "$took" -le $((idle + 5000))
diag "that takes $took ms"
echo 0 >$apitest/hold
wait $first
status=$?
wait $second
same "both end well when the outside caller ends" "$status $? $(held)" \
	"0 0 $(((all / 2 + 4) * 16))"
echo none >/sys/power/pm_test
echo all >"$region/free"
rmmod cma_bulk_apitest
same "nothing is lost" "$(cma_free)" "$before"
check "unloads" unload_both
finish
