# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# EBUSY always names something: random requests of two writers in a region, first
# among references that come and go, so that what blocked is often gone when the
# list is read, then among pages of all kinds. Sourced after pins.sh, by a test that
# has set
#
#   area    name of the region
#   number  of requests
#
# "requests=NUMBER" on the kernel's command line makes it that many, and "seed=NUMBER"
# other ones.

area=${area:?} number=${number:?}
# asked WORD: what the kernel's command line says of it.
asked() { tr ' ' '\n' </proc/cmdline | sed -n "s/^$1=//p"; }
requests=$(asked requests) seed=$(asked seed)
number=${requests:-$number} seed=${seed:-1}

plan 12
load_both
use "$area"
before=$(cma_free)
pin mode=transient blocks=3 pages=2 hold_ms=3 jitter_ms=3 seed=5
harness named "$((number / 3)):$seed"
unpin all
pin mode=legacy blocks=2 pages=2 seed=6
harness named "$((number - number / 3)):$seed:/tmp"
unpin all
[ ! -e /proc/sys/vm/nr_hugepages ] || echo 0 >/proc/sys/vm/nr_hugepages
rm -f /tmp/[0-9]*
same "nothing is lost" "$(cma_free)" "$before"
check "unloads" unload_both
finish
