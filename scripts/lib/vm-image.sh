#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The guest's initramfs: busybox, the modules, the script and what it needs.
# Sourced by scripts/vm.

# quote WORD…: for a POSIX shell.
quote() {
	local w
	for w; do printf " '%s'" "${w//\'/\'\\\'\'}"; done
}

# put HOST GUEST: copies with modes; a folder's content becomes the folder.
put() {
	local to=$root/${2#/}
	mkdir -p "$(dirname "$to")"
	if [ -d "$1" ]; then
		mkdir -p "$to" && cp -aL "$1/." "$to"
	else
		cp -pL "$1" "$to"
	fi
}

# put_kernel_module DIR NAME: none if it is built in, or has another name here.
put_kernel_module() {
	local ko
	ko=$(find "$kit/modules/kernel" -name "$2.ko" -o -name "$2.ko.xz" | head -n 1)
	case $ko in
	*.xz) xz -dc "$ko" >"$1/extra/$2.ko" ;;
	?*) cp "$ko" "$1/extra" ;;
	esac
}

# Under the build's lock, so that a rebuild cannot take a module away half-way.
put_modules() {
	local dir=$root/lib/modules/$kit_kver out ko
	mkdir -p "$dir/extra"
	out=$(out_dir "$name")
	lock "out-${out##*/}"
	[ -f "$out/.stamp" ] || { say "$name: no finished build"; return 1; }
	find "$out" -name '*.ko' -exec cp -t "$dir/extra" {} + || return
	unlock "out-${out##*/}"
	# A kernel built here has only few modules, and they are there for tests.
	case $k_image in linux-source-*) cp -r "$kit/modules/kernel" "$dir" ;; esac
	for ko in "${modules[@]}"; do put_kernel_module "$dir" "$ko"; done
	for ko in modules.builtin modules.builtin.modinfo modules.order; do
		[ ! -f "$kit/modules/$ko" ] || cp "$kit/modules/$ko" "$dir"
	done
	PATH=$PATH:/sbin:/usr/sbin depmod -b "$root" "$kit_kver"
}

# make_image WORK SCRIPT [ARG…]
make_image() {
	local root=$1/root work=$1 file busybox
	shift
	mkdir -p "$root/bin" "$root/vm"
	busybox=$build/busybox/$kit_arch/busybox
	[ -x "$busybox" ] || "$top/scripts/kit" busybox "$kit_arch" >/dev/null || return
	cp "$busybox" "$root/bin/busybox"
	cp "$top/scripts/lib/guest-init" "$root/init"
	chmod 755 "$root/init"
	put_modules || return
	[ ! -d "$src/tests/guest" ] || put "$src/tests/guest" /tests/guest
	for file in "${files[@]}"; do
		case $file in
		*:*) put "${file%:*}" "${file##*:}" || return ;;
		*) put "$file" "/$(basename "$file")" || return ;;
		esac
	done
	put "$1" "/vm/$(basename "$1")" || return
	echo "set --$(quote "/vm/$(basename "$1")" "${@:2}")" >"$root/vm/command"
	(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet) >"$work/initrd" || return
	rm -rf "$root"
}
