#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What every host script needs: where things are, how to speak, how to lock.
# Sourced, not run.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# The tree that modules are built from. Not always this one: tests of the
# suite itself point it at a damaged copy.
src=$(cd "${CMA_BULK_SRC:-$top}" && pwd -P)
mkdir -p "$top/build" && build=$(cd "$top/build" && pwd -P)
mkdir -p "$build/locks" "$build/logs" "$build/tmp"
# build/ may be shared by several trees. What is built of another tree than the
# one that it belongs to has this behind its name.
of_tree=
[ "$src/build" = "$build" ] || of_tree=.$(cksum <<<"$src" | cut -d' ' -f1)

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit "${die_status:-1}"; }

# usage: prints the comment at the top of the script that runs, from behind its SPDX
# line to the first line of code, and ends it.
usage() {
	awk 'NR > 1 && !/^#/ { exit }
		found { sub(/^# ?/, ""); print }
		/^# SPDX-License-Identifier/ { found = 1 }' "$0" >&2
	exit "${die_status:-2}"
}

# need_value OPTION ARGC: an option without its value must not eat the next one.
need_value() { [ "$2" -ge 2 ] || die "$1 needs a value"; }

# lock NAME, unlock NAME: an exclusive lock between processes. The kernel drops
# it when we die, so a killed run never leaves one behind.
declare -A lock_fds
lock() {
	local fd
	exec {fd}>"$build/locks/$1"
	flock -w 3 "$fd" || { say "waiting for another process ($1)"; flock "$fd"; }
	lock_fds[$1]=$fd
}
unlock() {
	local fd=${lock_fds[$1]}
	exec {fd}>&-
	unset "lock_fds[$1]"
}

# table_row NAME: reads the kernel's line of scripts/kernels into k_*.
# shellcheck disable=SC2034 # k_* are for the caller
table_row() {
	while read -r k_name k_arch k_suite k_image k_flavour k_toolchain k_area k_set k_else; do
		[ "$k_name" != "$1" ] || return 0
	done <"$top/scripts/kernels"
	die "no kernel '$1'; there are: $(kernel_names | paste -sd ' ')"
}

# gnu_triplet ARCH: how compilers and libraries call what Debian calls ARCH.
gnu_triplet() {
	case $1 in
	amd64) echo x86_64-linux-gnu ;;
	arm64) echo aarch64-linux-gnu ;;
	armhf) echo arm-linux-gnueabihf ;;
	riscv64) echo riscv64-linux-gnu ;;
	*) die "no compiler is known for '$1'" ;;
	esac
}
# cross_gcc ARCH: Debian's package of the compiler for it, without "gcc-".
cross_gcc() { gnu_triplet "$1" | tr _ -; }

kernel_names() { awk '/^[^#]/ { print $1 }' "$top/scripts/kernels"; }
# tested_names: those of a run of the whole suite.
tested_names() { awk '/^[^#]/ && $NF == "-" { print $1 }' "$top/scripts/kernels"; }

# gki: the build for trimmed kernels, of which objects must not mix with others.
gki() { [ "${CMA_BULK_GKI-}" = 1 ]; }

# out_dir NAME: where NAME's modules are built.
out_dir() {
	local suffix=$of_tree
	! gki || suffix=.gki$of_tree
	echo "$build/out/$1$suffix"
}
