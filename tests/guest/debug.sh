# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What only a debug kernel can tell, for guest tests. Sourced after lib.sh.
#
# leaks                  allocations that nothing refers to any more, as the
#                        kernel's leak detector lists them; nothing if all is
#                        well
# no_leaks NAME          a test: there are none

kmemleak=/sys/kernel/debug/kmemleak

# The detector says nothing of what is younger than five seconds, nor of what
# was not found unchanged by two scans. An object that moved from one list to
# another during a scan is in its list, so who is in it has to be there again.
leaks() {
	sleep 6
	if ! { leaks_scan && leaks_scan; }; then
		echo "the leak detector is switched off"
		return
	fi
	grep -q unreferenced $kmemleak || return 0
	leaks_scan
	head -n 40 $kmemleak
}

leaks_scan() {
	echo scan >$kmemleak
}

no_leaks() {
	same "$1" "$(leaks 2>&1)" ""
}
