#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The emulated machine: QEMU's arguments, the device tree, KVM where it works.
# Sourced by scripts/vm.

# basic_machine ACCEL: the part of the command line that shapes the machine,
# and so its device tree.
#
# Without erms and fsrm the kernel fills and copies memory word by word; with
# them byte by byte (rep stosb), each of which is a round of the emulator's loop.
basic_machine() {
	local thread=multi
	[ -z "$turns" ] || thread=single
	# Kernels for these stop their processors to change their text. When they take
	# turns, one for armhf never goes on, and one for riscv64 needs 14 s for rmmod.
	case $kit_arch in
	armhf | riscv64)
		thread=multi
		[ -z "$icount" ] || cpus=1
		;;
	esac
	case $kit_arch:$1 in
	arm64:kvm) qemu=(qemu-system-aarch64 -M "virt,gic-version=host" -cpu host) ;;
	arm64:*) qemu=(qemu-system-aarch64 -M virt -cpu neoverse-n1) ;;
	amd64:kvm) qemu=(qemu-system-x86_64 -M q35 -cpu host) ;;
	amd64:*) qemu=(qemu-system-x86_64 -M q35 -cpu max,-erms,-fsrm) ;;
	armhf:*) qemu=(qemu-system-arm -M virt -cpu cortex-a15) ;;
	riscv64:*) qemu=(qemu-system-riscv64 -M virt) ;;
	esac
	case $kit_arch in arm64 | armhf) console=ttyAMA0 ;; *) console=ttyS0 ;; esac
	if [ "$1" = kvm ]; then
		qemu+=(-accel kvm)
	elif [ -n "$icount" ]; then
		qemu+=(-accel tcg -icount "shift=1,sleep=off")
	else
		qemu+=(-accel "tcg,thread=$thread")
	fi
	qemu+=(-smp "$cpus" -m "$mem" -nodefaults -display none -no-reboot)
}

# kvm_works WORK: having /dev/kvm says little (nested machines hang in the firmware),
# so a guest has to reach its script once. The answer is kept until this machine
# boots. A guest that is to find out uses it whatever others have found meanwhile.
kvm_works() {
	local cache=$build/kvm-$kit_arch boot when='' answer=''
	[ -w /dev/kvm ] && [ "$kit_arch" = "$(dpkg --print-architecture)" ] || return
	[ -z "${VM_PROBE-}" ] || return 0
	read -r boot </proc/sys/kernel/random/boot_id
	[ ! -f "$cache" ] || read -r when answer <"$cache"
	if [ "$when" != "$boot" ]; then
		echo "exit 42" >"$1/probe"
		VM_PROBE=1 "$0" --kernel "$name" --timeout 20 "$1/probe" </dev/null >/dev/null 2>&1
		if [ $? = 42 ]; then answer=yes; else answer=no; fi
		echo "$boot $answer" >"$1/answer"
		mv "$1/answer" "$cache"
	fi
	[ "$answer" = yes ]
}

# device_tree WORK: QEMU's own tree plus the regions and nodes asked for.
device_tree() {
	local r size align=4
	[ "$kit_arch" != amd64 ] ||
		die "--dt-region, --dt-nodes, --dt-root: $kit_arch has no device tree"
	# The kernel wants whole pageblocks; with 16 KiB pages they have 32 MiB.
	case $kit_kver in *-16k) align=32 ;; esac
	"${qemu[@]}" -machine dumpdtb="$1/dtb.qemu" >/dev/null 2>"$1/qemu.err" || {
		cat "$1/qemu.err" >&2
		return 1
	}
	{
		dtc -q -I dtb -O dts "$1/dtb.qemu"
		echo '/ { reserved-memory { #address-cells = <2>; #size-cells = <2>; ranges;'
		for r in "${regions[@]}"; do
			size=${r##*=}
			[ $((size % align)) = 0 ] || die "--dt-region $r: not a multiple of $align MiB"
			# It must not cross the end of a zone, which is at 4 GiB.
			unit=$align
			[ "$size" -lt 1024 ] || for ((; unit < size; )); do ((unit *= 2)); done
			printf '%s { compatible = "shared-dma-pool"; reusable;\n' "${r%=*}"
			printf 'size = <%#x %#x>; alignment = <%#x %#x>; };\n' \
				$((size >> 12)) $((size << 20 & 0xffffffff)) \
				$((unit >> 12)) $((unit << 20 & 0xffffffff))
		done
		[ ${#nodes[@]} = 0 ] || cat "${nodes[@]}"
		echo '};'
		[ ${#roots[@]} = 0 ] || cat "${roots[@]}"
		echo '};'
	} >"$1/dts" && dtc -q -I dts -O dtb -o "$1/dtb" "$1/dts" && qemu+=(-dtb "$1/dtb")
}

# machine WORK: the whole command line, in qemu.
machine() {
	local accel=tcg cmdline own=''
	[ -n "$icount" ] || ! kvm_works "$1" || accel=kvm
	basic_machine $accel
	command -v "${qemu[0]}" >/dev/null || die "${qemu[0]} is missing (scripts/deps)"
	[ ${#regions[@]}${#nodes[@]}${#roots[@]} = 000 ] || device_tree "$1" || return
	# While its code is patched a kernel for amd64 relies on what the emulator
	# does not keep when processors run at the same time: one may translate an
	# int3 that another has just replaced, and the kernel then knows of none.
	# Nearly all patching is done when /init brings the others online.
	[ $accel = kvm ] || [ "$kit_arch" != amd64 ] || [ -n "$turns$icount" ] || own+=' maxcpus=1'
	# A kernel for amd64 lies anywhere in memory, and may leave no room for a
	# large area on either side of it, or none that does not cross a zone's end.
	[ "$kit_arch" != amd64 ] || [ -z "$cma" ] || own+=' nokaslr'
	# Whatever level the script sets, the log gets everything.
	cmdline="console=$console ignore_loglevel printk.devkmsg=on panic=-1 rdinit=/init${cma:+ cma=${cma}M}$own$append"
	mkfifo "$1/out" "$1/err"
	qemu+=(-kernel "$kit/vmlinuz" -initrd "$1/initrd" -append "$cmdline"
		-chardev "file,id=console,path=$log" -serial chardev:console)
	# The slots where guest-init looks for its ports.
	local port
	for port in out:11 err:12 verdict:13; do
		qemu+=(-chardev "file,id=${port%:*},path=$1/${port%:*}"
			-device "pci-serial,chardev=${port%:*},addr=0x${port#*:}")
	done
}

# run_guest WORK: QEMU's status, 124 or 137 after a time-out. Each process dies
# with its parent, so that not even kill -9 leaves a guest behind.
run_guest() {
	cat <"$1/out" &
	cat <"$1/err" >&2 &
	setpriv --pdeathsig TERM timeout -k 5 "$timeout" \
		setpriv --pdeathsig KILL "${qemu[@]}" </dev/null >"$1/qemu.err" 2>&1 &
	guest=$!
	wait "$guest"
}
