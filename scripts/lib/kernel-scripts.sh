#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own checkers of style and documentation. They come with the kernel's
# source package alone, so a copy is kept in build/. Sourced after common.sh, apt.sh and
# source.sh, not run.

kernel_scripts=$build/kernel-scripts

# fetch_kernel_scripts: unpacks them once. Fails if they cannot be had.
fetch_kernel_scripts() {
	local tmp source_is
	[ ! -x "$kernel_scripts/checkpatch.pl" ] || return 0
	lock kernel-scripts
	if [ ! -x "$kernel_scripts/checkpatch.pl" ]; then
		say "fetching the kernel's checkers (from linux-source-6.12, once)"
		tmp=$(mktemp -d "$build/tmp/kernel-scripts.XXXXXX")
		(
			lock apt-bookworm-security
			source_newest bookworm-security 'linux-source-6[.]12'
			source_unpack "$tmp/tree" scripts/checkpatch.pl scripts/spelling.txt \
				scripts/const_structs.checkpatch scripts/kernel-doc \
				scripts/get_abi.pl && mv -T "$tmp/tree/scripts" "$kernel_scripts"
		) >"$build/logs/kernel-scripts.log" 2>&1
		rm -rf "$tmp"
	fi
	unlock kernel-scripts
	[ -x "$kernel_scripts/checkpatch.pl" ]
}
