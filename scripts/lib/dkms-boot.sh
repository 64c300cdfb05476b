#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots the tree of a DKMS test: its kernel, its own initramfs, and itself as
# the root, read-only. Sourced by scripts/dkms-test.

boot_timeout=300

# put_guest TREE: what runs there as PID 1, and the library of guest tests.
put_guest() {
	mkdir -p "$1/tests/guest" "$1/tests/dkms"
	cp "$src/tests/guest/lib.sh" "$src/tests/guest/bulk.sh" "$1/tests/guest"
	cp "$src/tests/dkms/init" "$src/tests/dkms/boot.sh" "$1/tests/dkms"
	chmod 755 "$1/tests/dkms/init"
}

# run_tree TREE RELEASE OUT LOG: QEMU's status, 124 or 137 after a time-out.
# The processors take turns: machine() in vm-machine.sh says what patching its code
# does to such a kernel when they do not.
run_tree() {
	local share=local,id=tree,path=$1,security_model=none,readonly=on
	local root="root=tree rootfstype=9p rootflags=trans=virtio,version=9p2000.L,msize=262144 ro"
	setpriv --pdeathsig TERM timeout -k 5 "$boot_timeout" setpriv --pdeathsig KILL \
		qemu-system-x86_64 -M q35 -cpu max -accel tcg,thread=single -smp 2 -m 1024 \
		-nodefaults -display none -no-reboot \
		-kernel "$1/boot/vmlinuz-$2" -initrd "$1/boot/initrd.img-$2" \
		-append "console=ttyS0 ignore_loglevel panic=-1 cma=64M $root init=/tests/dkms/init" \
		-fsdev "$share" -device virtio-9p-pci,fsdev=tree,mount_tag=tree \
		-serial "file:$4" -serial "file:$3" </dev/null >"$3.qemu" 2>&1
}

# boot_tree RELEASE: rows of its results, see ktap.awk, in $work/boot.rows.
boot_tree() {
	local out=$work/boot.out log status
	log=$(mktemp "$build/logs/dkms-$1-$(date +%Y%m%d-%H%M%S).XXXX.log")
	say "booting $1, console: $log"
	: >"$out"
	put_guest "$tree" && run_tree "$tree" "$1" "$out" "$log"
	case $? in
	0) status=$(sed -n 's/^verdict \([0-9]*\).*/\1/p' "$out") ;;
	124 | 137) status=126 ;;
	*) status=127 ;;
	esac
	if log_scan "$log" >"$work/boot.reports"; then
		status=125
		sed 's/^/# /' "$work/boot.reports"
	fi
	grep -v '^verdict ' "$out" |
		awk -v status="${status:-127}" -f "$top/scripts/lib/ktap.awk" >"$work/boot.rows"
	! grep -q '^fail' "$work/boot.rows" || sed 's/\r$//; s/^/# /' "$out" "$out.qemu"
}
