#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is in a kit, and where kits lie: build/kits/NAME is a link to the folder of that
# very version. Sourced by scripts/kit.

# relative_links ROOT: absolute links in it stay inside.
relative_links() {
	local link
	find "$1" -type l -lname '/*' | while read -r link; do
		ln -sfnr "$1$(readlink "$link")" "$link"
	done
}

# The headers name their siblings by the absolute path of an installation.
# Made relative, so that the kit works where it is and may be moved.
relocate() {
	local kit=$1 f
	for f in "$kit"/usr/src/linux-headers-*/Makefile "$kit"/usr/src/linux-headers-*/.kernelvariables; do
		grep -qs '/usr/\(src\|lib\)/linux-' "$f" || continue
		# shellcheck disable=SC2016 # make's variables, not ours
		sed -i -e 's,/usr/\(src\|lib\)/linux-,$(kit_root)/usr/\1/linux-,g' \
			-e '1i kit_root := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))../../..)' "$f"
	done
	relative_links "$kit"
}

# first FILE…: the first that exists. Newer packages moved things about.
first() {
	local f
	for f; do [ -e "$f" ] && echo "$f" && return; done
	return 1
}

finish_kit() {
	local kit=$1 kver=$2 id=$3 mods f
	relocate "$kit"
	mods=$(first "$kit/usr/lib/modules/$kver" "$kit/lib/modules/$kver")
	ln -sr "$(first "$kit/boot/vmlinuz-$kver" "$mods/vmlinuz" "$kit/boot/vmlinux-$kver")" "$kit/vmlinuz"
	ln -sr "$(first "$kit/boot/System.map-$kver" "$mods/System.map")" "$kit/System.map"
	ln -sr "$(first "$kit/boot/config-$kver" "$mods/config")" "$kit/config"
	ln -sr "$mods" "$kit/modules"
	ln -sr "$(first "$kit/usr/src/linux-headers-$kver")" "$kit/headers"
	for f in vmlinuz System.map config modules headers/Makefile; do
		[ -e "$kit/$f" ] || { say "$id has no $f"; return 1; }
	done
	printf 'kit_id="%s"\nkit_kver="%s"\nkit_arch="%s"\n' "$id" "$kver" "$k_arch" >"$kit/kit.info"
}

# kit_dir ID: where that very version lives.
kit_dir() {
	echo "$build/kits/.$k_name.$(tr -c 'A-Za-z0-9.+~\n-' '_' <<<"${1#linux-image-}")"
}

# link_kit KIT: from now on it is build/kits/NAME. The kit before this one may
# be in use: only older ones go.
link_kit() {
	local link=$build/kits/$k_name
	[ "$(readlink "$link")" != "${1##*/}" ] || return 0
	find "$build/kits" -maxdepth 1 -type d -name ".$k_name.*" \
		! -name "${1##*/}" ! -name "$(readlink "$link" || echo none)" -exec rm -rf {} +
	ln -sfn "${1##*/}" "$link.new.$$" && mv -T "$link.new.$$" "$link"
}

# publish_kit KVER ID: what is unpacked in $tmp becomes build/kits/NAME.
publish_kit() {
	local kit
	kit=$(kit_dir "$2")
	finish_kit "$tmp" "$1" "$2" || die "$k_name: the kit is not complete"
	chmod 755 "$tmp"
	rm -rf "$kit"
	mv -T "$tmp" "$kit"
	tmp=
	link_kit "$kit"
}

# own_kit: is what is here as build/kits/NAME a kernel of the row's own?
own_kit() {
	[[ $(readlink "$build/kits/$k_name") == ".$k_name."* ]] &&
		[ -f "$build/kits/$k_name/kit.info" ]
}

# kit_info NAME: kit_* of a fetched kit.
kit_info() {
	kit=$build/kits/$1
	[ -f "$kit/kit.info" ] || die "$1 is not here: scripts/kit fetch $1"
	kit=$(cd "$kit" && pwd -P)
	# shellcheck disable=SC1091 # written by finish_kit
	. "$kit/kit.info"
}
