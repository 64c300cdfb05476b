# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The module, for guest tests. Sourced after lib.sh.
#
# load_module, load PARAM, unload
#                        the module; a test that cannot load it ends
# $area                  the region that tests work in: reserved, which cma= makes,
#                        or $CMA_BULK_AREA, see on_device in lib.sh
# use NAME               the region that everything below speaks of: $region is
#                        its folder, $base and $pages where it lies, $block the
#                        pages of a pageblock, 2^$block_order, $page_kb the size
#                        of one
# last KEY, sum KEY      a value of that file
# alloc WORD…            a request, made by the shell itself
# errno FILE TEXT        writes TEXT at once; prints OK or the name of the error
# errno_file FILE FROM   the same with the content of FROM
# errno_of N            errno of a number, e.g. -16 is EBUSY
# held                   pages that all batches hold, by "batches"
# blocking REASON        lines of "blockers" for what blocks at this moment
# lingers                the same for "lingering", once there has been time for all of it
#                        to go back; nothing if it has
# pool_fills BYTES TENTHS
#                        waits until the pool has so much, but for so many tenths of a
#                        second at most
# kernel_pages           pages of the area that other users of it hold
# fits ORDER [ALIGN]     naturally aligned places for a chunk, empty or not
# largest_order          of these
# cma_free_raw           CmaFree in kB, with every CPU's share counted
# cma_free               CmaFree in kB, exact: see there
# chunks_wrong [ALIGN]   what is wrong with the lists of chunks; nothing if all
#                        is well
# snapshot               all that a refused write must not change
# log_new                the kernel's lines since it was last called
# median A B C
# find_tracing           sets $tracing to the folder of the tracer
# zone_at PFN            name of the zone that a page is in, and how many pages that has
# window_open            waits for a minute until the driver of the tests has made a window
#                        wide, see its parameters; $open is Y then
# suspend_quickly        from now on the kernel only tests its freezer when it is to
#                        suspend, and comes back after a second where it can
# rcu_hurries, rcu_as_before
#                        an rt kernel has no expedited RCU, so that each call for
#                        a range waits for a whole grace period: a request among
#                        pins takes seconds, and cma_alloc() for each chunk or
#                        among batches, minutes. In between it has

debugfs=/sys/kernel/debug/cma_bulk
# shellcheck disable=SC2034 # for the tests
area=${CMA_BULK_AREA:-reserved}

load_module() {
	load ""
}

# An empty parameter is none.
load() {
	modprobe cma_bulk ${1:+"$1"} && return
	diag "modprobe cma_bulk $1 failed"
	exit 1
}

unload() {
	rmmod cma_bulk
}

use() {
	region=$debugfs/$1
	# shellcheck disable=SC2046 # numbers
	set -- $(awk -v name="$1" '$1 == name { print $2, $3, $4, $5 }' $debugfs/regions)
	[ $# = 4 ] || { diag "no such region in $debugfs/regions"; exit 1; }
	block=$4
	block_order=0
	while [ $((1 << block_order)) -lt "$block" ]; do block_order=$((block_order + 1)); done
	pages=$(($3 * $4))
	page_kb=$(($2 / 1024 / pages))
	base=$(($1 / 1024 / page_kb))
}

last() {
	awk -v key="$1:" '$1 == key { print $2 }' "$region/last"
}

sum() {
	awk -v key="$1:" '$1 == key { print $2 }' "$region/stats"
}

alloc() {
	echo "$*" >"$region/alloc"
}

# One write(2): dd reads the whole file and passes it on as it is. An error
# from open() is none of write()'s.
errno_file() {
	if errno_said=$(dd if="$2" of="$1" bs=64k conv=notrunc 2>&1); then
		echo OK
		return
	fi
	case $errno_said in
	*"error writing"*"Invalid argument"*) echo EINVAL ;;
	*"error writing"*"Argument list too long"*) echo E2BIG ;;
	*"error writing"*"Cannot allocate memory"*) echo ENOMEM ;;
	*"error writing"*"Out of memory"*) echo ENOMEM ;;
	*"error writing"*"Device or resource busy"*) echo EBUSY ;;
	*"error writing"*"No such file or directory"*) echo ENOENT ;;
	*"error writing"*"Operation not supported"*) echo EOPNOTSUPP ;;
	*"error writing"*"Connection timed out"*) echo ETIMEDOUT ;;
	*) echo "$errno_said" ;;
	esac
}

# TEXT may hold the escapes of printf: \0 for a NUL. It goes through a file; processes
# that write at the same time have one each, $errno_text.
errno() {
	printf '%b' "$2" >"${errno_text:-/tmp/errno.text}"
	errno_file "$1" "${errno_text:-/tmp/errno.text}"
}

errno_of() {
	case $1 in
	0) echo OK ;;
	-4) echo EINTR ;;
	-12) echo ENOMEM ;;
	-16) echo EBUSY ;;
	-110) echo ETIMEDOUT ;;
	-7) echo E2BIG ;;
	-95) echo EOPNOTSUPP ;;
	*) echo "$1" ;;
	esac
}

# busybox' awk may come without "^".
pow2='function pow2(n,  p) { for (p = 1; n > 0; n--) p *= 2; return p }'

held() {
	awk "$pow2"' !/^#/ { n += $3 * pow2($2) } END { print n + 0 }' "$region/batches"
}

# Without those of the last request that failed: when nothing blocks any more, the
# file lists them.
blocking() {
	awk -v why="$1" '$3 == why && $6 != "gone"' "$region/blockers"
}

# The module looks at what lingers every 6.4 s at least.
lingers() {
	lingers_tries=0
	while [ -n "$(blocking lingering)" ] && [ $lingers_tries -lt 40 ]; do
		lingers_tries=$((lingers_tries + 1))
		usleep 500000
	done
	blocking lingering
}

pool_fills() {
	pool_tries=$2
	while [ "$(cat "/sys/kernel/cma_bulk/${region##*/}/pool_bytes")" -lt "$1" ] && [ "$pool_tries" -gt 0 ]; do
		pool_tries=$((pool_tries - 1))
		usleep 100000
	done
}

kernel_pages() {
	blocking cma_user | wc -l
}

fits() {
	awk -v base="$base" -v pages="$pages" -v order="$1" -v align="${2-0}" "$pow2"'
		BEGIN {
		size = pow2(order)
		step = align > order ? pow2(align) : size
		first = int((base + step - 1) / step) * step
		n = int((base + pages - first - size) / step) + 1
		print (first + size > base + pages) ? 0 : n
	}'
}

largest_order() {
	fits_order=0
	while [ "$(fits $((fits_order + 1)))" != 0 ]; do
		fits_order=$((fits_order + 1))
	done
	echo $fits_order
}

cma_free_raw() {
	echo 1 >/proc/sys/vm/stat_refresh
	awk '$1 == "CmaFree:" { print $2 }' /proc/meminfo
}

# CmaFree as such is not comparable. A page that goes back may stay on a list of
# its CPU, which CmaFree does not count and from which the next movable
# allocation is served, so a shell's own memory moves into the area. Therefore
# take all that is left of every area, page by page: that drains the lists and
# evicts what is movable. Then what was taken, and CmaFree besides, is what
# CmaFree would be in areas without guests: exact to the page. On a device other
# areas are of no concern, nor is CmaFree, which counts them in: there it is what
# can be taken of this one.
cma_free() {
	cma_free_taken=0
	cma_free_region=$region
	for region in "$debugfs"/${CMA_BULK_AREA:-*}/; do
		region=${region%/}
		fill_up
	done
	cma_free_left=0
	on_device || cma_free_left=$(cma_free_raw)
	for region in "$debugfs"/${CMA_BULK_AREA:-*}/; do
		region=${region%/}
		cma_free_nr=$(cat "/tmp/fill.${region##*/}")
		[ "$cma_free_nr" = 0 ] || echo "$cma_free_nr" >"$region/free"
	done
	region=$cma_free_region
	echo $((cma_free_taken * page_kb + cma_free_left))
}

# The batch goes to a file, because names of regions are no names of variables.
fill_up() {
	fill_want=$(awk -v name="${region##*/}" '$1 == name { print $4 * $5 }' $debugfs/regions)
	fill_want=$((fill_want - $(held) - $(kernel_pages)))
	echo 0 >"/tmp/fill.${region##*/}"
	[ $fill_want -gt 0 ] || return 0
	echo "order=0 align=0 count=$fill_want fast=0 partial=1 salvage=1 engine=bulk" \
		"retries=50 retry_delay_ms=20 timeout_ms=0" >"$region/alloc" 2>/dev/null
	last batch >"/tmp/fill.${region##*/}"
	cma_free_taken=$((cma_free_taken + $(last allocated)))
}

# Each chunk aligned, inside the region, of its batch's order, as many as the
# batch says, and no two with a page in common.
chunks_wrong() {
	sort -n -k 2 "$region/chunks" | awk -v batches="$region/batches" \
		-v base="$base" -v end=$((base + pages)) -v align="${1-0}" "$pow2"'
		function wrong(what) { if (++wrongs <= 5) print what, $0 }
		BEGIN {
			last = -1
			while ((getline line <batches) > 0) {
				split(line, f, " ")
				if (f[1] != "#") { order[f[1]] = f[2]; left[f[1]] = f[3] }
			}
		}
		/^#/ { next }
		{
			if ($3 != last) { last = $3; size = pow2($3); step = $3 > align ? size : pow2(align) }
			left[$1]--
		}
		$2 % step { wrong("not aligned:") }
		$2 < base || $2 + size > end { wrong("not in the region:") }
		$2 < free { wrong("overlaps the one before:") }
		!($1 in order) || order[$1] != $3 { wrong("not the order of its batch:") }
		{ free = $2 + size }
		END { for (b in left) if (left[b]) print "batch", b, "lacks", left[b], "chunks" }'
}

snapshot() {
	awk 'FILENAME ~ /batches$/ { $5 = "age" }
		FILENAME ~ /blocks$/ { held += $7; next }
		{ print FILENAME ": " $0 }
		END { print "held:", held }' "$region"/batches "$region"/chunks \
		"$region"/last "$region"/stats "$region"/knobs/* "$region"/blocks
}

# Without what an emulated machine makes the kernel say of its clocks.
log_new() {
	dmesg -c | grep -vE 'hrtimer: interrupt took|clocksource: '
}

median() {
	printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}

find_tracing() {
	tracing=/sys/kernel/tracing
	[ -d $tracing/events ] || tracing=/sys/kernel/debug/tracing
}

zone_at() {
	awk -v at="$1" '/^Node/ { zone = $4 } $1 == "spanned" { n = $2 } $1 == "managed" { m = $2 }
		$1 == "start_pfn:" && at >= $2 && at < $2 + n { print zone, m }' /proc/zoneinfo
}

# Without a fork, which the processor in the window would keep waiting.
window_open() {
	read -r window_now _ </proc/uptime
	window_end=$((${window_now%.*} + 60)) open=N
	until [ "$open" = Y ] || [ "${window_now%.*}" -gt $window_end ]; do
		read -r open </sys/module/cma_bulk_apitest/parameters/open
		read -r window_now _ </proc/uptime
	done
}

suspend_quickly() {
	echo freezer >/sys/power/pm_test
	suspend_delay=/sys/module/suspend/parameters/pm_test_delay
	[ ! -w $suspend_delay ] || echo 1 >$suspend_delay
}

rcu_hurries() {
	rcu_normal=$(cat /sys/kernel/rcu_normal)
	echo 0 >/sys/kernel/rcu_normal
}

rcu_as_before() {
	echo "$rcu_normal" >/sys/kernel/rcu_normal
}
