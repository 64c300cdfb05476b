# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# EBUSY always names something. Sourced after pins.sh.
#
# named NUMBER           so many random requests of two writers in $region, first among
#                        references that come and go, so that what blocked is often gone
#                        when the list is read, then among pages of all kinds. 10 results.
#                        "requests=NUMBER" on the kernel's command line makes it that
#                        many, and "seed=NUMBER" other ones

# asked WORD: what the kernel's command line says of it.
asked() { tr ' ' '\n' </proc/cmdline | sed -n "s/^$1=//p"; }

named() {
	named_nr=$(asked requests) named_seed=$(asked seed)
	named_nr=${named_nr:-$1} named_seed=${named_seed:-1}
	pin mode=transient blocks=3 pages=2 hold_ms=3 jitter_ms=3 seed=5
	harness named "$((named_nr / 3)):$named_seed"
	unpin all
	pin mode=legacy blocks=2 pages=2 seed=6
	harness named "$((named_nr - named_nr / 3)):$named_seed:/tmp"
	unpin all
	[ ! -e /proc/sys/vm/nr_hugepages ] || echo 0 >/proc/sys/vm/nr_hugepages
	rm -f /tmp/[0-9]*
}
