#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The command cma-bulk as one file that needs no library, for guests and devices.
# Debian has json-c as an archive, but not libkmod, which is compiled here out of
# its sources. Nothing is installed. That the sources are not to be had is status 3.
# Sourced by scripts/kit.

# Where the sources of libkmod are taken from, for all architectures.
kmod_suite=bookworm

# kmod_source: unpacked in $build/tool/kmod.
kmod_source() {
	local dir=$build/tool/kmod mirror signed='' root die_status=3
	lock "apt-$kmod_suite-sources"
	if [ -f "$dir/.complete" ]; then
		unlock "apt-$kmod_suite-sources"
		return
	fi
	say "fetching the sources of libkmod (once)"
	rm -rf "$dir"
	mkdir -p "$dir"
	mirror=$(apt_mirror "$kmod_suite")
	[ -n "$mirror" ] || die "apt has no Debian address configured"
	[ ! -r "$debian_keyring" ] || signed="[signed-by=$debian_keyring] "
	# Beside the lists of packages, which all others wait for.
	apt_use "$kmod_suite"
	root=$apt_root-sources
	mkdir -p "$root/state/lists/partial" "$root/cache/archives/partial"
	: >"$root/status"
	echo "deb-src $signed$mirror $kmod_suite main" >"$root/sources.list"
	apt_opts+=(-o "Dir::State=$root/state" -o "Dir::State::status=$root/status"
		-o "Dir::Cache=$root/cache" -o "Dir::Etc::sourcelist=$root/sources.list")
	(
		apt-get "${apt_opts[@]}" update &&
			cd "$dir" &&
			apt-get "${apt_opts[@]}" source --download-only kmod &&
			tar -xf kmod_*.orig.tar.* --strip-components=1
	) >"$build/logs/kmod-source.log" 2>&1 || die "the sources of kmod cannot be had, see $build/logs/kmod-source.log"
	touch "$dir/.complete"
	unlock "apt-$kmod_suite-sources"
}

# kmod_archive COMPILER DIR: libkmod.a and libkmod.h in the sysroot DIR. Without
# the libraries for compressed modules, which such a program cannot load, and for
# signatures, which the kernel checks.
kmod_archive() {
	local obj f
	obj=$(mktemp -d "$build/tool/.obj.XXXXXX")
	for f in "$build"/tool/kmod/libkmod/libkmod*.c "$build"/tool/kmod/shared/*.c; do
		"$1" --sysroot="$2" -std=gnu11 -O2 -w -c -I"$build/tool/kmod" -include stdlib.h \
			-D_GNU_SOURCE -DSYSCONFDIR='"/etc"' -DPACKAGE='"kmod"' -DVERSION='"30"' \
			-DKMOD_FEATURES='""' -DHAVE_DECL_STRNDUPA=1 -DHAVE_DECL_BE32TOH=1 \
			-DHAVE_SECURE_GETENV=1 -DHAVE___BUILTIN_CLZ=1 \
			-DHAVE___BUILTIN_TYPES_COMPATIBLE_P=1 -DHAVE___BUILTIN_UADDL_OVERFLOW=1 \
			-DHAVE___BUILTIN_UADDLL_OVERFLOW=1 -DENABLE_LOGGING=1 -DHAVE_STATIC_ASSERT=1 \
			-DHAVE_NORETURN=1 -DHAVE_OPENAT=1 -DHAVE_STRUCT_STAT_ST_MTIM=1 \
			-o "$obj/$(basename "$f" .c).o" "$f" >&2 || return
	done
	"${1%gcc}ar" rcs "$2/usr/lib/$triplet/libkmod.a" "$obj"/*.o
	cp "$build/tool/kmod/libkmod/libkmod.h" "$2/usr/include/libkmod.h"
	rm -rf "$obj"
}

# tool_libs ARCH: a sysroot for `make -C tools STATIC=1`.
tool_libs() {
	local dir=$build/tool/sysroot-$1 compiler=gcc
	mkdir -p "$build/tool"
	lock "tool-$1"
	if [ ! -d "$dir" ]; then
		kmod_source
		[ "$1" = "$host_arch" ] || compiler=$triplet-gcc
		userland tool "$1" libjson-c-dev libc6 libc6-dev linux-libc-dev libgcc-s1
		rm -rf "${tmp:?}/usr/share"
		[ -e "$tmp/lib" ] || ln -s usr/lib "$tmp/lib"
		relative_links "$tmp"
		kmod_archive "$compiler" "$tmp" || die "libkmod does not compile"
		mv -T "$tmp" "$dir"
		tmp=
	fi
	unlock "tool-$1"
	echo "$dir"
}
