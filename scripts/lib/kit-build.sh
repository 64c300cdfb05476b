#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Building the modules against a kit, in a copy of the sources of their own so
# that kernels do not collide. Sourced by scripts/kit.

# The files a module build can see; tests that are no modules are left out so
# that editing them rebuilds nothing.
source_files() {
	cd "$src" || return
	if git rev-parse --is-inside-work-tree >/dev/null 2>&1 &&
		[ "$(git rev-parse --show-toplevel)" = "$src" ]; then
		git ls-files -co --exclude-standard -- Kbuild VERSION module include debugfs tests examples
	else
		find Kbuild VERSION module include debugfs tests examples -type f 2>/dev/null || :
	fi | grep -Ev '^(tests/(device|guest|harness|tools|unit)/|examples/[^/]*$)|^tests/.*\.sh$' |
		# What a build in the tree itself left names that tree's objects.
		grep -Ev '(^|/)\.|^(module/compat|tests/pinner)/generated/|\.(a|cmd|d|ko|mod|mod\.c|o|order|symvers)$' |
		while read -r f; do [ ! -f "$f" ] || echo "$f"; done | LC_ALL=C sort -u
}

# sums FOLDER LIST: a line with name and checksum for each file that is there.
sums() {
	(cd "$1" && xargs -d '\n' sha256sum <"$2" 2>/dev/null) |
		sed 's/^\([^ ]*\)  \(.*\)/\2\t\1/' | LC_ALL=C sort
}

# mirror OUT: only what changed is copied, with its time, so kbuild's own
# dependency tracking sees the same changes as in the tree. Few processes: to
# start one for each file takes longer than to compile them.
mirror() {
	local out=$1 f
	source_files >"$out/.files.new"
	[ -s "$out/.files.new" ] || die "no sources in $src"
	if [ -f "$out/.files" ]; then
		LC_ALL=C comm -23 "$out/.files" "$out/.files.new" |
			while read -r f; do rm -f "$out/$f" "$out/${f%.c}.o"; done
	fi
	LC_ALL=C comm -23 <(sums "$src" "$out/.files.new") <(sums "$out" "$out/.files.new") |
		cut -f 1 >"$out/.changed"
	if [ -s "$out/.changed" ]; then
		tar -cC "$src" -T "$out/.changed" | tar -xC "$out" --unlink-first || die "cannot copy the sources"
		# Never older than an object made from what it replaces.
		[ ! -f "$out/.stamp" ] || (cd "$out" && xargs -d '\n' touch <.changed)
	fi
	mv "$out/.files.new" "$out/.files"
}

# state OUT ARGS…: one line that changes with anything the build depends on.
state() {
	local out=$1
	shift
	{
		echo "$kit_id $*"
		(cd "$out" && xargs -d '\n' sha256sum <.files)
	} | sha256sum
}

print_modules() {
	find "$1" -name '*.ko' | LC_ALL=C sort
}

# kbuild OUT ARGS…: the real thing, or $kbuild_target of it. BTF would need the
# distribution's vmlinux and pahole, and nothing here reads it.
kbuild() {
	local out=$1 vars run=(env -u MAKEFLAGS -u MAKELEVEL)
	shift
	kbuild_vars "$kit_arch" "$k_toolchain"
	! gki || vars+=(CMA_BULK_GKI=1)
	# Debian's modpost for other machines knows tables of devices as 64-bit
	# ones have them, and refuses those of armhf.
	[ "$kit_arch" != armhf ] || vars+=(CMA_BULK_EXAMPLES=)
	[ "$k_toolchain" = host ] || {
		toolchain "$k_toolchain"
		run=(in_toolchain)
	}
	"${run[@]}" make -s -j"$(nproc)" -C "$kit/headers" M="$out" "${vars[@]}" \
		CONFIG_DEBUG_INFO_BTF_MODULES= CMA_BULK_TESTS=m "$@" "${kbuild_target:-modules}"
}

build_modules() {
	local out now
	table_row "$1"
	shift
	kit_info "$k_name"
	out=$(out_dir "$k_name")
	mkdir -p "$out"
	lock "out-${out##*/}"
	mirror "$out"
	now=$(state "$out" "$@")
	if [ "$(cat "$out/.stamp" 2>/dev/null)" != "$now" ]; then
		# From here until success there are no modules, so a failed or
		# interrupted build can never be mistaken for a good one.
		find "$out" -name '*.ko' -delete
		[ ! -f "$out/.kit" ] || [ "$(cat "$out/.kit")" = "$kit_id $*" ] ||
			find "$out" \( -name '*.o' -o -name '.*.cmd' -o -name '*.mod*' \) -delete
		rm -f "$out/.stamp"
		echo "$kit_id $*" >"$out/.kit"
		say "$k_name: building against ${kit_id#linux-image-}"
		kbuild "$out" "$@" >&2 || {
			find "$out" -name '*.ko' -delete
			die "$k_name: the build failed"
		}
		echo "$now" >"$out/.stamp"
	fi
	print_modules "$out"
	unlock "out-${out##*/}"
}
