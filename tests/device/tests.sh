#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# The tests of a kit, one after the other, in their own root on a device. Run by
# session.sh. As in a guest each begins with an empty /tmp and nothing of ours
# loaded. There is no reboot: when a test leaves a module behind that does not
# unload, or the kernel complains, those after it are not run, and have failed.
# shellcheck shell=dash
set -u
export PATH=/bin:/sbin:/usr/bin:/usr/sbin HOME=/root
# shellcheck source=klog.sh
. /kit/klog.sh
# shellcheck source=settings.sh
. /kit/settings.sh
# shellcheck source=/dev/null # written by scripts/device-kit
. /kit/kit.info

debugfs=/sys/kernel/debug/cma_bulk
modules="cma_bulk_example cma_bulk_apitest cma_bulk_pinner cma_bulk"

unload_ours() {
	for m in $modules; do
		[ ! -d "/sys/module/$m" ] || rmmod "$m" || return
	done
}

refuse() {
	[ ! -e /kit/said ] || sed 's/^/run:     /' /kit/said >&2
	echo "run: $*" >&2
	klog_stop
	unload_ours
	exit 3
}

# --- the area ---------------------------------------------------------------
# why_not: what is known of a kernel that does not load a module.
why_not() {
	mount -t securityfs securityfs /sys/kernel/security 2>/dev/null
	case $(cat /sys/kernel/security/lockdown 2>/dev/null) in
	'' | *'[none]'*) ;;
	*) echo "; the kernel is locked down" ;;
	esac
	[ "$(cat /sys/module/module/parameters/sig_enforce 2>/dev/null)" != Y ] ||
		echo "; it wants signed modules"
}

# others: pages of the area that other users of it have.
others() { awk '$3 == "cma_user" { n++ } END { print n + 0 }' "$debugfs/$area/blockers"; }

choose_area() {
	names=$(awk '!/^#/ { print $1 }' $debugfs/regions)
	if [ -z "$names" ]; then
		cat $debugfs/skipped >/kit/said
		refuse "no CMA area can be used: add cma= to the kernel's command line or a node to the device tree"
	fi
	area=${AREA:-${names%%"
"*}}
	printf '%s\n' "$names" | grep -qxF -- "$area" ||
		refuse "no area '$area' here, but: $(echo "$names" | tr '\n' ' ')"
	# shellcheck disable=SC2046 # numbers
	set -- $(awk -v n="$area" '$1 == n { print $3, $4 * $5 }' $debugfs/regions)
	mib=$(($1 >> 20))
	pages=$2
}

# The kernel's own pools of memory for DMA are in the default area of most machines
# and stay what they are. Anybody who takes and gives back would get nothing while
# the tests run, and disturb them.
area_is_free() {
	now=$(others)
	[ $((now * 8)) -le "$pages" ] ||
		refuse "the area '$area' is in use by others: $now of its $pages pages"
	sleep 1
	[ "$(others)" = "$now" ] ||
		refuse "the area '$area' is in use by others: they had $now pages, and then $(others)"
}

# in_full: pages that can be had of the area, or that others have.
in_full() {
	mount -t tmpfs tmpfs /tmp
	klog_size >/kit/begin
	sh /kit/in-full.sh
	umount /tmp
}

# --- a test -----------------------------------------------------------------
# processes: those that tests have left, in our mount namespace but not of ours.
processes() {
	# shellcheck disable=SC2012 # names are numbers; one process for all of them
	ls -l /proc/[0-9]*/ns/mnt 2>/dev/null |
		awk -v here="$(readlink /proc/self/ns/mnt)" '
			$NF == here { split($(NF - 2), path, "/"); print path[3] }' |
		while read -r pid; do
			case $pid in "$$" | "$PPID") continue ;; esac
			read -r stat <"/proc/$pid/stat" || continue
			# shellcheck disable=SC2086 # words behind the name: state, parent, group, session
			set -- ${stat##*) }
			# Its own child, which looks for others, is no other; nor is that one's.
			[ "$4" = "$klog_reader" ] || [ "$4" = "$own_session" ] || echo "$pid"
		done 2>/dev/null
}

kill_processes() {
	others=$(processes)
	# shellcheck disable=SC2086 # numbers
	[ -z "$others" ] || kill -KILL $others 2>/dev/null
}

mounts() { cut -d ' ' -f 2,3 /proc/mounts; }
row() { printf 'fail\t%s\t%s\n' "$1" "$2" >>/kit/rows; }

# tainted: bad page, oops, warning, soft lockup, as a number.
tainted() {
	read -r taint </proc/sys/kernel/tainted
	echo $((taint & (1 << 5 | 1 << 7 | 1 << 9 | 1 << 14)))
}

# left: rows for what is still there after a test, all of which is taken away.
left() {
	unload_ours 2>/kit/said || {
		row "left behind" "a module: $(cat /kit/said)"
		stopped="a module does not unload"
	}
	for pid in $(processes); do
		row "left behind" "process: $(tr '\0' ' ' <"/proc/$pid/cmdline")"
	done
	kill_processes
	umount /tmp 2>/dev/null || { umount -l /tmp; row "left behind" "/tmp is in use"; }
	mounts | grep -vxF "$mounts_before" | while read -r at type; do
		row "left behind" "mount: $at $type"
		umount "$at" || umount -l "$at"
	done
}

# log_reports: lines of the test's log that report a defect, see vm-log.sh.
log_reports() {
	klog_mark "@end $1"
	tail -c "+$(($(cat /kit/begin) + 1))" $klog | grep -Ef /kit/log-reports | grep -vEf /kit/log-harmless
}

# run_test TEST SECONDS: rows in /kit/rows, what it said in /kit/out and /kit/err.
run_test() {
	mount -t tmpfs tmpfs /tmp
	sync
	echo 3 >/proc/sys/vm/drop_caches
	klog_mark "@begin $1"
	klog_size >/kit/begin
	was_tainted=$(tainted)
	mkfifo /kit/ended
	exec 4<>/kit/ended
	{
		setsid sh "/tests/guest/$1.sh" </dev/null >/kit/out 2>/kit/err 4<&-
		echo $? >&4
	} &
	runner=$!
	# shellcheck disable=SC3045 # busybox has -t
	read -r -t "$2" status <&4 || status=126
	if [ "$status" = 126 ]; then kill_processes; fi
	wait $runner
	exec 4<&-
	rm /kit/ended
	awk -v status="$status" -f /kit/ktap.awk /kit/out >/kit/rows
	left
	reports=$(log_reports "$1")
	if [ -n "$reports" ]; then
		row "kernel log" "holds a report"
		printf 'the kernel log holds:\n%s\n' "$reports" | head -n 20 >>/kit/err
	fi
	[ "$(tainted)" = "$was_tainted" ] || stopped="the kernel has complained"
}

# --- what is printed --------------------------------------------------------
count() { awk -F'\t' -v kind="$1" '$1 == kind { n++ } END { print n + 0 }' /kit/rows; }

# print_test NAME: its own lines, what else was found, and the verdict.
print_test() {
	sed 's/^/  /' /kit/out
	awk -F'\t' '$1 == "fail" && $3 != "" { print "# " $2 ": " $3 }' /kit/rows
	[ "$(count fail)" = 0 ] || [ ! -s /kit/err ] || sed 's/^/# /' /kit/err
	if [ "$(count fail)" != 0 ]; then
		echo "not ok $nr - $1"
	elif [ "$(count pass)" != 0 ]; then
		echo "ok $nr - $1"
	else
		echo "ok $nr - $1 # SKIP $(awk -F'\t' '{ print $3; exit }' /kit/rows)"
	fi
	passed=$((passed + $(count pass)))
	failed=$((failed + $(count fail)))
	skipped=$((skipped + $(count skip)))
}

# without_run KIND REASON: instead of a test.
without_run() {
	printf '%s\tall\t%s\n' "$1" "$2" >/kit/rows
	: >/kit/out
	: >/kit/err
}

# one NAME: that test, or why not.
one() {
	# shellcheck disable=SC2046 # of one line
	set -- "$1" $(awk -v t="$1" '$1 == t { print $2, $3, $4 }' /kit/tests)
	if [ -n "$stopped" ]; then
		without_run fail "not run: $stopped"
	elif [ "$mib" -lt "$3" ]; then
		without_run skip "it takes an area of $3 MiB, this has $mib MiB"
	elif [ "$4" = soak ] && [ -z "$SOAK" ]; then
		without_run skip "it uses up the memory outside: needs --soak"
	else
		run_test "$1" "$2"
	fi
	print_test "$1"
}

# last_result: that the area can be had as at first, and settings are as they were.
last_result() {
	: >/kit/out
	: >/kit/err
	: >/kit/rows
	settings_restore || row "settings" "one cannot be put back"
	if [ -n "$stopped" ]; then
		row "area" "not looked at: $stopped"
	else
		full_after=$(in_full)
		if [ "$full_after" = "$full_before" ]; then
			printf 'pass\tarea\t\n' >>/kit/rows
		else
			row "area" "$full_before pages at first, $full_after now"
		fi
	fi
	print_test "the area and the settings are as before"
}

# ---------------------------------------------------------------------------
stopped='' passed=0 failed=0 skipped=0 nr=0 interrupted=''
# Tests have sessions of their own.
own_session=$(cut -d ' ' -f 6 /proc/$$/stat)
klog_start
settings_save
modprobe cma_bulk 2>/kit/said || refuse "the module cma_bulk does not load$(why_not)"
rm /kit/said
choose_area
area_is_free
unload_ours || refuse "the module cma_bulk does not unload"
export CMA_BULK_AREA="$area"
[ -z "$SOAK" ] || export CMA_BULK_SOAK=1
[ -z "$QUICK" ] || export REPEAT_PART=4
# The module of the API is told by a parameter where to work.
echo "options cma_bulk_apitest region=$area" >/etc/modprobe.d/kit.conf
mounts_before=$(mounts; echo .)
full_before=$(in_full)
[ -n "$full_before" ] || refuse "the area '$area' cannot be taken"
trap 'interrupted=1; stopped="ended by a signal"; kill_processes' TERM

# shellcheck disable=SC2086 # names
set -- $TESTS
echo "KTAP version 1"
echo "# cma_bulk ${kit_version:?} on Linux $(uname -r) $(uname -m), area $area: $mib MiB"
echo "1..$(($# + 1))"
for name; do
	nr=$((nr + 1))
	one "$name"
done
nr=$((nr + 1))
last_result
klog_stop
echo "# $passed passed, $failed failed, $skipped skipped"
[ -z "$interrupted" ] || exit 143
[ "$failed" = 0 ] && [ "$passed" -gt 1 ]
