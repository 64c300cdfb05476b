#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What is no region: each such node of the device tree is listed once, with a
# reason that names the cure, in the file and in the kernel log. What lies beside
# these nodes, or has an awkward name, is a region all the same.
# vm: --mem 4096 --dt-nodes tests/guest/nodes.dts --timeout 120
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

plan 27
log_new >/dev/null
load_module
skipped() { sed 1d $debugfs/skipped; }
same "the header" "$(head -n 1 $debugfs/skipped)" "# name base size_bytes reason"

# What the kernel wants of an area's size: a pageblock, or the largest buddy.
case $(uname -r) in
*-16k) multiple="32 MiB" ;;
5.*) multiple="4 MiB" ;;
*) multiple="2 MiB" ;;
esac

# line NAME BASE MIB REASON: listed once, and once in the log with the same.
log=$(log_new)
line() {
	same "$1: $4" "$(skipped | grep "^$1 ")" "$1 $2 $(($3 << 20)) $4"
	same "$1: and in the log" "$(echo "$log" | sed -n "s/.*cma_bulk: $1 (\(0x[0-9a-f]*\), .*) is no region: /\1 /p")" "$2 $4"
}
base_of() { skipped | awk -v name="$1" '$1 == name { print $2 }'; }
line not-reusable "$(base_of not-reusable)" 64 "not reusable (add that property)"
line small "$(base_of small)" 1 "size 1 MiB is no multiple of $multiple"
line odd@90100000 0x90100000 64 "base 0x90100000 is not aligned to $multiple"
line no-map@98000000 0x98000000 64 "no-map (remove that property)"
line off 0x0 64 'disabled (set its status to "okay")'
line huge 0x0 $((1 << 20)) "the kernel could not reserve it (its log at boot says why)"
line firmware@9c000000 0x9c000000 1 'not compatible with "shared-dma-pool"'
line wide@fc000000 0xfc000000 128 "the kernel could not activate it (its log at boot says so)"
same "nothing else is listed" "$(skipped | grep -c .)" 8

regions() { awk '!/^#/ { print $1, $3, $6 }' $debugfs/regions | sort; }
same "the others are regions" "$(regions | grep -v '^reserved ')" "left@a0000000 67108864 dt
region 67108864 dt
right@a4000000 67108864 dt"

# Neighbours are apart: each is filled to its last page, and no further.
use left@a0000000
alloc order=4 count=$((pages / 16)) retries=50 retry_delay_ms=20
same "left is filled" "$(last ret) $(held)" "0 $pages"
same "left: inside and complete" "$(chunks_wrong 0)" ""
use right@a4000000
same "right holds nothing" "$(awk '!/^#/ { n += $7 } END { print n + 0 }' "$region"/blocks)" 0
alloc order=4 count=$((pages / 16)) retries=50 retry_delay_ms=20
same "right is filled" "$(last ret) $(held)" "0 $pages"
same "right: inside and complete" "$(chunks_wrong 0)" ""

# Who opens a file without CAP_SYS_ADMIN sees no address, whatever its mode.
mkdir -p /etc
echo nobody:x:65534:65534::/:/bin/sh >/etc/passwd
echo nobody:x:65534: >/etc/group
chmod 755 /sys/kernel/debug $debugfs
chmod 444 $debugfs/regions $debugfs/skipped
as_user() { start-stop-daemon -S -q -p /tmp/none -c nobody:nobody -x /bin/cat -- "$1"; }
same "regions: no base for others" \
	"$(as_user $debugfs/regions | awk '!/^#/ { print $2 }' | sort -u)" 0x0
same "skipped: no base for others" \
	"$(as_user $debugfs/skipped | awk '!/^#/ { print $2 }' | sort -u)" 0x0
same "skipped: nor in a reason" "$(as_user $debugfs/skipped | grep '^odd')" \
	"odd@90100000 0x0 67108864 base 0x0 is not aligned to $multiple"
chmod 700 /sys/kernel/debug
unload
finish
