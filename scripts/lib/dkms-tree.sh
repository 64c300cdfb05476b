#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A Debian of its own for DKMS: made by debootstrap once, copied for each run,
# entered by chroot. What it installs comes from build/dkms/archives, where
# downloads stay. Needs scripts/lib/apt.sh and toolchain.sh. Sourced by
# scripts/dkms-test.

dkms_suite=trixie
# Beside dkms and what it depends on: openssl, without which dkms signs nothing,
# and the suite's usual maker of initramfs, one of which a kernel asks for.
dkms_packages=dkms,initramfs-tools,openssl
archives=$build/dkms/archives

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

# make_base: the folder $base. Made anew when the suite has another dkms.
make_base() {
	local version
	version=$(apt_field dkms:all Version)
	[ -n "$version" ] || die "no dkms in the index of $dkms_suite"
	base=$build/dkms/base.$(cksum <<<"$dkms_packages $version" | cut -d' ' -f1)
	[ ! -d "$base" ] || return 0
	say "making a Debian $dkms_suite with dkms $version"
	rm -rf --one-file-system "$build"/dkms/base.*
	make_debian $dkms_suite $dkms_packages "$base" --cache-dir="$archives"
}

# index SUITE: its index, from the private root, becomes the tree's own.
index() {
	local f
	apt_use "$1"
	sed "s/^deb \[[^]]*\]/deb [arch=amd64]/" "$apt_root/sources.list" \
		>"$tree/etc/apt/sources.list.d/$1.list"
	for f in "$apt_root"/state/lists/*_*; do
		[ ! -f "$f" ] || cp "$f" "$tree/var/lib/apt/lists"
	done
}

# make_tree DIR: $tree, a copy of the base that knows the indexes and the rest
# of what booting it from a shared folder takes.
make_tree() {
	tree=$1
	cp -a --reflink=auto "$base" "$tree" || return
	rm -f "$tree/etc/apt/sources.list"
	mkdir -p "$tree/etc/apt/sources.list.d" "$tree/etc/initramfs-tools/conf.d"
	echo MODULES=list >"$tree/etc/initramfs-tools/conf.d/boot"
	printf '%s\n' 9p 9pnet_virtio virtio_pci >>"$tree/etc/initramfs-tools/modules"
	index $dkms_suite && index $dkms_suite-backports
}

# tree_apt ARG…: backports are nobody's default, but a kernel of theirs may need
# more of them.
tree_apt() {
	in_tree apt-get -q -y -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 \
		-o DPkg::Options::=--force-unsafe-io \
		-t $dkms_suite-backports --no-install-recommends "$@"
}

# pairs SUITE REGEX: releases with both an image and headers, the newest first.
# A suite may have one without the other for a while.
pairs() {
	local r
	apt_use "$1"
	apt-cache "${apt_opts[@]}" pkgnames linux-image- | sed -n 's/^linux-image-//p' |
		grep -Ex -- "$2" | sort -Vr | while read -r r; do
		if [ -n "$(apt_field "linux-image-$r:amd64" Version)" ] &&
			[ -n "$(apt_field "linux-headers-$r:amd64" Version)" ]; then echo "$r"; fi
	done
}

# choose_kernels: $first is replaced by the newer $second; $without has no CMA.
choose_kernels() {
	local list number='[0-9.]+[+]deb[0-9]+'
	mapfile -t list < <(pairs $dkms_suite-backports "$number-amd64" | head -n 2)
	second=${list[0]-}
	# Where only one version is left, another flavour of it is another kernel.
	first=${list[1]-${second%-amd64}-rt-amd64}
	mapfile -t list < <(pairs $dkms_suite "$number-amd64" | head -n 1)
	without=${list[0]-}
	[ -n "$second" ] && [ -n "$without" ]
}

# packages RELEASE…: what there is to install for it.
packages() {
	local r
	for r; do echo "linux-image-$r linux-headers-$r"; done
}

# fetch_all: the indexes, the base and a tree at DIR, all packages in the cache.
# From then on the network is not needed. The second time, because an index may
# be older than the mirror.
fetch_all() {
	local again s log=$build/logs/dkms-fetch.log
	for again in '' force; do
		for s in $dkms_suite $dkms_suite-backports; do
			lock "apt-$s"
			apt_use "$s"
			# shellcheck disable=SC2086 # empty it is no argument
			apt_refresh $again || :
			unlock "apt-$s"
		done
		choose_kernels || die "the index of $dkms_suite has no kernels with headers"
		apt_use $dkms_suite
		make_base
		rm -rf --one-file-system "$1"
		make_tree "$1" || die "no copy of $base"
		# shellcheck disable=SC2046 # words
		tree_apt --download-only install $(packages "$first" "$second") \
			"linux-headers-$without" >"$log" 2>&1 && break
		[ -z "$again" ] || { tail -n 20 "$log" >&2; die "packages cannot be fetched"; }
	done
	in_tree apt-get -q -o APT::Sandbox::User=root autoclean >>"$log" 2>&1 || :
}

# add_source: the sources as a fresh clone has them, in the tree.
add_source() {
	local to=$tree/srv/cma_bulk
	mkdir -p "$to"
	(
		cd "$src" || exit
		if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$src" ]; then
			git ls-files -co --exclude-standard
		else
			find . -path ./build -prune -o -path ./.git -prune -o -type f -print
		fi | while read -r f; do [ ! -f "$f" ] || echo "$f"; done |
			tar -cf - -T - | tar -C "$to" --no-same-owner -xf -
	) || die "the sources cannot be copied"
}
