#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's sources, out of a distribution's package linux-source-*: all of them or some
# files. The caller holds the lock apt-SUITE. Sourced by scripts/kit and scripts/check.

# source_newest SUITE IMAGE: "PACKAGE VERSION" of the newest in the index whose name
# matches, in source_is; nothing if there is none.
source_newest() {
	local image
	apt_use "$1"
	apt_refresh || :
	source_is=''
	image=$(apt_newest "$2" all)
	[ -z "$image" ] || source_is="$image $(apt_field "$image:all" Version)"
}

# source_unpack DIR [PATTERN…]: source_is, or the files of it that match, in the new folder
# DIR. Fails if the package cannot be fetched.
source_unpack() {
	local dir=$1 image=${source_is% *}
	shift
	rm -rf "$dir.package"
	mkdir -p "$dir" "$dir.package"
	apt_unpack "$dir.package" "$image:all" || { rm -rf "$dir.package"; return 1; }
	tar -xJf "$dir.package/usr/src/$image.tar.xz" -C "$dir" --strip-components=1 \
		--wildcards "${@/#/$image/}" || die "$image: its archive cannot be read"
	rm -rf "$dir.package"
}
