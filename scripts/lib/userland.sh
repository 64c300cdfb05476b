#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# User space for guests, of the architecture that the kernel has: a static
# busybox, and libkmod with all it needs. Sourced by scripts/kit.

# known_arch ARCH: sets what depends on it. Where the suite's libraries end up in
# /usr/lib, /lib is a link to that, as on a whole system.
known_arch() {
	userland_suite=bookworm
	case $1 in
	arm64) loader=lib/ld-linux-aarch64.so.1 ;;
	amd64) loader=lib64/ld-linux-x86-64.so.2 ;;
	armhf) loader=lib/ld-linux-armhf.so.3 ;;
	riscv64) loader=lib/ld-linux-riscv64-lp64d.so.1 userland_suite=trixie ;;
	*) die "no guests of architecture '$1'" ;;
	esac
	triplet=$(gnu_triplet "$1")
}

# with_depends PACKAGE:ARCH…: these, and the libraries they depend on. One that is
# the same for all architectures is known as such only.
with_depends() {
	local queue=("$@") seen=' ' p dep arch
	while [ ${#queue[@]} -gt 0 ]; do
		p=${queue[0]}
		queue=("${queue[@]:1}")
		case $seen in *" $p "*) continue ;; esac
		seen+="$p "
		arch=${p##*:}
		[ -n "$(apt_field "$p" Version)" ] || p=${p%:*}:all
		[ -n "$(apt_field "$p" Version)" ] || return 1
		echo "$p"
		for dep in $(apt_field "$p" Depends | sed 's/([^)]*)//g; s/|[^,]*//g; s/[,]/ /g'); do
			[[ $dep != lib* && $dep != zlib* || $dep == lib*-dev ]] || queue+=("${dep%:*}:$arch")
		done
	done
}

# userland NAME ARCH PACKAGE…: unpacks them in $tmp, under the lock NAME-ARCH.
userland() {
	local what=$1 arch=$2 list again
	shift 2
	mkdir -p "$build/$what"
	rm -rf "$build/$what/.tmp.$arch".*
	tmp=$(mktemp -d "$build/$what/.tmp.$arch.XXXXXX")
	chmod 755 "$tmp"
	lock "apt-$userland_suite"
	apt_use "$userland_suite" "$arch"
	# The second time, because the index may be older than the mirror.
	for again in '' force; do
		# shellcheck disable=SC2086 # empty it is no argument
		apt_refresh $again || :
		mapfile -t list < <(with_depends "${@/%/:$arch}" || echo incomplete)
		[ "${list[-1]}" = incomplete ] || { apt_unpack "$tmp" "${list[@]}" && break; }
		[ -z "$again" ] || die "$*: cannot be fetched for $arch"
	done
	unlock "apt-$userland_suite"
}

busybox() {
	local dir=$build/busybox/$1
	lock "busybox-$1"
	if [ ! -x "$dir/busybox" ]; then
		userland busybox "$1" busybox-static
		mkdir -p "$dir"
		mv "$(first "$tmp/bin/busybox" "$tmp/usr/bin/busybox")" "$dir/busybox"
		rm -rf "$tmp"
		tmp=
	fi
	unlock "busybox-$1"
	echo "$dir/busybox"
}

# needed ROOT LIBRARY…: their paths and those of what they are linked with.
needed() {
	local root=$1 queue seen=' ' l file
	shift
	queue=("$@")
	while [ ${#queue[@]} -gt 0 ]; do
		l=${queue[0]}
		queue=("${queue[@]:1}")
		case $seen in *" $l "*) continue ;; esac
		seen+="$l "
		file=$(first "$root/lib/$triplet/$l" "$root/usr/lib/$triplet/$l") || {
			say "$l is in none of the packages"
			return 1
		}
		echo "$file"
		# shellcheck disable=SC2207 # names without blanks
		queue+=($(readelf -d "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'))
	done
}

# libs ARCH: a sysroot to link programs with (gcc --sysroot=DIR … -lkmod), and
# in its folder guest/ what such a program needs at run time.
libs() {
	local dir=$build/libs/$1 file list
	mkdir -p "$build/libs"
	lock "libs-$1"
	if [ ! -d "$dir" ]; then
		userland libs "$1" libkmod-dev libkmod2 libc6 libc6-dev linux-libc-dev libgcc-s1
		rm -rf "${tmp:?}/usr/share"
		[ -e "$tmp/lib" ] || ln -s usr/lib "$tmp/lib"
		relative_links "$tmp"
		mkdir -p "$tmp/guest/lib/$triplet" "$tmp/guest/${loader%/*}"
		cp -L "$tmp/$loader" "$tmp/guest/$loader"
		list=$(needed "$tmp" libkmod.so.2 libm.so.6 libgcc_s.so.1) || exit
		while read -r file; do
			cp -L "$file" "$tmp/guest/lib/$triplet"
		done <<<"$list"
		mv -T "$tmp" "$dir"
		tmp=
	fi
	unlock "libs-$1"
	echo "$dir"
}
