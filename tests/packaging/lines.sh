# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# How the systems call make. The words and their order are those of their
# infrastructure; only values are of this place. Sourced by tests/packaging/run, which
# sets what is not assigned here.
# shellcheck disable=SC2154

# yocto_make WORD…: oe_runmake, with what module-base.bbclass exports and the
# recipe adds. The kernel's sources and objects are apart.
yocto_make() {
	local extra
	read -ra extra <<<"$(recipe_value "$recipe" EXTRA_OEMAKE)"
	(
		cd "$work/yocto" || exit
		unset CFLAGS CPPFLAGS CXXFLAGS LDFLAGS MAKEFLAGS
		export ARCH=arm64 OS=linux CROSS_COMPILE=$cross KBUILD_OUTPUT=$objects
		export KERNEL_VERSION=$kit_kver LOCALVERSION=
		make -j2 "KERNEL_SRC=$sources" "${extra[@]}" "$@"
	)
}

# yocto_tools: what module_do_compile and module_do_install both pass, in tools.
yocto_tools() {
	tools=("CC=${cross}gcc" "LD=${cross}ld.bfd" "OBJCOPY=${cross}objcopy" "STRIP=${cross}strip")
}

yocto_compile() {
	local tools
	yocto_tools
	yocto_make "KERNEL_PATH=$sources" "KERNEL_VERSION=$kit_kver" "${tools[@]:0:2}" \
		"AR=${cross}ar" "${tools[@]:2}" "O=$objects" KBUILD_EXTRA_SYMBOLS=
}

yocto_install() {
	local D=$work/image body tools
	yocto_tools
	yocto_make DEPMOD=echo "MODLIB=$D/usr/lib/modules/$kit_kver" \
		"INSTALL_FW_PATH=$D/usr/lib/firmware" "${tools[@]}" "O=$objects" \
		KBUILD_EXTRA_SYMBOLS= modules_install || return
	[ -e "$work/yocto/Module.symvers" ] || { echo "no Module.symvers"; return 1; }
	body=$(recipe_body "$recipe" do_install:append)
	D=$D S=$work/yocto includedir=/usr/include sh -euc "$body"
}

yocto_build() {
	sources_to "$work/yocto"
	runs "yocto: module_do_compile" yocto_compile
	same "yocto: the module is of this version" "$(built_version "$work/yocto")" "$version"
	same "yocto: no test module was built" "$(modules "$work/yocto")" cma_bulk.ko
	runs "yocto: module_do_install, and what the recipe adds" yocto_install
	same "yocto: what it installed" "$(cd "$work/image" && find . -type f | sed 's/\.ko\..z$/.ko/' | sort)" \
		"./usr/include/cma_bulk/cma_bulk.h
./usr/lib/modules/$kit_kver/updates/cma_bulk.ko"
}

# buildroot_make TARGET: the call of pkg-kernel-module.mk, for the build and for the
# installation.
buildroot_make() {
	env -u MAKEFLAGS BR_BINARIES_DIR="$work/images" make -C "$objects" \
		HOSTCC="gcc -O2" ARCH=arm64 INSTALL_MOD_PATH="$work/target" \
		CROSS_COMPILE="$cross" DEPMOD="$(command -v depmod || echo /sbin/depmod)" \
		PWD="$work/buildroot/." M="$work/buildroot/." "$1"
}

buildroot_build() {
	sources_to "$work/buildroot"
	runs "buildroot: KERNEL_MODULES_BUILD" buildroot_make modules
	runs "buildroot: KERNEL_MODULES_INSTALL" buildroot_make modules_install
	same "buildroot: what it installed" "$(modules "$work/target")" \
		"lib/modules/$kit_kver/updates/cma_bulk.ko"
}

openwrt_make() {
	env -u MAKEFLAGS make -C "$src/packaging/openwrt" TOPDIR="$here/openwrt-stub" \
		LINUX_DIR="$objects" LINUX_VERSION="$kit_kver" TARGET_CROSS="$cross" \
		BUILD_DIR="$work/openwrt" compile
}

openwrt_build() {
	mkdir -p "$work/openwrt"
	runs "openwrt: Build/Prepare and Build/Compile" openwrt_make
	same "openwrt: what it packs, and loads" "$(modules "$work/openwrt/packed") $(cat "$work/openwrt/autoload")" \
		"cma_bulk.ko 0 0 cma_bulk"
	same "openwrt: the folder has the version" "$(ls -d "$work"/openwrt/cma-bulk-*)" \
		"$work/openwrt/cma-bulk-$version"
}

# by_hand: our own modules_install, of a tree that has built the test modules.
by_hand() {
	local words=(-C "$work/buildroot" "KERNEL_DIR=$objects" ARCH=arm64 "CROSS_COMPILE=$cross")
	# shellcheck disable=SC2016 # the inner shell's variables
	runs "by hand: make modules_install, after test modules" env -u MAKEFLAGS sh -euc '
		make -s "$@"
		make -s "$@" INSTALL_MOD_PATH="$0" modules_install' "$work/hand" "${words[@]}"
	same "by hand: the product alone is installed" "$(modules "$work/hand")" \
		"lib/modules/$kit_kver/updates/cma_bulk.ko"
}
