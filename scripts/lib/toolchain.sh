#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Compilers of another Debian suite, in a chroot under build/chroot that is
# made once. Needs scripts/lib/apt.sh. Sourced by scripts/kit.

# toolchain_packages SUITE: a compiler for this machine, one for each other
# architecture that rows want it for, and what kbuild's own programs are linked with.
toolchain_packages() {
	local gcc arch cross=
	case $1 in
	trixie) gcc="gcc-14" ;;
	sid) gcc=gcc ;;
	*) die "no compiler known for suite $1" ;;
	esac
	for arch in $(awk -v s="$1" '/^[^#]/ && $6 == s { print $2 }' "$top/scripts/kernels" | sort -u); do
		[ "$arch" = "$host_arch" ] || cross+=,$gcc-$(cross_gcc "$arch")
	done
	echo "make,$gcc$cross,libc6-dev,pahole,libelf1t64,libssl3t64,zlib1g"
}

# toolchain_cc SUITE: the compiler's name after the architecture's prefix.
toolchain_cc() {
	case $1 in
	host) echo gcc ;;
	trixie) echo gcc-14 ;;
	sid) echo gcc ;;
	esac
}

# make_debian SUITE PACKAGES DIR [ARG…]: a small Debian, with arguments for
# debootstrap. DIR is there only when it is complete. Whatever debootstrap
# mounts is in a namespace of its own and ends with it.
make_debian() {
	local suite=$1 packages=$2 dir=$3 log=$build/logs/debootstrap-${3##*/}.log mirror key=()
	shift 3
	command -v debootstrap >/dev/null || die "debootstrap is missing (scripts/deps)"
	[ "$(id -u)" = 0 ] || die "making a chroot of $suite takes root"
	mirror=$(apt_mirror "$suite")
	[ -n "$mirror" ] || die "apt has no Debian address configured"
	[ ! -r "$debian_keyring" ] || key=("--keyring=$debian_keyring")
	rm -rf --one-file-system "${dir%/*}"/.tmp."$suite".*
	tmp=$(mktemp -d "${dir%/*}/.tmp.$suite.XXXXXX")
	own_namespace debootstrap --variant=minbase "${key[@]}" "$@" --include="$packages" \
		"$suite" "$tmp" "$mirror" >"$log" 2>&1 || {
		tail -n 20 "$log" >&2
		die "the chroot of $suite could not be made"
	}
	rm -rf "$tmp"/var/cache/apt/archives/*.deb "$tmp"/var/lib/apt/lists/*
	chmod 755 "$tmp"
	mv -T "$tmp" "$dir"
	tmp=
}

# toolchain SUITE: makes the chroot if need be; its folder in toolchain_root.
toolchain() {
	local packages dir=$build/chroot
	packages=$(toolchain_packages "$1")
	toolchain_root=$dir/$1.$(cksum <<<"$packages" | cut -d' ' -f1)
	[ ! -d "$toolchain_root" ] || return 0
	mkdir -p "$dir"
	lock "chroot-$1"
	if [ ! -d "$toolchain_root" ]; then
		say "making a chroot of $1 for its compiler"
		make_debian "$1" "$packages" "$toolchain_root"
	fi
	unlock "chroot-$1"
}

# own_namespace COMMAND…: no mount and no process of it survives its end, or ours.
own_namespace() {
	local user=()
	[ "$(id -u)" = 0 ] || user=(--map-root-user)
	setpriv --pdeathsig KILL unshare "${user[@]}" --mount --pid --fork --kill-child "$@"
}

# in_toolchain COMMAND…: in the chroot, where build/ is at its own place.
in_toolchain() {
	[ -d "$toolchain_root$build" ] || mkdir -p "$toolchain_root$build"
	# shellcheck disable=SC2016 # the inner shell's variables
	own_namespace sh -euc '
		root=$1 build=$2
		shift 2
		mount -t proc proc "$root/proc"
		mount --bind "$build" "$root$build"
		exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/ LC_ALL=C.UTF-8 "$@"
	' sh "$toolchain_root" "$build" "$@"
}

# kbuild_vars ARCH TOOLCHAIN: in vars, what make needs to be told about the compiler.
kbuild_vars() {
	local cross=
	case $1 in
	amd64) kbuild_arch=x86_64 ;;
	armhf) kbuild_arch=arm ;;
	riscv64) kbuild_arch=riscv ;;
	*) kbuild_arch=$1 ;;
	esac
	[ "$1" = "$host_arch" ] || cross=$(gnu_triplet "$1")-
	vars=("ARCH=$kbuild_arch" "CROSS_COMPILE=$cross" "CC=$cross$(toolchain_cc "$2")")
}
