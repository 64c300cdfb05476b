#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A Debian in a folder: made by debootstrap once (the base), copied for each run,
# entered by chroot. What it installs comes from build/debian/archives, where
# downloads stay. Needs scripts/lib/apt.sh and toolchain.sh. Sourced by
# scripts/deb and, through dkms-tree.sh, by scripts/dkms-test.

tree_suite=trixie
# What apt in the tree knows; the last one is preferred.
tree_suites=("$tree_suite")
trees=$build/debian
archives=$trees/archives

# in_tree COMMAND…: as root of the tree.
in_tree() {
	# shellcheck disable=SC2016 # the inner shell's variables
	own_namespace sh -euc '
		root=$1 archives=$2
		shift 2
		mount -t proc proc "$root/proc"
		mount --bind "$archives" "$root/var/cache/apt/archives"
		exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/ \
			LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
	' sh "$tree" "$archives" "$@" </dev/null
}

# tree_apt ARG…: a suite of backports is nobody's default, but what comes from it
# may need more of it.
tree_apt() {
	in_tree apt-get -q -y -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 \
		-o DPkg::Options::=--force-unsafe-io \
		-t "${tree_suites[-1]}" --no-install-recommends "$@"
}

# refresh_indexes [force]: of tree_suites, in their private roots.
refresh_indexes() {
	local s
	for s in "${tree_suites[@]}"; do
		lock "apt-$s"
		apt_use "$s"
		apt_refresh "$@" || :
		unlock "apt-$s"
	done
}

# index SUITE: its index, from the private root, becomes the tree's own.
index() {
	local f
	apt_use "$1"
	sed "s/^deb \[[^]]*\]/deb [arch=$host_arch]/" "$apt_root/sources.list" \
		>"$tree/etc/apt/sources.list.d/$1.list"
	for f in "$apt_root"/state/lists/*_*; do
		[ ! -f "$f" ] || cp "$f" "$tree/var/lib/apt/lists"
	done
}

# index_tree: apt in $tree knows tree_suites, and nothing else.
index_tree() {
	local s
	rm -f "$tree/etc/apt/sources.list"
	mkdir -p "$tree/etc/apt/sources.list.d"
	for s in "${tree_suites[@]}"; do index "$s" || return; done
}

# make_base NAME KEY PACKAGES [COMMAND…]: the folder $base, with PACKAGES by debootstrap and
# whatever else COMMAND does in $tree. Made anew when KEY or PACKAGES change.
make_base() {
	local log=$build/logs/debian-$1.log tree packages=$3
	base=$trees/base.$1.$(cksum <<<"$2 $3" | cut -d' ' -f1)
	[ ! -d "$base" ] || return 0
	say "making a Debian $tree_suite ($1)"
	rm -rf --one-file-system "$trees/base.$1".*
	tree=$base.new
	make_debian "$tree_suite" "$packages" "$tree" --cache-dir="$archives"
	shift 3
	if [ $# -gt 0 ]; then
		{ index_tree && "$@"; } >"$log" 2>&1 || {
			tail -n 20 "$log" >&2
			die "the Debian $tree_suite could not be made"
		}
	fi
	mv -T "$tree" "$base"
}

# copy_base DIR: $tree, a copy of the base that knows the indexes.
copy_base() {
	tree=$1
	rm -rf --one-file-system "$tree"
	cp -a --reflink=auto "$base" "$tree" && index_tree
}

# list_source: what a fresh clone has, a line for each file.
list_source() {
	(
		cd "$src" || exit
		if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$src" ]; then
			git ls-files -co --exclude-standard
		else
			find . -path ./build -prune -o -path ./.git -prune -o -type f -print
		fi | while read -r f; do [ ! -f "$f" ] || echo "${f#./}"; done | LC_ALL=C sort
	)
}

# add_source DIR: the sources as a fresh clone has them, there in the tree.
add_source() {
	mkdir -p "$tree$1"
	list_source | tar -cf - -C "$src" -T - | tar -C "$tree$1" --no-same-owner -xf - ||
		die "the sources cannot be copied"
}
