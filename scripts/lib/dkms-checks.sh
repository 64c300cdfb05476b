#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The checks of a DKMS test, in the order of a module's life on a machine.
# Sourced by scripts/dkms-test, which has made $tree and chosen the kernels
# $first, $second and $without.

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

# state: a line "kernel: state" for each that DKMS has the module for.
state() {
	in_tree dkms status "$module" 2>&1 | sed "s|^$module, \(.*\), x86_64: |\1: |" | LC_ALL=C sort -V
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

check_install() {
	local log=$tree/var/lib/dkms/$module/$first/x86_64/log/make.log
	passes "dkms add" in_tree dkms add /srv/cma_bulk
	same "it is added" "$(state)" "$module: added"
	passes "dkms build for $first" in_tree dkms build "$module" -k "$first"
	# The compiler has to be the kernel's own: another one is a warning.
	if [ ! -s "$log" ]; then
		failed "the build has no complaints" "no ${log#"$tree"}"
	elif grep -iE 'warning|error|differs' "$log" >"$said"; then
		failed "the build has no complaints"
	else
		ok "the build has no complaints"
	fi
	passes "dkms install" in_tree dkms install "$module" -k "$first"
	same "one module is installed, no test module with it" "$(files "$first")" \
		"$first/updates/dkms/cma_bulk.ko.xz"
	same "its version is the package's" "$(info "$first" version)" "${module#*/}"
	if has "$first" CONFIG_MODULE_SIG; then
		same "it is signed with DKMS' key" "$(info "$first" signer)" "DKMS module signing key"
	else
		skip "it is signed with DKMS' key" "$first cannot check signatures"
	fi
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

# The packages' own hooks call DKMS; nothing else is done about the kernel.
check_second() {
	# shellcheck disable=SC2046 # words
	passes "another kernel arrives, $second" install $(packages "$second")
	same "the module is installed for both" "$(state)" \
		"$(printf '%s: installed\n' "$first" "$second" | LC_ALL=C sort -V)"
	same "one module is installed for $second" "$(files "$second")" \
		"$second/updates/dkms/cma_bulk.ko.xz"
}

# A kernel that cannot have the module is no failure of its installation.
check_without() {
	local before
	if has "$without" CONFIG_CMA; then
		not_ok "a kernel without CONFIG_CMA" "$without has it: choose another"
		return
	fi
	before=$(state)
	says "a kernel without CONFIG_CMA, $without, is skipped" \
		"Autoinstall on $without was skipped for module(s) ${module%/*}."
	says "with a reason" "includes a BUILD_EXCLUSIVE directive"
	in_tree dkms build "$module" -k "$without" >"$said" 2>&1
	same "dkms build says that it does not apply" $? 77
	same "nothing was built for it" "$(state)" "$before"
}

check_remove() {
	passes "dkms remove --all" in_tree dkms remove "$module" --all
	same "no kernel has it" "$(files .)" ""
	same "no index names it" "$(grep -ls cma_bulk "$tree"/usr/lib/modules/*/modules.*)" ""
	same "DKMS keeps nothing of it" "$(in_tree dkms status)$(find "$tree/var/lib/dkms" -path '*cma_bulk*')" ""
}

# run_checks: KTAP on standard output; fails unless all passed.
run_checks() {
	local in_guest
	in_guest=$(sed -n 's/^plan //p' "$src/tests/dkms/boot.sh")
	plan $((8 + in_guest + 3 + in_guest + 5 + 4))
	said=$work/said
	diag "kernels: $first, then $second; without CMA: $without"
	# shellcheck disable=SC2046 # words
	install $(packages "$first") >"$said" 2>&1 || {
		diag "$(tail -n 40 "$said")"
		echo "Bail out! $first cannot be installed"
		return 1
	}
	check_install
	[ "$(state)" = "$first: installed" ] || { echo "Bail out! nothing is installed"; finish; }
	check_boot "$first"
	check_second
	check_boot "$second"
	passes "headers of $without arrive" install "linux-headers-$without"
	check_without
	check_remove
	finish
}
