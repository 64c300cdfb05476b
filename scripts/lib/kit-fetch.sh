#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Fetching kits: which packages, which version, and what instead when the suite has
# dropped it. Sourced by scripts/kit.

# Packages that IMAGE's headers and image pull in, as name:arch. The build
# tools run here, so they are taken for this machine's architecture.
closure() {
	local queue=("$1" "${1/linux-image-/linux-headers-}") seen=" " p arch dep
	while [ ${#queue[@]} -gt 0 ]; do
		p=${queue[0]}
		queue=("${queue[@]:1}")
		case $seen in *" $p "*) continue ;; esac
		seen+="$p "
		case $p in
		linux-kbuild-*) arch=$host_arch ;;
		linux-headers-*-common*) arch=all ;;
		*) arch=$k_arch ;;
		esac
		[ -n "$(apt_field "$p:$arch" Version)" ] || return 1
		echo "$p:$arch"
		for dep in $(apt_field "$p:$arch" Depends | sed 's/([^)]*)//g; s/:[a-z]*//g; s/[,|]/ /g'); do
			[[ $dep =~ ^linux-(binary|modules|base|headers|kbuild)-[0-9] ]] || continue
			queue+=("$dep")
		done
	done
}

# fetch_newest: 0 when build/kits/NAME is what the index calls the newest, which is noted.
fetch_newest() {
	local image kver id list kit
	image=$(apt_newest "$k_image" "$k_arch")
	[ -n "$image" ] || return 1
	kver=${image#linux-image-}
	id="$image $(apt_field "$image:$k_arch" Version)"
	kit=$(kit_dir "$id")
	if [ ! -f "$kit/kit.info" ]; then
		list=$(closure "$image") || { say "$image: its headers are not in the index"; return 1; }
		say "$k_name: fetching $id"
		rm -rf "$kit" "$build/kits/.tmp.$k_name".*
		tmp=$(mktemp -d "$build/kits/.tmp.$k_name.XXXXXX")
		# shellcheck disable=SC2086 # one word per package
		apt_unpack "$tmp" $list || return 1
		publish_kit "$kver" "$id"
	else
		link_kit "$kit" || return
	fi
	echo "$k_image" >"$build/kits/.settled.$k_name"
}

# dropped: is the index good, but without the release that the row is of?
dropped() {
	[ "$k_else" != - ] && [ "$k_else" != named ] && [ -z "$(apt_newest "$k_image" "$k_arch")" ] &&
		[ -n "$(table_row "$k_else" && apt_newest "$k_image" "$k_arch")" ]
}

# fetch_other: build/kits/NAME is that of the row in column else, unless an
# earlier run has left one of its own.
fetch_other() {
	! own_kit || return 0
	say "$k_name: no longer in $k_suite, $k_else takes its place"
	"$top/scripts/kit" fetch "$k_else" >&2 || return
	ln -sfn "$(readlink "$build/kits/$k_else")" "$build/kits/$k_name.new.$$" &&
		mv -T "$build/kits/$k_name.new.$$" "$build/kits/$k_name"
}

# settled: is build/kits/NAME what the index had as the newest, and the index still young
# enough not to be asked for again? Asking takes seconds.
settled() {
	local mark=$build/kits/.settled.$k_name
	own_kit && [ "$(cat "$mark" 2>/dev/null)" = "$k_image" ] &&
		[ "$mark" -nt "$apt_root/stamp" ] && apt_recent
}

# fetch_here: 0 when build/kits/NAME is the suite's newest, or gone says that the
# suite has none.
fetch_here() {
	fetch_newest || { dropped && gone=1; }
}

# fetch_packaged: 0 when build/kits/NAME is the suite's newest, or as new as we have.
fetch_packaged() {
	local gone=
	lock "apt-$k_suite"
	apt_root=$(apt_root_of "$k_suite" "$k_arch")
	if settled; then
		unlock "apt-$k_suite"
		return
	fi
	apt_use "$k_suite" "$k_arch"
	apt_refresh || :
	# A package that is gone from the mirror: the index is older than the mirror.
	fetch_here || { apt_refresh force && fetch_here; } ||
		[ -f "$build/kits/$k_name/kit.info" ] ||
		die "$k_name: cannot be fetched, and none is cached"
	unlock "apt-$k_suite"
	[ -z "$gone" ] || fetch_other || die "$k_name: $k_else, which takes its place, cannot be fetched"
}

fetch() {
	table_row "$1"
	mkdir -p "$build/kits"
	lock "kit-$k_name"
	case $k_image in
	linux-source-*) fetch_built ;;
	*) fetch_packaged ;;
	esac
	unlock "kit-$k_name"
	kit_info "$k_name"
	echo "$k_name: ${kit_id#linux-image-}"
}
