#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The checks of a DKMS test, in the order of a module's life on a machine.
# Sourced by scripts/dkms-test, which has made $tree, chosen the kernels $first,
# $second and $without, and built the packages in $debs_before and $debs.

. "$top/tests/guest/lib.sh"

# passes NAME COMMAND…: ok if it succeeds. What it said is kept in $said.
passes() {
	local name=$1 status
	shift
	"$@" >"$said" 2>&1
	status=$?
	if [ $status = 0 ]; then ok "$name"; else failed "$name" "$* ended with $status"; fi
}

# says NAME TEXT: ok if the last command said that.
says() {
	if grep -qF -- "$2" "$said"; then ok "$1"; else failed "$1" "not said: $2"; fi
}

# failed NAME LINE…: with the end of what the last command said.
failed() { not_ok "$@" "$(tail -n 40 "$said")"; }

# install PACKAGE…: what fetch_all has brought.
install() { tree_apt --no-download install "$@"; }

# install_debs FOLDER: as a user does, from files.
install_debs() {
	local packages
	rm -rf "$tree/srv/debs"
	cp -rT "$1" "$tree/srv/debs" || return
	# No shell of the tree is there to complete the names.
	packages=("$tree"/srv/debs/cma-bulk-dkms_*.deb "$tree"/srv/debs/cma-bulk_*.deb)
	# apt "downloads" these, too; what they depend on is in its cache.
	tree_apt install "${packages[@]#"$tree"}"
}

# deb_version FOLDER: without Debian's own part.
deb_version() { dpkg-deb -f "$1"/cma-bulk-dkms_*.deb Version | sed 's/-[^-]*$//'; }

# state: a line "version, kernel: state" for each kernel that DKMS has a module for.
state() {
	in_tree dkms status cma_bulk 2>&1 | sed 's|^cma_bulk/||; s|, x86_64: |: |' | LC_ALL=C sort -V
}

# installed VERSION RELEASE…: the state when all is well.
installed() {
	local version=$1
	shift
	printf "$version, %s: installed\n" "$@" | LC_ALL=C sort -V
}

# files RELEASE: what that kernel has of the module, and whatever else came
# from outside of its packages.
files() {
	(cd "$tree/usr/lib/modules" &&
		find "$1" \( -path '*/updates/*' -o -name '*cma_bulk*' \) -type f) | LC_ALL=C sort
}

# info RELEASE FIELD
info() { in_tree modinfo -k "$1" -F "$2" cma_bulk 2>&1; }

# has RELEASE OPTION: as DKMS itself sees it.
has() { grep -qx "$2=y" "$tree/usr/src/linux-headers-$1/.config"; }

# complaints VERSION RELEASE: the build has none. The compiler has to be the kernel's
# own: another one is a warning.
complaints() {
	local log=$tree/var/lib/dkms/cma_bulk/$1/$2/x86_64/log/make.log
	if [ ! -s "$log" ]; then
		failed "the build of $1 has no complaints" "no ${log#"$tree"}"
	elif grep -iE 'warning|error|differs' "$log" >"$said"; then
		failed "the build of $1 has no complaints"
	else
		ok "the build of $1 has no complaints"
	fi
}

# versions WHICH VERSION: the module for $first, and the command, are of it.
versions() {
	same "the module is of $1" "$(info "$first" version)" "$2"
	same "so is the command" "$(in_tree cma-bulk --version 2>&1)" "cma-bulk $2"
}

# The first version that this machine gets is the one before.
check_install() {
	passes "apt installs the packages of $before" install_debs "$debs_before"
	same "the module is built and installed for $first" "$(state)" "$(installed "$before" "$first")"
	complaints "$before" "$first"
	same "one module is installed, no test module with it" "$(files "$first")" \
		"$first/updates/dkms/cma_bulk.ko.xz"
	same "the sources have what the build needs, and nothing else" \
		"$(ls "$tree/usr/src/cma_bulk-$before")" \
		"$(printf '%s\n' Kbuild Makefile VERSION debugfs dkms.conf include module | LC_ALL=C sort)"
	versions "the version before" "$before"
	if has "$first" CONFIG_MODULE_SIG; then
		same "it is signed with DKMS' key" "$(info "$first" signer)" "DKMS module signing key"
	else
		skip "it is signed with DKMS' key" "$first cannot check signatures"
	fi
}

# What the administrator has written stays.
check_upgrade() {
	local line="# written here" conf=$tree/etc/modprobe.d/cma_bulk.conf
	echo "$line" >>"$conf"
	passes "apt installs the packages of $now" install_debs "$debs"
	same "the module is built and installed for $first anew" "$(state)" "$(installed "$now" "$first")"
	complaints "$now" "$first"
	versions "this version" "$now"
	same "nothing is left of $before" \
		"$(find "$tree/usr/src" "$tree/var/lib/dkms" -path "*cma_bulk*$before*")" ""
	same "a changed file in /etc stays as it is" "$(tail -n 1 "$conf")" "$line"
}

# check_boot RELEASE: the results of the guest become ours.
check_boot() {
	local kind name why
	boot_tree "$1"
	while IFS=$'\t' read -r kind name why; do
		case $kind in
		pass) ok "$1: $name" ;;
		skip) skip "$1: $name" "$why" ;;
		*) not_ok "$1: $name" ${why:+"$why"} ;;
		esac
	done <"$work/boot.rows"
}

# The kernel's own hooks call DKMS; nothing else is done about the module.
check_second() {
	# shellcheck disable=SC2046 # words
	passes "another kernel arrives, $second" install $(packages "$second")
	same "the module is installed for both" "$(state)" "$(installed "$now" "$first" "$second")"
	same "one module is installed for $second" "$(files "$second")" \
		"$second/updates/dkms/cma_bulk.ko.xz"
}

# A kernel that cannot have the module is no failure of its installation.
check_without() {
	local was
	if has "$without" CONFIG_CMA; then
		not_ok "a kernel without CONFIG_CMA" "$without has it: choose another"
		return
	fi
	was=$(state)
	says "a kernel without CONFIG_CMA, $without, is skipped" \
		"Autoinstall on $without was skipped for module(s) cma_bulk."
	says "with a reason" "includes a BUILD_EXCLUSIVE directive"
	in_tree dkms build "cma_bulk/$now" -k "$without" >"$said" 2>&1
	same "dkms build says that it does not apply" $? 77
	same "nothing was built for it" "$(state)" "$was"
}

# left: what dpkg and the file system still have.
left() {
	in_tree dpkg-query -W -f '${Package} ${db:Status-Status}\n' 'cma-bulk*' 2>/dev/null |
		grep -v ' not-installed$'
	find "$tree/etc" "$tree/usr" "$tree/var/lib" "$tree/var/cache" -iname '*cma[-_]bulk*'
}

check_purge() {
	passes "apt purges the packages" tree_apt purge cma-bulk-dkms cma-bulk
	same "no kernel has the module" "$(files .)" ""
	same "no index names it" "$(grep -ls cma_bulk "$tree"/usr/lib/modules/*/modules.*)" ""
	same "DKMS knows nothing of it" "$(state)" ""
	same "no file is left" "$(left)" ""
}

# run_checks: KTAP on standard output; fails unless all passed.
run_checks() {
	local in_guest
	in_guest=$(sed -n 's/^plan //p' "$src/tests/dkms/boot.sh")
	plan $((8 + in_guest + 7 + 3 + in_guest + 5 + 5))
	said=$work/said
	before=$(deb_version "$debs_before")
	now=$(deb_version "$debs")
	diag "kernels: $first, then $second; without CMA: $without"
	diag "packages: $before, then $now"
	# shellcheck disable=SC2046 # words
	install $(packages "$first") >"$said" 2>&1 || {
		diag "$(tail -n 40 "$said")"
		echo "Bail out! $first cannot be installed"
		return 1
	}
	check_install
	[ "$(state)" = "$(installed "$before" "$first")" ] || { echo "Bail out! nothing is installed"; finish; }
	check_boot "$first"
	check_upgrade
	check_second
	check_boot "$second"
	passes "headers of $without arrive" install "linux-headers-$without"
	check_without
	check_purge
	finish
}
