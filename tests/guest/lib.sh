# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# KTAP for guest tests. Sourced by a script under busybox sh:
#
#   . /tests/guest/lib.sh
#   plan 2
#   check "loads" modprobe cma_bulk
#   if [ ... ]; then ok "works"; else not_ok "works" "got 3, wanted 4"; fi
#   finish
#
# plan N               how many results will follow; comes first
# ok NAME              a passed test
# not_ok NAME [LINE…]  a failed one, with diagnostics
# skip NAME REASON     one that cannot run here
# check NAME CMD…      ok if CMD succeeds; else not_ok with what it printed
# same NAME GOT WANTED ok if the two texts are equal
# compare NAME GOT OPERATOR WANTED
#                      ok if that is so of the two numbers, e.g. -ge
# within NAME GOT LOW HIGH
#                      ok if LOW <= GOT <= HIGH
# diag LINE…           a remark
# often N              N, or the part of it that scripts/run-tests wants here: for
#                      what is repeated to meet a race
# skip_all REASON      instead of a plan: nothing here can run; exits
# two_processors       sets $here to a processor of those that this shell may use, $there
#                      to another one, $elsewhere to all but $here and $processors to
#                      all, as masks for taskset; fails if there is one only
# finish               the last line: exits 1 unless all planned tests passed
# on_device            does this run on a device (tests/device), in the area
#                      $CMA_BULK_AREA, beside whatever else that does?
# may_soak             may memory outside of the area be used up for a while, so
#                      that what a process gets comes from the area? In a guest
#                      always

ktap_planned=0
ktap_run=0
ktap_failed=0

plan() {
	ktap_planned=$1
	printf 'KTAP version 1\n1..%d\n' "$1"
}

skip_all() {
	printf 'KTAP version 1\n1..0 # SKIP %s\n' "$*"
	exit 0
}

diag() {
	printf '%s\n' "$@" | sed 's/^/# /'
}

ok() {
	ktap_run=$((ktap_run + 1))
	echo "ok $ktap_run - $1"
}

not_ok() {
	ktap_run=$((ktap_run + 1))
	ktap_failed=$((ktap_failed + 1))
	echo "not ok $ktap_run - $1"
	shift
	[ $# = 0 ] || diag "$@"
}

skip() {
	ktap_run=$((ktap_run + 1))
	echo "ok $ktap_run - $1 # SKIP $2"
}

check() {
	ktap_name=$1
	shift
	if ktap_said=$("$@" 2>&1); then
		ok "$ktap_name"
	else
		not_ok "$ktap_name" "$* failed:" "$ktap_said"
	fi
}

same() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "got:" "$2" "wanted:" "$3"
	fi
}

compare() {
	if test "$2" "$3" "$4"; then
		ok "$1"
	else
		not_ok "$1" "got: $2" "wanted: $3 $4"
	fi
}

within() {
	if [ "$2" -ge "$3" ] && [ "$2" -le "$4" ]; then
		ok "$1"
	else
		not_ok "$1" "got: $2" "wanted: $3 to $4"
	fi
}

often() {
	echo $((($1 + ${REPEAT_PART:-1} - 1) / ${REPEAT_PART:-1}))
}

on_device() {
	[ -n "${CMA_BULK_AREA-}" ]
}

may_soak() {
	! on_device || [ -n "${CMA_BULK_SOAK-}" ]
}

two_processors() {
	processors=$(taskset -p $$ | sed 's/.*: //')
	here=$((0x$processors & -0x$processors))
	elsewhere=$((0x$processors ^ here))
	there=$((elsewhere & -elsewhere))
	here=$(printf %x $here) there=$(printf %x $there) elsewhere=$(printf %x $elsewhere)
	[ "$elsewhere" != 0 ]
}

finish() {
	[ "$ktap_run" = "$ktap_planned" ] || diag "planned $ktap_planned, ran $ktap_run"
	[ "$ktap_run" = "$ktap_planned" ] && [ "$ktap_failed" = 0 ]
	exit
}

# There the log is everybody's, see tests/device/dmesg.sh.
if on_device; then
	# shellcheck source=../device/dmesg.sh
	. /kit/dmesg.sh
fi
