#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# /sys/kernel/cma_bulk: what its files say, who may read and write them, what
# they refuse, without debugfs, in a lockdown, and when the module goes.
#
# A lockdown stays.
# own
# vm: --cma 128 --mem 896 --timeout 120 --file docs/ABI/testing/sysfs-kernel-cma-bulk:/abi
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

plan 34
load_module
use reserved
sysfs=/sys/kernel/cma_bulk/reserved
page=$((page_kb * 1024))
top=$(largest_order)

# files MODE: those that have it.
files() { (cd $sysfs && stat -c '%a %u %n' -- * | awk -v m="$1" '$1 == m && $2 == 0 { print $3 }' | tr '\n' ' '); }
value() { cat "$sysfs/$1"; }
all() { (cd $sysfs && grep . -- *); }
same "a directory for each region" "$(ls /sys/kernel/cma_bulk)" \
	"$(awk '!/^#/ { print $1 }' $debugfs/regions | sort)"
same "read only" "$(files 444)" \
	"contig_busy failure held_bytes pages_migrated partial pool_bytes requests size_bytes success "
same "read and write, for root" "$(files 644)" \
	"heap_order heap_retries heap_timeout_ms pool_chunks pool_order "
same "there is no other" "$(find $sysfs -mindepth 1 | wc -l)" 14
same "each is documented, and no other" \
	"$(sed -n 's|^What:.*<region>/||p' /abi | sort | tr '\n' ' ')" \
	"$(cd $sysfs && echo *) "
same "each is one number" "$(all | grep -vE '^[a-z_]+:-?[0-9]+$')" ""
same "what it begins with" "$(all | sort)" "contig_busy:0
failure:0
heap_order:4
heap_retries:0
heap_timeout_ms:0
held_bytes:0
pages_migrated:0
partial:0
pool_bytes:0
pool_chunks:0
pool_order:4
requests:0
size_bytes:$((pages * page))
success:0"

# Requests of each outcome, with pages in the way.
memory=$((pages * page / 2 / 1048576))
mkdir -p /tmp/shm && mount -t tmpfs -o size=${memory}m tmpfs /tmp/shm
dd if=/dev/zero of=/tmp/shm/file bs=1M count=$((memory - 1)) 2>/dev/null
alloc order=4 count=100
same "held by one batch" "$(value held_bytes)" $((1600 * page))
alloc order=0 count=$((pages / 2))
same "held by two" "$(value held_bytes)" $(((1600 + pages / 2) * page))
umount /tmp/shm
alloc order=0 count=$pages 2>/dev/null
alloc order=0 count=$pages partial=0 2>/dev/null
same "requests, and how they ended" \
	"$(value requests) $(value success) $(value partial) $(value failure)" "4 2 1 1"
for key in requests success partial failure pages_migrated contig_busy; do
	same "$key: as in stats" "$(value $key)" "$(sum $key)"
done
echo all >"$region/free"
same "nothing is held" "$(value held_bytes)" 0
echo 1 >"$region/reset_stats"
same "reset with stats" "$(value requests) $(value pages_migrated)" "0 0"

# What may be written, and what not.
knobs() { echo "$(value heap_order) $(value heap_retries) $(value heap_timeout_ms)"; }
set_all() { echo "$(errno $sysfs/heap_order "$1") $(errno $sysfs/heap_retries "$2\n") $(errno $sysfs/heap_timeout_ms "$3\n")"; }
same "the lowest" "$(set_all 0 -1 0), $(knobs)" "OK OK OK, 0 -1 0"
same "the highest" "$(set_all "$top" 2147483647 2147483647), $(knobs)" \
	"OK OK OK, $top 2147483647 2147483647"
same "below, and above" "$(set_all -1 -2 -1), $(set_all $((top + 1)) 2147483648 2147483648), $(knobs)" \
	"EINVAL EINVAL EINVAL, EINVAL EINVAL EINVAL, $top 2147483647 2147483647"
wrong=''
for text in "" " " x "4 " "4 4" "4\n\n" "0x4" "4\0" "4\0x" "--4" 4294967300 18446744073709551620 4.0; do
	got=$(errno $sysfs/heap_order "$text")
	# Of nothing at all there is no write.
	[ -n "$text" ] || continue
	[ "$got" = EINVAL ] || wrong="$wrong '$text' $got"
done
same "nonsense is refused" "$wrong $(knobs)" " $top 2147483647 2147483647"
set_all 2 3 4 >/dev/null
same "settings of the pool" \
	"$(errno $sysfs/pool_order "$top") $(errno $sysfs/pool_order 3) $(errno $sysfs/pool_chunks 10) $(errno $sysfs/pool_chunks x) $(value pool_chunks) $(value pool_order)" \
	"OK OK OK EINVAL 10 3"
same "and what they refuse" \
	"$(errno $sysfs/pool_order $((top + 1))) $(errno $sysfs/pool_chunks -1) $(errno $sysfs/pool_chunks $((pages / 8 + 1))) $(value pool_chunks) $(value pool_order)" \
	"EINVAL EINVAL E2BIG 10 3"
echo 0 >$sysfs/pool_chunks

# Others may read all of it, and write nothing.
mkdir -p /etc
echo nobody:x:65534:65534::/:/bin/sh >/etc/passwd
echo nobody:x:65534: >/etc/group
as_user() { start-stop-daemon -S -q -p /tmp/none -c nobody:nobody -x /bin/sh -- -c "$1"; }
same "a user reads all" "$(as_user "cd $sysfs && grep . -- *")" "$(all)"
same "a user writes nothing" \
	"$(as_user "cd $sysfs; for f in *; do echo 1 >\$f && echo \$f; done" 2>&1 | grep -vc 'Permission denied') $(knobs)" \
	"0 2 3 4"

# The same numbers, whoever looks while requests come and go.
(while [ ! -e /tmp/stop ]; do all >/dev/null; echo 3 >$sysfs/heap_order; done) &
reader=$!
n=0
while [ $n -lt 50 ]; do
	alloc order=2 count=200
	echo all >"$region/free"
	n=$((n + 1))
done
touch /tmp/stop
wait $reader
same "read all the time" "$(value requests) $(value success) $(value held_bytes)" "50 50 0"

umount /sys/kernel/debug
same "without debugfs" "$(value requests) $(errno $sysfs/heap_retries 7) $(value heap_retries)" "50 OK 7"
mount -t debugfs debugfs /sys/kernel/debug

# An open file does not keep the module.
exec 3<$sysfs/requests 4>$sysfs/heap_order
check "rmmod with files open" rmmod cma_bulk
same "the directory is gone" "$(find /sys/kernel/cma_bulk 2>/dev/null)" ""
same "they read and write no more" "$(cat <&3 2>&1 | grep -o 'No such device') $({ echo 1 >&4; } 2>&1 | grep -o 'No such device')" \
	"No such device No such device"
exec 3<&- 4>&-
load_module
same "a new module begins anew" "$(value requests) $(knobs)" "0 4 0 0"

# It stays, so it comes last.
mount -t securityfs securityfs /sys/kernel/security 2>/dev/null
if echo confidentiality 2>/dev/null >/sys/kernel/security/lockdown; then
	same "a lockdown closes debugfs" \
		"$({ cat "$region/knobs/order"; echo count=1 >"$region/alloc"; } 2>&1 | grep -c 'peration not permitted')" 2
	same "but not this" "$(value size_bytes) $(errno $sysfs/heap_retries 9) $(value heap_retries)" \
		"$((pages * page)) OK 9"
else
	skip "a lockdown closes debugfs" "this kernel has none"
	skip "but not this" "this kernel has none"
fi
umount /sys/kernel/security
unload
finish
