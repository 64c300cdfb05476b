#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own client of dma-buf heaps, tools/testing/selftests/dmabuf-heaps,
# unmodified out of the distribution's sources and built for guests. It and what it
# includes stay in build/selftest, so that the archive is fetched once; remove that
# folder for newer ones. Sourced by scripts/kit.

selftest_suite=bookworm-security
selftest_image='linux-source-6[.]12'
# What the sysroot of libs() has is not here: the C library and linux/.
selftest_dir=tools/testing/selftests/dmabuf-heaps
selftest_files=("$selftest_dir/dmabuf-heap.c" tools/testing/selftests/kselftest.h
	include/uapi/drm/drm.h include/uapi/drm/drm_mode.h)

# Exit status of "kit selftest" when there is nothing to build.
selftest_missing=3

# selftest_copy: of sources that a kernel is built from here; in $tmp/tree.
selftest_copy() {
	local from
	from=$(find "$build/source" -maxdepth 2 -name .kit-version 2>/dev/null | sort | head -n 1)
	[ -n "$from" ] || return
	mkdir -p "$tmp/tree"
	(cd "${from%/*}" && cp --parents "${selftest_files[@]}" "$tmp/tree") || return
	cp "$from" "$tmp/tree/VERSION"
}

# selftest_fetch: out of the archive, which is 150 MB; in $tmp/tree.
selftest_fetch() {
	local source_is die_status=$selftest_missing
	source_newest "$selftest_suite" "$selftest_image"
	[ -n "$source_is" ] || { say "no sources of the kernel are in the index of $selftest_suite"; return 1; }
	say "fetching the kernel's client of heaps ($source_is, once)"
	source_unpack "$tmp/tree" "${selftest_files[@]}" || { say "${source_is% *} cannot be fetched"; return 1; }
	echo "$source_is" >"$tmp/tree/VERSION"
}

# selftest_source: the files are in $source, or are not to be had.
selftest_source() {
	[ ! -f "$source/VERSION" ] || return 0
	lock "apt-$selftest_suite"
	rm -rf "$build/selftest/.tmp".*
	tmp=$(mktemp -d "$build/selftest/.tmp.XXXXXX")
	selftest_copy || selftest_fetch || return
	unlock "apt-$selftest_suite"
	rm -rf "$source"
	mv -T "$tmp/tree" "$source"
	rm -rf "$tmp"
	tmp=
}

# selftest ARCH: builds it as its own Makefile does. The headers are those of the
# source, where marks like __user are still in.
selftest() {
	local dir=$build/selftest/$1 source=$build/selftest/source sysroot compiler=gcc
	mkdir -p "$dir"
	lock selftest
	selftest_source || exit "$selftest_missing"
	sysroot=$(libs "$1") || exit
	[ "$1" = "$host_arch" ] || compiler=$triplet-gcc
	if [ ! "$dir/dmabuf-heap" -nt "$source/VERSION" ]; then
		"$compiler" --sysroot="$sysroot" -static -O3 -D__user= -I"$source/include/uapi" \
			-o "$dir/dmabuf-heap.tmp" "$source/$selftest_dir/dmabuf-heap.c" >&2
		mv "$dir/dmabuf-heap.tmp" "$dir/dmabuf-heap"
		cp "$source/VERSION" "$dir/VERSION"
	fi
	unlock selftest
	echo "$dir"
}
