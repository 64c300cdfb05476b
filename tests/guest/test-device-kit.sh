#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The kit for real devices, in a root that has nothing but busybox and its tar: what
# it refuses, what a few tests of it say, that a broken one is seen, and that all is
# as it was afterwards.
#
# kernels: arm64-6.12 arm64-backports armhf-6.1
# vm: --mem 1024 --cma 64 --dt-region codec=32 --timeout 300
# device-kit
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

plain=/tmp/plain

# in_plain COMMAND: there, in the kit's folder. What it says is in /tmp/said and
# /tmp/err.
in_plain() {
	chroot $plain /bin/busybox sh -c "cd /cma-bulk-device-kit-* && $1" >/tmp/said 2>/tmp/err
}
# refused NAME STATUS TEXT COMMAND
refused() {
	in_plain "$4"
	refused_status=$?
	if [ $refused_status = "$2" ] && grep -q -- "$3" /tmp/err && ! grep -q KTAP /tmp/said; then
		ok "$1"
	else
		not_ok "$1" "status $refused_status, wanted $2 and: $3" "$(cat /tmp/err /tmp/said)"
	fi
}
# state: what must not change.
state() {
	for file in /proc/sys/vm/* /sys/kernel/mm/transparent_hugepage/* /sys/kernel/rcu_*; do
		case $file in */stat_refresh | */drop_caches | */compact_memory) continue ;; esac
		[ ! -f "$file" ] || echo "$file: $(cat "$file" 2>/dev/null)"
	done
	cut -d ' ' -f 1 /proc/modules | sort
	cut -d ' ' -f 2,3 /proc/mounts
	dmesg | head -n 1
}
free_pages() {
	load_module
	use "$1"
	cma_free
	unload
}
summary() { sed -n 's/^# \([0-9]* passed, [0-9]* failed, [0-9]* skipped\)$/\1/p' /tmp/said; }
# lava FILE: what LAVA gets of it, a line "NAME=RESULT" each in /tmp/cases.
lava() {
	rm -f /tmp/cases
	LAVA_TEST_CASE=/tmp/case sh "$kit/lava-results" <"$1"
}
# broken NAME TEXT: one more test in the kit, which may take five seconds.
broken() {
	printf '. /tests/guest/lib.sh\n%s\n' "$2" >"$kit/root/tests/guest/test-$1.sh"
	echo "test-$1 5 1 -" >>"$kit/tests"
}

plan 30
mkdir $plain
mount -t tmpfs plain $plain
mkdir $plain/bin $plain/proc $plain/sys $plain/dev
cp /bin/busybox $plain/bin
ln -s busybox $plain/bin/sh
mount -t proc proc $plain/proc
mount -t sysfs sys $plain/sys
mount -t devtmpfs dev $plain/dev
check "unpacks" tar -xzf /device-kit.tar.gz -C $plain
kit=$(echo $plain/cma-bulk-device-kit-*)
reserve=$(cat /proc/sys/vm/min_free_kbytes)
free_before=$(free_pages reserved)
before=$(state)

# What it does not begin with.
check "--list" in_plain "./run --list"
same "lists the tests, and what they need" \
	"$(grep -c '^test-knobs: an area of [0-9]* MiB; at most [0-9]* s$' /tmp/said)" 1
refused "an unknown word: 2" 2 'unknown: --nonsense' "./run --nonsense"
refused "no such test: 2" 2 'no test has that' "./run --only nonsense"
refused "no such area: 3, with those that there are" 3 "no area 'nonsense' here, but: .*codec" \
	"./run --area nonsense"
sed -i 's/^kit_release=.*/kit_release=1.2.3/' "$kit/kit.info"
refused "a kit for another kernel: 3" 3 'built for the kernel 1.2.3' ./run
sed -i "s/^kit_release=.*/kit_release=$(uname -r)/" "$kit/kit.info"
mv "$kit/root/lib/modules" "$kit/root/lib/none"
refused "a module that does not load: 3" 3 'does not load' ./run
mv "$kit/root/lib/none" "$kit/root/lib/modules"

# The area is in use, by this module and by a driver.
load_module
echo order=0 count=1 >$debugfs/codec/alloc
refused "a module that holds something: 3" 3 'is loaded and batches in codec' "./run --area reserved"
same "and still does" "$(sed 1d $debugfs/codec/batches | wc -l)" 1
echo all >$debugfs/codec/free
modprobe cma_bulk_apitest region=codec
refused "a driver that uses the module: 3" 3 'is loaded and in use by' "./run --area codec"
same "and still does" "$(cut -d ' ' -f 1 /proc/modules | grep -c '^cma_bulk')" 2
rmmod cma_bulk_apitest

# A few tests, with a module that was loaded and has settings of its own.
echo 7 >$debugfs/codec/knobs/order
echo 11000 >/proc/sys/vm/min_free_kbytes
# What the two that run here have planned.
planned=0
for t in docs pins-errors; do
	planned=$((planned + $(sed -n 's/^plan \([0-9]*\)$/\1/p' "$kit/root/tests/guest/test-$t.sh")))
done
check "three tests" in_plain "./run --area codec --quick --only docs --only pins-errors --only trace"
same "their summary" "$(summary)" "$((planned + 1)) passed, 0 failed, 1 skipped"
same "their verdicts" "$(grep '^ok\|^not ok\|^1\.\.' /tmp/said)" "1..4
ok 1 - test-docs
ok 2 - test-pins-errors
ok 3 - test-trace # SKIP it takes an area of 64 MiB, this has 32 MiB
ok 4 - the area and the settings are as before"
same "in that area" "$(grep -c "^# cma_bulk .* area codec: 32 MiB" /tmp/said)" 1
same "the module that was loaded is loaded" "$(cut -d ' ' -f 1 /proc/modules | grep cma_bulk)" cma_bulk
same "with its settings" "$(cat $debugfs/codec/knobs/order) $(cat $debugfs/reserved/knobs/order)" "7 4"
same "as are the kernel's" "$(cat /proc/sys/vm/min_free_kbytes)" 11000
echo "$reserve" >/proc/sys/vm/min_free_kbytes
unload

# What LAVA gets of that.
# shellcheck disable=SC2016 # of that script
printf '#!/bin/busybox sh\necho "$1=$3" >>/tmp/cases\n' >/tmp/case
chmod 755 /tmp/case
lava /tmp/said >/tmp/passed_on
same "lava-results passes on what it reads" "$(cmp /tmp/said /tmp/passed_on 2>&1)" ""
same "and reports each result" \
	"$(grep -c '=pass$' /tmp/cases) $(grep -c '=fail$' /tmp/cases) $(grep '=skip$' /tmp/cases)" \
	"$((planned + 4)) 0 test-trace=skip"

# Broken tests, each in its way.
broken broken 'plan 2; ok one; not_ok two; finish'
broken lost 'plan 2; ok one; exit 0'
# As the log of this guest is looked at, too, it is no real report.
echo 'a made-up report' >>"$kit/lib/log-reports"
broken messy 'plan 1
echo "<4>a made-up report" >/dev/kmsg
echo 12345 >/proc/sys/vm/min_free_kbytes
sleep 1000 &
ok one
finish'
broken slow 'sleep 1000'
in_plain "./run --area codec --only broken --only lost --only messy --only slow"
same "broken tests: the status" $? 1
same "each is told" "$(grep '^not ok' /tmp/said)" "not ok 1 - test-broken
not ok 2 - test-lost
not ok 3 - test-messy
not ok 4 - test-slow"
same "and why" "$(grep '^# LOST\|^# left\|^# kernel' /tmp/said)" "# LOST: planned 2, got 1
# left behind: process: sleep 1000 
# kernel log: holds a report
# LOST: time-out"
same "what they had changed is as before" \
	"$(grep -c '^# /proc/sys/vm/min_free_kbytes: 12345, and again' /tmp/said)" 1
same "the summary" "$(summary)" "4 passed, 5 failed, 0 skipped"
lava /tmp/said >/dev/null
same "LAVA is told" "$(grep -c '^test-[a-z]*=fail$' /tmp/cases) $(tail -n 1 /tmp/cases)" "4 complete=pass"
head -n 5 /tmp/said >/tmp/part
lava /tmp/part >/dev/null
same "and of a run that was cut off" "$(tail -n 1 /tmp/cases)" "complete=fail"

same "settings, modules and mounts are as before" "$(state)" "$before"
same "and so is what is free" "$(free_pages reserved)" "$free_before"
umount $plain/dev $plain/sys $plain/proc $plain
finish
