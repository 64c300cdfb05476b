# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The kernel's log on a device, where it belongs to everybody: nothing of it is
# cleared. Sourced under busybox sh.
#
# klog_start, klog_stop  a process copies all records to $klog
# klog_mark WORD…        a line in the log; when this returns, all that was in it
#                        before is in $klog
# klog_size              bytes of $klog until now

klog=/kit/log

# Each read is one record. The device fails when records were overwritten that
# had not been read yet: it is opened again and begins with the oldest.
klog_start() {
	: >$klog
	# shellcheck disable=SC2016 # of the inner shell
	setsid sh -c 'while true; do
		dd if=/dev/kmsg bs=16k 2>/dev/null
		usleep 100000
	done' >>$klog &
	klog_reader=$!
}

klog_stop() {
	kill -TERM "-$klog_reader" 2>/dev/null
}

# Where writing to the log is switched off, what was logged is there a moment later.
klog_mark() {
	read -r klog_now _ </proc/uptime
	# shellcheck disable=SC3028 # busybox has it
	klog_text="cma_bulk-device: $* ($klog_now.$RANDOM)"
	if ! echo "<6>$klog_text" 2>/dev/null >/dev/kmsg; then
		usleep 300000
		return
	fi
	klog_tries=0
	until tail -n 100 $klog | grep -qF "$klog_text" || [ $klog_tries = 100 ]; do
		klog_tries=$((klog_tries + 1))
		usleep 20000
	done
}

# A test may have a function stat() of its own.
klog_size() { wc -c <$klog; }
