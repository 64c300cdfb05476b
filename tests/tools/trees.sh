# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Trees as the kernel shows them, made small. Sourced by run.sh:
#
# tree_good DIR      a system where all is well: two regions, one of them with
#                    an awkward name; a request was served, three pages block
# tree_NAME DIR      one with a fault, for the doctor
# newer_module DIR   with the files and columns of a module that records holders

# put FILE: standard input becomes $tree/FILE.
put() {
	mkdir -p "$tree/$(dirname "$1")"
	cat >"$tree/$1"
}

dbg=sys/kernel/debug/cma_bulk
sysfs=sys/kernel/cma_bulk

# entry PFN: a line of pagemap, present, little endian.
entry() {
	local i
	for i in 0 8 16 24 32 40; do
		printf '%b' "\\x$(printf %02x $(($1 >> i & 255)))"
	done
	printf '\x00\x80'
}

# region NAME BLOCKS: what a region has in sysfs and debugfs.
region() {
	local dir=$dbg/$1 f
	for f in success:2 partial:1 failure:0 requests:3 held_bytes:1048576 pool_bytes:0 \
		pages_migrated:64 contig_busy:1 size_bytes:$(($2 << 21)) heap_order:4 pool_chunks:0; do
		put "$sysfs/$1/${f%:*}" <<<"${f#*:}"
	done
	put "$dir/alloc" </dev/null
	put "$dir/free" </dev/null
	put "$dir/batches" <<-'E'
	# batch order chunks requested age_ms pid comm
	7 4 16 16 65000 321 camera\040app
	E
	put "$dir/last" <<-'E'
	requested: 16
	allocated: 16
	order: 4
	fast: 0
	engine: bulk
	ret: 0
	elapsed_us: 1500
	batch: 7
	no_target: 0
	E
	awk 'BEGIN {
		split("requests:3 success:2 partial:1 failure:0 error_EBUSY:1 error_ENOMEM:0 " \
		      "chunks_requested:48 chunks_allocated:40 elapsed_us:2600 scan_us:100 wait_us:0 bad_frees:0", f, " ")
		for (i = 1; i in f; i++) { sub(":", ": ", f[i]); print f[i] }
		for (n = 1; n <= 65536; n *= 2)
			print "latency_us_lt_" n ": " (n == 1024 ? 2 : n == 65536 ? 1 : 0)
		for (n = 1; n <= 65536; n *= 2)
			print "latency_success_us_lt_" n ": " (n == 1024 ? 2 : 0)
		for (n = 1; n <= 65536; n *= 2)
			print "latency_partial_us_lt_" n ": " (n == 65536 ? 1 : 0)
		print "no_target: 0"
	}' | put "$dir/stats"
	awk -v n="$2" 'BEGIN {
		print "# block pfn state free movable busy held"
		for (i = 0; i < n; i++) {
			s = "free 512 0 0 0"
			if (i == 4) s = "busy 411 98 3 0"
			if (i == 5) s = "mixed 256 0 0 256"
			if (i == 6) s = "held 0 0 0 512"
			if (i % 8 == 7) s = "movable 12 500 0 0"
			print i, 589824 + i * 512, s
		}
	}' | put "$dir/blocks"
	put "$dir/blockers" <<-'E'
	# pfn block reason refs maps flags owner
	591879 4 dma_pinned 1025 1 referenced|uptodate anon
	591880 4 pinned 3 0 uptodate|lru file:8:1:77
	591881 4 cma_user 1 0 - kernel
	E
}

# process PID COMM: with a mapping of two pages, the second of which blocks.
process() {
	put "proc/$1/comm" <<<"$2"
	printf '%s\n' '00010000-00012000 rw-p 00000000 00:00 0 [heap]' \
		'00020000-00021000 r--s 00000000 08:01 77                         /var/lib/data' |
		put "proc/$1/maps"
	{ head -c 128 /dev/zero; entry 5; entry 591879; } | put "proc/$1/pagemap"
	mkdir -p "$tree/proc/$1/fd" "$tree/proc/$1/fdinfo"
}

tree_good() {
	tree=$1
	put sys/module/cma_bulk/version <<<0.2.0
	printf '0.2.0\n6.12.1-test\n' | put $dbg/version
	put $dbg/capabilities <<-'E'
	source_dt: yes
	engine_bulk: yes
	engine_single: no: <what> & why
	missing: none
	E
	put $dbg/regions <<-'E'
	# name base size_bytes pageblocks pageblock_pages source
	reserved 0x90000000 67108864 32 512 cma
	video\040area 0xa0000000 16777216 8 512 dt
	E
	put $dbg/skipped <<<'# name base size_bytes reason'
	region reserved 32
	region 'video area' 8
	process 4242 'pin<ner>'
	process 77 other
	: >"$tree/proc/77/maps"
	ln -sf /var/lib/data "$tree/proc/77/fd/3"
	printf 'pos:\t0\nflags:\t02\nmnt_id:\t30\nino:\t77\n' | put proc/77/fdinfo/3
	printf 'pos:\t0\nino:\t901\nsize:\t1048576\ncount:\t2\nexp_name:\tcma_bulk-reserved\n' | put proc/77/fdinfo/4
	put proc/77/mountinfo <<<'30 1 8:1 / / rw - ext4 /dev/sda1 rw'
	put proc/self/mountinfo <<<'30 1 8:1 / / rw - ext4 /dev/sda1 rw'
	put proc/mounts <<<'debugfs /sys/kernel/debug debugfs rw 0 0'
	put proc/cmdline <<<'console=ttyS0 cma=64M'
	printf '%s\n' 'MemTotal: 1000000 kB' 'MemFree: 300000 kB' 'CmaTotal: 81920 kB' 'CmaFree: 70000 kB' |
		put proc/meminfo
	put dev/kmsg <<<'6,1,100,-;Linux version 6.12.1-test'
	printf '%s\n' 'Dma-buf Objects:' $'01048576\t00000002\t00080007\t00000002\tcma_bulk-reserved\t00000901\tframe' \
		$'\tAttached Devices:' $'\tvideo0' 'Total 1 devices attached' | put sys/kernel/debug/dma_buf/bufinfo
}

newer_module() {
	tree=$1
	put $dbg/reserved/blockers <<-'E'
	# pfn block reason refs maps flags owner pid comm age_ms stack
	591879 4 dma_pinned 1025 1 referenced|uptodate anon 99 nic\040driver 61000 1
	591880 4 pinned 3 0 uptodate|lru file:8:1:77 - - - -
	591881 4 cma_user 1 0 - kernel - - - -
	E
	put $dbg/reserved/holders <<-'E'
	# pfn pages kind pid comm age_ms stack
	591881 4 cma 55 gpu 7200000 2
	E
	put $dbg/reserved/stacks <<-'E'
	1: pin_user_pages < nic_map < ioctl
	2: cma_alloc < gpu_alloc
	E
}

# klog TEXT: a line of the kernel's log.
klog() { echo "3,9,900,-;$1" >>"$tree/dev/kmsg"; }
last() { sed -i "s/^$1: .*/$1: $2/" "$tree/$dbg/reserved/last"; }

tree_module_not_loaded() {
	tree_good "$1"
	rm -r "${tree:?}/sys/module" "${tree:?}/$dbg" "${tree:?}/$sysfs"
}

tree_debugfs_not_mounted() {
	tree_good "$1"
	rm -r "$tree/sys/kernel/debug"
	put proc/mounts <<<'proc /proc proc rw 0 0'
}

tree_no_area() {
	tree_good "$1"
	put $dbg/regions <<<'# name base size_bytes pageblocks pageblock_pages source'
	put proc/cmdline <<<'console=ttyS0 cma=0'
}

tree_areas_skipped() {
	tree_good "$1"
	put $dbg/regions <<<'# name base size_bytes pageblocks pageblock_pages source'
	put $dbg/skipped <<-'E'
	# name base size_bytes reason
	codec 0x90100000 67108864 base 0x90100000 is not aligned to 2 MiB; not reusable (add that property)
	E
}

tree_request_too_large() {
	tree_good "$1"
	last ret -7
	last requested 4800
	last allocated 0
}

tree_nowhere_to_migrate() {
	tree_good "$1"
	last ret -12
	last no_target 9
}

tree_cma_alloc_busy() {
	tree_good "$1"
	klog 'cma: cma_alloc: reserved: alloc failed, req-size: 512 pages, ret: -16'
}

tree_cma_alloc_no_memory() {
	tree_good "$1"
	# As the kernel said it before 5.16.
	klog 'cma: cma_alloc: alloc failed, req-size: 20000 pages, ret: -12'
}

tree_no_contiguous_run() {
	tree_good "$1"
	klog 'cma: __cma_alloc: reserved: alloc failed, req-size: 13312 pages, ret: -16'
	# One pinned page in each second pageblock.
	awk '/^#/ { print; next } { print $1, $2, $1 % 2 ? "busy 511 0 1 0" : "free 512 0 0 0" }' \
		"$tree/$dbg/reserved/blocks" | put $dbg/reserved/blocks.new
	mv "$tree/$dbg/reserved/blocks.new" "$tree/$dbg/reserved/blocks"
}

tree_dma_mask_too_small() {
	tree_good "$1"
	sed -i 's/^reserved 0x90000000/reserved 0x190000000/' "$tree/$dbg/regions"
	klog 'codec 1.codec: cma_bulk: region reserved ends at DMA address 0x193ffffff, the device reaches up to 0xffffffff'
}

tree_pages_block() {
	tree_good "$1"
	last ret -16
	last allocated 3
}

tree_region_is_held() {
	tree_good "$1"
	last ret -12
}
