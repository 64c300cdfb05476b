# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What a region looks like before a request is measured. Sourced by bench.sh,
# after bulk.sh, pins.sh and memory.sh.
#
# scene NAME          sets the region up anew: free, half, pins-PERCENT,
#                     scattered, dirty, transient (pages are held for 200 ms),
#                     transient-MS, pool, pool-dirty, small-free, small-half, and
#                     forever-PINS
# scene_clear         and takes it all away again
# scene_words         what a request needs there beside its order and count
#
# The order of pageblocks is the pinner's, by a seed, so a scene is the same in
# each round and in each boot.

block=${block:?bulk.sh comes first} pages=${pages:?} region=${region:?} page_kb=${page_kb:?}
pinner=${pinner:?} scenario=${scenario:?bench.sh sets it}
blocks=$((pages / block)) block_order=0
while [ $((1 << block_order)) -lt "$block" ]; do block_order=$((block_order + 1)); done
scene_pids='' scene_words=''

# live SKIP BLOCKS: page cache in all of these pageblocks.
live() {
	[ "$2" = 0 ] || pin mode=legacy pages=0 fill="$block" skip="$1" blocks="$2"
}

# pinned SKIP BLOCKS FILL: a pin in each, and so many other pages.
one_pin() {
	[ "$2" = 0 ] || pin mode=legacy pages=1 fill="$3" skip="$1" blocks="$2"
}

# A process whose memory fills the only pageblocks that are free meanwhile.
scene_anonymous() {
	live $((blocks / 2)) $((blocks / 2)) || return
	filler=$(awk 'END { print $1 }' "$pinner/pins")
	: >/tmp/anonymous # what the last one said
	/harness anonymous "${region##*/}" $(($1 * block * 3 / 4)) >/tmp/anonymous &
	scene_pids="$scene_pids $!"
	while ! grep -q ready /tmp/anonymous; do
		kill -0 $! || return
		sleep 0.1
	done
	unpin "$filler"
}

scene_half() {
	anonymous_blocks=$((blocks / 16))
	live 0 $((blocks / 2 - anonymous_blocks)) || return
	scene_anonymous $anonymous_blocks
}

scene_pins() {
	stuck=$((blocks * $1 / 100)) half=$((blocks / 2))
	if [ $stuck -le $half ]; then
		one_pin 0 $stuck $((block - 1)) && live $stuck $((half - stuck))
	else
		one_pin 0 $half $((block - 1)) && one_pin $half $((stuck - half)) 0
	fi
}

# Page cache in every other pageblock. Out of a larger free block a page costs more, so that
# a request costs the same in all regions only if the free blocks of all are of one size.
scene_every_other() {
	alloc "order=$block_order align=$((block_order + 1)) count=$((blocks / 2))" &&
		live 0 $((blocks / 2)) || return
	echo all >"$region/free"
}

# A disk that takes 40 MB a second, and processes that write to it and read.
scene_dirty() {
	if [ ! -d /tmp/disk ]; then
		fresh || return
		# Kernels from 6.16 on have no such module, and ext4 needs none.
		modprobe crc32c_generic 2>/dev/null
		modprobe null_blk nr_devices=0 && modprobe ext4 || return
		mount -t configfs config /sys/kernel/config 2>/dev/null
		disk=/sys/kernel/config/nullb/nullb0
		mkdir $disk && echo 1 >$disk/memory_backed && echo 700 >$disk/size &&
			echo 40 >$disk/mbps && echo 1 >$disk/power || return
		mke2fs -b 4096 /dev/nullb0 >/dev/null 2>&1
		mkdir /tmp/disk && mount -t ext4 /dev/nullb0 /tmp/disk || return
		dd if=/dev/zero of=/tmp/disk/read bs=1M count=200 2>/dev/null
		sync
	fi
	while :; do
		dd if=/dev/zero of=/tmp/disk/write bs=1M count=300 conv=notrunc
	done 2>/dev/null &
	scene_pids="$scene_pids $!"
	while :; do cat /tmp/disk/read; done >/dev/null &
	scene_pids="$scene_pids $!"
	# Until the cache has grown into the region, and both are in full swing.
	sleep 2
	while [ "$(block_sum 4)" -gt $((pages * 3 / 4)) ] ||
		[ "$(awk '$1 == "nr_writeback" { print $2 }' /proc/vmstat)" = 0 ]; do
		sleep 0.2
	done
}

# scene_transient MS: pages that are held for so long, more or less half of it, again and
# again. Requests get 30 s.
scene_transient() {
	# shellcheck disable=SC2034 # for bench.sh
	scene_words="retries=-1 timeout_ms=30000"
	pin mode=transient blocks=$((blocks * 3 / 10)) pages=4 hold_ms="$1" \
		jitter_ms=$(($1 / 2)) seed=7
}

# As fresh_region(), for an area that nobody else uses. This also touches all of
# its memory, which the host gives to the guest only then: the first request
# would pay ten times for each page.
fresh() {
	alloc "order=$block_order count=$blocks" || return
	echo all >"$region/free"
}

# What a preparation freed lies on lists of the CPUs. The next one who takes
# anything drains these: that shall not be whoever is measured first. And any
# process gets its memory from there, in the middle of a free block. Another area,
# if there is one, serves to drain them: what that frees itself lies there, too.
# But each zone has its own, so it must be of the same zone.
settle() {
	[ "$near" ] || near=$(settle_in)
	echo "order=0 count=1" >"$near/alloc" && echo all >"$near/free" || return
	# Whether the LRU batches are empty after that depends on where the shell's stack
	# ends, and to empty them costs more than a small request: a page of a file is put
	# there. A process would do that, too, but leaves some 250 pages on lists of the CPU.
	# The memory of ramfs is not movable, so it is never the area's: that of tmpfs now
	# and then is, and breaks a free block, from which a page costs a fifth.
	case $scenario in small-*) echo >$unmovable/settled ;; esac
}
near='' unmovable=/tmp/unmovable

settle_in() {
	zone=$(zone_of "${region##*/}")
	for other in "${region%/*}"/*/alloc; do
		other=${other%/alloc}
		[ "$other" != "$region" ] || continue
		[ "$(zone_of "${other##*/}")" = "$zone" ] || continue
		echo "$other"
		return
	done
	echo "$region"
}

zone_of() {
	zone_at $(($(awk -v name="$1" '$1 == name { print $2 }' "${region%/*}/regions") / 1024 / page_kb))
}

scene() {
	scene_clear
	# shellcheck disable=SC2034 # for bench.sh
	scene_words=
	# A file system's own pages stay in use, wherever they are.
	case $1 in
	dirty | pool-dirty) ;;
	*) fresh || return ;;
	esac
	case $1 in small-*) mkdir $unmovable && mount -t ramfs ramfs $unmovable || return ;; esac
	case $1 in
	free | heap | contended | scale | orders | stall | small-free*) ;;
	half | pool) scene_half ;;
	small-half-*) scene_every_other ;;
	# No anonymous memory: that does not go to a region that is small beside the rest.
	small-half) live 0 $((blocks / 2)) ;;
	dirty | pool-dirty) scene_dirty ;;
	pins-*) scene_pins "${1#pins-}" ;;
	forever-*) one_pin 0 "${1#forever-}" 0 ;;
	scattered) pin mode=legacy pages=0 fill=1 blocks=$blocks ;;
	transient) scene_transient 200 ;;
	transient-*) scene_transient "${1#transient-}" ;;
	*) echo "no such scene: $1" >&2; return 1 ;;
	esac
}

scene_clear() {
	for pid in $scene_pids; do kill "$pid"; done 2>/dev/null
	# shellcheck disable=SC2086 # a list
	wait $scene_pids 2>/dev/null
	scene_pids=
	unpin all
	echo all >"$region/free"
	[ ! -d $unmovable ] || { umount $unmovable; rmdir $unmovable; }
}
