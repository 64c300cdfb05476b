# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For guest tests on a device: what dmesg prints there begins with the test, is
# about this module only, and -c clears nothing but what the test sees. Sourced by
# lib.sh. What else the kernel says is looked at by tests.sh.

# shellcheck source=klog.sh
. /kit/klog.sh

dmesg() {
	klog_mark seen
	dmesg_to=$(klog_size)
	dmesg_from=$(cat /tmp/.dmesg 2>/dev/null || cat /kit/begin)
	tail -c "+$((dmesg_from + 1))" $klog | head -c $((dmesg_to - dmesg_from)) |
		grep 'cma_bulk\|callbacks suppressed' | grep -v 'cma_bulk-device: ' |
		sed 's/^[^;]*;/[    0.000000] /; s/\\x5c/\\/g'
	[ "${1-}" != -c ] || echo "$dmesg_to" >/tmp/.dmesg
}
