#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# What "run" does in a mount namespace of its own, where the files of the device
# are still there: makes a root for the tests, lets tests.sh run in it, and puts
# modules that were loaded back. With busybox sh of the kit.
# shellcheck shell=dash
set -u

say() { echo "run: $*" >&2; }
# May be set while modules of the device are unloaded.
putting_back=''
refuse() {
	say "$*"
	[ -z "$putting_back" ] || put_back
	exit 3
}

# --- what would stop modules from being loaded ------------------------------
can_load() {
	[ -e /proc/modules ] || refuse "this kernel loads no modules (CONFIG_MODULES)"
	[ "$(cat /proc/sys/kernel/modules_disabled 2>/dev/null)" != 1 ] ||
		refuse "loading modules has been switched off until the next boot (kernel.modules_disabled)"
}

# --- modules of the device --------------------------------------------------
# of_kit MODULE: was the one that is loaded built as the kit's?
of_kit() {
	[ "$(cat "/sys/module/$1/srcversion" 2>/dev/null)" = "$(cat "$KIT/lib/$1.srcversion")" ]
}

# parameters: of the loaded cma_bulk, for modprobe.
parameters() {
	for file in /sys/module/cma_bulk/parameters/*; do
		[ -f "$file" ] || continue
		value=$(cat "$file")
		case $value in '' | '(null)') ;; *) printf '%s=%s ' "${file##*/}" "$value" ;; esac
	done
}

# settings: of its regions, a line "FILE TAB VALUE" each; in debugfs from its root on.
settings() {
	for file in "$debugfs"/cma_bulk/*/knobs/* "$debugfs"/cma_bulk/*/track /sys/kernel/cma_bulk/*/*; do
		[ -f "$file" ] || continue
		case $(stat -c %a "$file") in *[67]??) ;; *) continue ;; esac
		printf '%s\t%s\n' "${file#"$debugfs"}" "$(cat "$file")"
	done
}

# held: what the loaded cma_bulk has handed out, in words; nothing if it is idle.
held() {
	read -r _ _ users _ <<-EOT
		$(grep '^cma_bulk ' /proc/modules)
	EOT
	[ "${users:-0}" = 0 ] || echo "in use by $users modules or open files or buffers"
	for file in "$debugfs"/cma_bulk/*/batches; do
		[ -f "$file" ] || continue
		[ "$(grep -vc '^#' "$file")" != 0 ] || continue
		file=${file%/batches}
		echo "batches in ${file##*/}"
	done
}

# set_aside: unloads what was loaded of ours, and says how to load it again.
set_aside() {
	was='' was_settings='' how=''
	[ -d /sys/module/cma_bulk ] || return 0
	use=$(held)
	[ -z "$use" ] || refuse "the module cma_bulk is loaded and $(echo "$use" | tr '\n' ';' | sed 's/;$//; s/;/; /g')"
	for m in cma_bulk_apitest cma_bulk_pinner cma_bulk_example; do
		[ ! -d "/sys/module/$m" ] || refuse "the module $m is loaded: unload it first"
	done
	if of_kit cma_bulk; then
		how=kit
	elif modprobe -n -q cma_bulk 2>/dev/null; then
		how=modprobe
	else
		refuse "another build of cma_bulk is loaded, and modprobe could not load it again: unload it first"
	fi
	was=$(parameters)
	was_settings=$(settings)
	rmmod cma_bulk || refuse "the module cma_bulk does not unload"
	putting_back=1
}

# put_back: what set_aside has unloaded.
put_back() {
	putting_back=''
	# shellcheck disable=SC2086 # a word per parameter
	case $how in
	kit) insmod "$KIT/root/lib/modules/$(uname -r)/extra/cma_bulk.ko" $was ;;
	modprobe) modprobe cma_bulk $was ;;
	esac || { say "cma_bulk, which was loaded, could not be loaded again"; return 1; }
	echo "$was_settings" | while IFS="$(printf '\t')" read -r file value; do
		case $file in
		/sys/*) ;;
		?*) file=$debugfs$file ;;
		*) continue ;;
		esac
		[ "$(cat "$file")" = "$value" ] || echo "$value" >"$file"
	done
}

# --- a root for the tests ---------------------------------------------------
# In memory, so that the kit may lie on a file system that is read-only.
make_root() {
	root=$KIT/mnt
	mount -t tmpfs -o mode=755 cma_bulk-kit "$root" && cp -a "$KIT/root/." "$root" || return
	mkdir -p "$root/proc" "$root/sys" "$root/dev" "$root/tmp" "$root/run" "$root/root" \
		"$root/kit" "$root/etc/modprobe.d"
	cp "$KIT"/lib/* "$KIT/tests" "$root/kit" || return
	# busybox knows its applets, but what it starts may want a path.
	for applet in sh cat sleep usleep kill true; do
		[ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"
	done
	# The files of users, for what runs as nobody.
	echo "root:x:0:0::/root:/bin/sh
nobody:x:65534:65534::/:/bin/false" >"$root/etc/passwd"
	printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
	mount -t proc proc "$root/proc" && mount -t sysfs sysfs "$root/sys" || return
	mount -t devtmpfs devtmpfs "$root/dev" 2>/dev/null || mount -o rbind /dev "$root/dev" || return
	mount -t tmpfs tmpfs "$root/run" || return
	mount -t tracefs tracefs "$root/sys/kernel/tracing" 2>/dev/null
	mount -t debugfs debugfs "$root/sys/kernel/debug" ||
		refuse "debugfs cannot be mounted: the tests look at the module through it"
	debugfs=$root/sys/kernel/debug
}

debugfs=''
make_root || refuse "no root for the tests can be made in $KIT/mnt"
can_load
set_aside

# The tests end by themselves when a signal comes, and this waits for that.
child=''
# shellcheck disable=SC2317 # called by the trap
stop() {
	[ -z "$child" ] || kill -TERM "$child"
}
trap stop INT TERM HUP
chroot "$root" /bin/busybox sh /kit/tests.sh </dev/null &
child=$!
# A signal ends wait early.
while true; do
	wait "$child"
	status=$?
	kill -0 "$child" 2>/dev/null || break
done
[ -z "$putting_back" ] || put_back || status=1
exit "$status"
