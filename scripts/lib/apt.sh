#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Packages of any suite and architecture through a private apt root per suite,
# so that the machine's own lists, sources and foreign architectures stay as
# they are. Sourced, not run.

host_arch=$(dpkg --print-architecture)
# An index younger than this is not asked for again (minutes).
apt_index_age=720
debian_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# apt_addresses: "suite address" of what apt is configured with here. Without
# downloaded lists indextargets is silent, but update still knows where to go.
apt_addresses() {
	# shellcheck disable=SC2016 # apt's variables, not ours
	apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages'
	apt-get update --print-uris 2>/dev/null |
		sed -n "s|^'\(.*/\)dists/\(.*\)/InRelease'.*|\2 \1|p"
}

# apt_mirror SUITE: the address that serves SUITE: a suite's siblings live at
# the same address.
apt_mirror() {
	apt_addresses |
	awk -v want="$1" '
		function is_sec(s) { return s ~ /-security$/ }
		$1 == want { exact = $2 }
		$1 ~ /^(buster|bullseye|bookworm|trixie|forky|sid|(old)*stable|testing)(-[a-z-]+)?$/ {
			if (is_sec($1)) sec = $2; else if (!main) main = $2
		}
		END {
			if (!sec && main) { sec = main; sub(/\/*$/, "-security/", sec) }
			print exact ? exact : is_sec(want) ? sec : main
		}'
}

# apt_root_of SUITE [ARCH]: the suite's private root. It is one for the two architectures
# that most want, and one for each of the others.
apt_root_of() {
	case ${2-} in
	'' | amd64 | arm64) echo "$build/apt/$1" ;;
	*) echo "$build/apt/$1-$2" ;;
	esac
}

# apt_use SUITE [ARCH]: makes apt_opts point at it.
apt_use() {
	local root mirror signed= archs=(amd64 arm64) a
	root=$(apt_root_of "$@")
	[ "$root" = "$build/apt/$1" ] || archs=("$host_arch" "$2")
	mkdir -p "$root/state/lists/partial" "$root/cache/archives/partial"
	apt_root=$root
	apt_opts=(-q -o "Dir::State=$root/state" -o "Dir::State::status=$root/status"
		-o "Dir::Cache=$root/cache" -o "Dir::Etc::sourcelist=$root/sources.list"
		# Container images switch these caches off; each query would parse anew.
		-o Dir::Cache::pkgcache=pkgcache.bin -o Dir::Cache::srcpkgcache=srcpkgcache.bin
		-o Dir::Etc::sourceparts=- -o APT::Sandbox::User=root
		-o Acquire::Languages=none -o Acquire::Retries=3
		-o APT::Update::Error-Mode=any -o "APT::Architecture=$host_arch")
	for a in "${archs[@]}"; do apt_opts+=(-o "APT::Architectures::=$a"); done
	[ -f "$root/status" ] || : >"$root/status"
	mirror=$(apt_mirror "$1")
	[ ! -r "$debian_keyring" ] || signed=" signed-by=$debian_keyring"
	# Without a configured address an earlier sources.list still serves the cache.
	local line="deb [arch=${archs[0]},${archs[1]}$signed] $mirror $1 main"
	# Writing it anew would make apt parse its lists anew.
	[ -z "$mirror" ] || [ "$(cat "$root/sources.list" 2>/dev/null)" = "$line" ] ||
		echo "$line" >"$root/sources.list"
	[ -s "$root/sources.list" ] || die "apt has no Debian address configured"
}

# apt_recent: is the index younger than that?
apt_recent() { [ -n "$(find "$apt_root/stamp" -mmin -$apt_index_age 2>/dev/null)" ]; }

# apt_refresh [force]: a recent index, or the cached one when offline.
apt_refresh() {
	[ -n "${1-}" ] || ! apt_recent || return 0
	# Offline, every guest would wait for the same time-out again.
	[ -z "$(find "$apt_root/failed" -mmin -5 2>/dev/null)" ] || return 1
	if apt-get "${apt_opts[@]}" update >"$apt_root/update.log" 2>&1; then
		touch "$apt_root/stamp"
	else
		touch "$apt_root/failed"
		say "index of ${apt_root##*/} not reachable, using the cached one"
		return 1
	fi
}

# apt_newest REGEX ARCH: the package with the highest version in its name. One
# architecture may be ahead of another.
apt_newest() {
	local p names
	mapfile -t names < <(apt-cache "${apt_opts[@]}" pkgnames | grep -Ex -- "$1" | sort -Vr)
	for p in "${names[@]}"; do
		if [ -n "$(apt_field "$p:$2" Version)" ]; then echo "$p" && return; fi
	done
}

# apt_field PACKAGE:ARCH FIELD: one field of the candidate's record.
apt_field() {
	apt-cache "${apt_opts[@]}" --no-all-versions show "$1" 2>/dev/null |
		awk -v f="$2: " 'index($0, f) == 1 && !n++ { print substr($0, length(f) + 1) }'
}

# apt_unpack DIR PACKAGE:ARCH…: downloads, and unpacks without installing.
apt_unpack() {
	local dir=$1 deb
	shift
	mkdir -p "$dir/.debs" || return
	(cd "$dir/.debs" && apt-get "${apt_opts[@]}" download "$@" >../.apt.log 2>&1) || {
		tail -n 5 "$dir/.apt.log" >&2
		return 1
	}
	for deb in "$dir"/.debs/*.deb; do
		dpkg -x "$deb" "$dir" || return
	done
	rm -rf "$dir/.debs" "$dir/.apt.log"
}
