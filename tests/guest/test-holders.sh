#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Who has memory of the region: drivers, this module's own users, and processes that
# have taken references. What is tracked is chosen, and the module goes while all of
# it is in use.
#
# device: 64 soak
# vm: --cma 256 --mem 1024 --timeout 300 --module null_blk --module configfs
# leaks
# harness
# not: armhf-* the slow disk of this test is a BUG of the kernel there (throtl_trim_slice())
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh
. /tests/guest/pins.sh

apitest=/sys/kernel/debug/cma_bulk_apitest

# holders KIND: lines of that kind.
holders() { awk -v kind="$1" '!/^#/ && $3 == kind' "$region/holders"; }
held_pages() { holders "$1" | awk '{ n += $2 } END { print n + 0 }'; }
# whose KIND: processes and names of these.
whose() { holders "$1" | awk '{ print $4, $5 }' | sort -u; }
# odd_stacks KIND FUNCTION: lines whose stack does not have it.
odd_stacks() {
	cat "$region/stacks" >/tmp/stacks
	holders "$1" | while read -r _ _ _ _ _ _ stack; do
		grep "^$stack: " /tmp/stacks | grep -q "[ <]$2\( \|\$\)" || grep "^$stack: " /tmp/stacks || echo "no stack $stack"
	done
}
track() { errno "$region/track" "$1\n"; }
# all_pages: each page that standard input has as "PFN PAGES".
all_pages() { awk '{ for (i = 0; i < $2; i++) print $1 + i }' | sort -n; }

plan 88
check "loads" modprobe cma_bulk
use "$area"
before=$(cma_free)
same "at first callers of cma_alloc() are tracked" "$(cat "$region/track")" cma
same "which this kernel can" "$(grep '^track_' $debugfs/capabilities)" "track_cma: yes
track_pins: yes"
same "holders: header" "$(head -n 1 "$region/holders")" "# pfn pages kind pid comm age_ms stack"

# What is chosen.
log_new >/dev/null
for bad in "" " " bogus "cma bogus" "cmapins" "off cma" "cma off" "cma\0pins" \
	"$(seq -s ' ' 40)"; do
	same "'$bad': EINVAL" "$(track "$bad")" EINVAL
	same "'$bad': nothing has changed" "$(cat "$region/track")" cma
done
same "the log names the word" "$(log_new | grep -c "$area: track: bad word 'bogus'")" 2
for good in "cma pins:cma pins" "pins  cma:cma pins" "pins:pins" "off:off" "off off:off" "cma:cma"; do
	same "'${good%:*}': can be chosen" "$(track "${good%:*}")" OK
	same "'${good%:*}': is told" "$(cat "$region/track")" "${good#*:}"
done

# A driver's buffers.
check "a driver loads" modprobe cma_bulk_apitest
same "nobody has anything" "$(sed 1d "$region/holders" | grep -v ' cma ')" ""
others=$(held_pages cma)
echo "3 16" >$apitest/dma
same "buffers: each page" "$(($(held_pages cma) - others))" 48
holders cma | all_pages >/tmp/told
all_pages <$apitest/dma >/tmp/taken
same "the very ones" "$(grep -vxFf /tmp/told /tmp/taken)" ""
same "of this shell" "$(whose cma)" "$$ sh"
same "by that function" "$(odd_stacks cma 'apitest_dma_take \[cma_bulk_apitest\]')" ""
same "called from cma_alloc()" "$(odd_stacks cma '[a-z_]*cma_alloc[a-z_]*')" ""
same "blockers name them, too" "$(awk '$3 == "cma_user" && $8 == '$$' && $9 == "sh" && $10 ~ /^[0-9]+$/ && $11 > 0' \
	"$region/blockers" | wc -l)" 48
echo "0 0" >$apitest/dma
same "none is left of them" "$(held_pages cma)" "$others"
track off >/dev/null
echo "3 16" >$apitest/dma
same "off: they are not told" "$(held_pages cma)" 0
same "blockers know no name" "$(awk '$3 == "cma_user" { print $8, $9, $10, $11 }' "$region/blockers" | sort -u)" "- - - -"
track cma >/dev/null
same "nor when it is on again" "$(held_pages cma)" 0
echo "0 0" >$apitest/dma

# What this module has handed out.
alloc order=4 count=100
same "a batch: each page" "$(held_pages bulk)" 1600
compare "in a few lines" "$(holders bulk | wc -l)" -le 100
same "as in the list of chunks" "$(holders bulk | all_pages | md5sum)" \
	"$(awk '!/^#/ { print $2, 16 }' "$region/chunks" | all_pages | md5sum)"
same "of this shell" "$(whose bulk)" "$$ sh"
same "through the file" "$(odd_stacks bulk 'alloc_write \[cma_bulk\]')" ""
sh -c "echo 20 >$apitest/own" &
child=$!
wait $child
same "a driver's chunks, too" "$(held_pages bulk)" 1920
same "of the process that made it ask" "$(whose bulk | grep -c "^$child sh$")" 1
same "by that function" "$(holders bulk | awk -v pid=$child '$4 == pid { print $7 }' | sort -u | while read -r s; do
	grep "^$s: " "$region/stacks"; done | grep -c 'cma_bulk_alloc .*apitest_own_take \[cma_bulk_apitest\]')" 1
echo all >"$region/free"
same "a batch that was given back is gone" "$(held_pages bulk)" 320
echo 0 >$apitest/own
same "and so is the driver's" "$(held_pages bulk)" 0
alloc order=0 count=64 engine=cma_alloc 2>/dev/null
same "with cma_alloc() it is ours as well" "$(held_pages bulk) $(held_pages cma)" "$(last allocated) $others"
echo all >"$region/free"
rmmod cma_bulk_apitest

# References. A slow disk, for reads that last.
check "the pinner loads" modprobe cma_bulk_pinner
on_device || { modprobe configfs && modprobe null_blk nr_devices=0; }
mount -t configfs config /sys/kernel/config 2>/dev/null
slow=/sys/kernel/config/nullb/nullb2
mkdir /tmp/slow
if mkdir $slow 2>/dev/null && echo 1 >$slow/memory_backed && echo 4 >$slow/size && echo 1 >$slow/power; then
	mount -t cgroup2 cgroup /tmp/slow && mkdir /tmp/slow/reads && echo +io >/tmp/slow/cgroup.subtree_control &&
		echo "$(cat /sys/block/nullb2/dev) rbps=64" >/tmp/slow/reads/io.max
fi
harness holders
[ ! -d $slow ] || { echo 0 >$slow/power; rmdir $slow; }
[ ! -d /tmp/slow/reads ] || rmdir /tmp/slow/reads
umount /tmp/slow 2>/dev/null
umount /sys/kernel/config 2>/dev/null
on_device || for m in null_blk configfs; do [ ! -d /sys/module/$m/holders ] || rmmod $m; done
same "nothing was dropped" "$(sum track_dropped)" 0
rmmod cma_bulk_pinner

# The module goes while its probes are at work.
/harness gupload &
one=$!
/harness gupload &
two=$!
wrong=''
n=$(often 20)
while [ "$n" -gt 0 ]; do
	echo "cma pins" >"$region/track" || wrong="$wrong track"
	cat "$region/holders" >/dev/null || wrong="$wrong holders"
	case $n in
	*[02468]) echo off >"$region/track" || wrong="$wrong off" ;;
	esac
	{ rmmod cma_bulk && modprobe cma_bulk; } || wrong="$wrong module"
	n=$((n - 1))
done
same "it goes and comes under load" "$wrong" ""
kill $one $two
wait $one $two
same "nothing is lost" "$(cma_free)" "$before"
check "unloads" rmmod cma_bulk
finish
