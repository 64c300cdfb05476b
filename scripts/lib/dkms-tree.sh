#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A Debian of its own for DKMS, and the kernels that it gets. Needs
# scripts/lib/debian-tree.sh. Sourced by scripts/dkms-test.

tree_suites=("$tree_suite" "$tree_suite-backports")
# Beside dkms and what it depends on: openssl, without which dkms signs nothing,
# and the suite's usual maker of initramfs, one of which a kernel asks for.
dkms_packages=dkms,initramfs-tools,openssl
# What the command is linked with.
dkms_libraries=(libjson-c5 libkmod2)

# make_tree DIR: $tree, a copy of the base with what booting it from a shared
# folder takes.
make_tree() {
	copy_base "$1" || return
	mkdir -p "$tree/etc/initramfs-tools/conf.d"
	echo MODULES=list >"$tree/etc/initramfs-tools/conf.d/boot"
	printf '%s\n' 9p 9pnet_virtio virtio_pci >>"$tree/etc/initramfs-tools/modules"
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
	mapfile -t list < <(pairs "$tree_suite-backports" "$number-amd64" | head -n 2)
	second=${list[0]-}
	# Where only one version is left, another flavour of it is another kernel.
	first=${list[1]-${second%-amd64}-rt-amd64}
	mapfile -t list < <(pairs "$tree_suite" "$number-amd64" | head -n 1)
	without=${list[0]-}
	[ -n "$second" ] && [ -n "$without" ]
}

# packages RELEASE…: what there is to install for it.
packages() {
	local r
	for r; do echo "linux-image-$r linux-headers-$r"; done
}

# fetch_all DIR: the indexes, the base and a tree at DIR, all packages in the cache.
# From then on the network is not needed. The second time, because an index may
# be older than the mirror.
fetch_all() {
	local again version log=$build/logs/dkms-fetch.log
	for again in '' force; do
		refresh_indexes $again
		choose_kernels || die "the index of $tree_suite has no kernels with headers"
		apt_use "$tree_suite"
		version=$(apt_field dkms:all Version)
		[ -n "$version" ] || die "no dkms in the index of $tree_suite"
		make_base dkms "$version" "$dkms_packages"
		make_tree "$1" || die "no copy of $base"
		# shellcheck disable=SC2046 # words
		tree_apt --download-only install $(packages "$first" "$second") \
			"linux-headers-$without" "${dkms_libraries[@]}" >"$log" 2>&1 && break
		[ -z "$again" ] || { tail -n 20 "$log" >&2; die "packages cannot be fetched"; }
	done
	in_tree apt-get -q -o APT::Sandbox::User=root autoclean >>"$log" 2>&1 || :
}
