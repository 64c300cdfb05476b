#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Kernels that are built here: the distribution's sources, tinyconfig and a
# fragment, scripts/FLAVOUR.config. The tree stays in build/source, so that a
# changed fragment or an interrupted build costs only what is missing. A kit is
# built again when its fragment changes, not when newer sources appear: remove
# build/kits/NAME for these. Sourced by scripts/kit.

# built_sum: changes with whatever decides on the kernel, but for its version.
built_sum() {
	{
		cat "$fragment"
		declare -f configure install_built
	} | sha256sum | cut -c 1-8
}

# unpack_tree: the newest sources of the suite in $tree, or the ones there.
unpack_tree() {
	local source=$build/source source_is
	lock "apt-$k_suite"
	source_newest "$k_suite" "$k_image"
	if [ -n "$source_is" ] && [ "$(cat "$tree/.kit-version" 2>/dev/null)" != "$source_is" ]; then
		say "$k_name: fetching $source_is"
		rm -rf "$source/.tmp.$k_name".*
		tmp=$(mktemp -d "$source/.tmp.$k_name.XXXXXX")
		if source_unpack "$tmp/tree"; then
			echo "$source_is" >"$tmp/tree/.kit-version"
			rm -rf "$tree"
			mv -T "$tmp/tree" "$tree"
		fi
		rm -rf "$tmp"
		tmp=
	fi
	unlock "apt-$k_suite"
	[ -f "$tree/.kit-version" ] || die "$k_name: its sources cannot be fetched, and none are here"
}

# kernel_make TARGET…: in $tree. Not in the foreground, where bash would answer
# a signal only after the end of make; which dies with us.
kernel_make() {
	setpriv --pdeathsig TERM env -u MAKEFLAGS -u MAKELEVEL nice -n 19 \
		make -s -C "$tree" "${vars[@]}" "$@" >>"$log" 2>&1 </dev/null &
	wait $! || {
		tail -n 20 "$log" >&2
		die "$k_name: make $* failed, see $log"
	}
}

# configure: tinyconfig and the fragment. An option that kconfig drops because
# of an unmet dependency would make the kernel silently weaker.
configure() {
	local dropped
	kernel_make tinyconfig
	(cd "$tree" && scripts/kconfig/merge_config.sh -m -O . .config "$fragment") >>"$log" 2>&1
	kernel_make olddefconfig
	dropped=$(grep -E '^CONFIG_' "$fragment" | grep -vxFf "$tree/.config") || :
	dropped+=' '$(sed -n 's/^# \(CONFIG_[A-Z0-9_]*\) is not set$/\1=y/p' "$fragment" | grep -xFf - "$tree/.config") || :
	[ -z "${dropped// /}" ] || die "${fragment##*/}: not taken by kconfig: ${dropped//$'\n'/ }"
}

# install_built DIR KVER: as the distribution's packages would lie there. The
# headers are what the kernel's own packaging calls enough for modules.
install_built() {
	local kit=$1 kver=$2 image
	mkdir -p "$kit/boot" "$kit/usr/src/linux-headers-$kver"
	image=$(make -s -C "$tree" "${vars[@]}" image_name)
	cp "$tree/$image" "$kit/boot/vmlinuz-$kver"
	cp "$tree/System.map" "$kit/boot/System.map-$kver"
	cp "$tree/.config" "$kit/boot/config-$kver"
	kernel_make INSTALL_MOD_PATH="$kit" DEPMOD=true modules_install
	rm -f "$kit/lib/modules/$kver/build" "$kit/lib/modules/$kver/source"
	(cd "$tree" && env srctree=. SRCARCH="$srcarch" CC=cc HOSTCC=cc MAKE=make \
		sh scripts/package/install-extmod-build "$kit/usr/src/linux-headers-$kver") >>"$log" 2>&1
}

# fetch_built: build/kits/NAME from sources.
fetch_built() {
	local fragment=$top/scripts/$k_flavour.config tree=$build/source/$k_name
	local log=$build/logs/kernel-$k_name.log vars srcarch kver sum start=$SECONDS
	sum=$(built_sum)
	if grep -qs "^kit_id=.* $sum\"" "$build/kits/$k_name/kit.info"; then return 0; fi
	mkdir -p "$build/source"
	unpack_tree
	kbuild_vars "$k_arch" host
	# The one architecture whose folder has another name.
	srcarch=${kbuild_arch/x86_64/x86}
	: >"$log"
	say "$k_name: building $(cat "$tree/.kit-version"), some 15 minutes; see $log"
	configure
	kernel_make -j"$(nproc)" all
	kver=$(make -s -C "$tree" "${vars[@]}" kernelrelease)
	tmp=$(mktemp -d "$build/kits/.tmp.$k_name.XXXXXX")
	install_built "$tmp" "$kver"
	publish_kit "$kver" "$(cat "$tree/.kit-version") $sum"
	say "$k_name: built in $((SECONDS - start)) s"
}
