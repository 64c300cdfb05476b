#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Every error of a request, and that nothing has changed after it.
# device: 64
# vm: --cma 128 --mem 896 --timeout 180
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

# The word that the log has to name, cut after 32 characters; a tab; the request.
malformed() {
	cat <<-'EOF'
	colour=4	order=4 colour=4 count=1
	ORDER=4	ORDER=4
	order	order count=1
	=4	=4
	order=	order=
	order=four	order=four
	order=0x4	order=0x4
	order=+4	order=+4
	order=4,count=1	order=4,count=1
	order=4=4	order=4=4
	order=-1	order=-1 count=1
	order=31	order=31
	order=4294967300	order=4294967300
	order=18446744073709551620	order=18446744073709551620
	order=3	order=3 order=3
	count=2	count=1 count=2
	count=0	count=0
	count=-1	count=-1
	count=1.5	count=1.5
	count=18446744073709551616	count=18446744073709551616
	count=34028236692093846346337460	count=340282366920938463463374607431768211457
	align=-1	align=-1
	align=31	align=31
	fast=2	fast=2
	fast=-1	fast=-1
	partial=2	partial=2
	salvage=yes	salvage=yes
	retries=-2	retries=-2
	retries=2147483648	retries=2147483648
	retry_delay_ms=-1	retry_delay_ms=-1
	retry_delay_ms=4294967296	retry_delay_ms=4294967296
	timeout_ms=-1	timeout_ms=-1
	timeout_ms=99999999999	timeout_ms=99999999999
	workers=65	workers=65
	floor_mb=-2	floor_mb=-2
	floor_mb=2147483648	floor_mb=2147483648
	pool=-1	pool=-1
	pool=2	pool=2
	engine=	engine=
	engine=best	engine=best
	engine=bul	engine=bul
	engine=bulky	engine=bulky
	0	0
	-5	-5
	4x	4x
	0	4 0
	31	31 1
	1	4 1 1
	count=1	4 count=1
	1	order=4 1
	count=1x	count=1x
	4;	4 4;
	EOF
}

# The same for the file "free".
bad_free() {
	cat <<-'EOF'
	-1	-1
	all	1 all
	everything	everything
	18446744073709551616	18446744073709551616
	1,2	1,2
	0x1	0x1
	EOF
}

plan $(($(malformed | wc -l) + $(bad_free | wc -l) + 42))
load_module
use "$area"
free=$(cma_free)
# Something is held all the time, so that "nothing changed" has a subject.
alloc order=2 count=100
mine=$(last batch)
was=$(snapshot)

# refused ERRNO FILE TEXT [WORD]: with that error, without a trace but one line
# that names the word. A fresh module has not used up the log's rate.
refused() {
	log_new >/dev/null
	refused_got=$(errno "$region/$2" "$3\n")
	refused_log=$(log_new | grep -c "cma_bulk: .*'$(echo "${4-.*}" | sed 's/[.*]/\\&/g')'")
	refused_now=$(snapshot)
	if [ "$refused_got" != "$1" ]; then
		not_ok "$2: '$3': $1" "got $refused_got"
	elif [ "$refused_now" != "$was" ]; then
		not_ok "$2: '$3': $1" "something changed, from:" "$was" "to:" "$refused_now"
	elif [ "$refused_log" != $(($# > 3)) ]; then
		not_ok "$2: '$3': $1" "lines in the log: $refused_log"
	else
		ok "$2: '$3': $1"
	fi
}

# renew: a module that may write to the log again, with something held.
renew() {
	echo all >"$region/free"
	unload
	load_module
	alloc order=2 count=100
	was=$(snapshot)
}

tab=$(printf '\t')
cases=0
# In this shell, not behind a pipe: results are counted.
malformed >/tmp/malformed
while IFS=$tab read -r word text; do
	[ $((cases % 8)) != 0 ] || renew
	cases=$((cases + 1))
	refused EINVAL alloc "$text" "$word"
done </tmp/malformed
renew
bad_free >/tmp/malformed
while IFS=$tab read -r word text; do refused EINVAL free "$text" "$word"; done </tmp/malformed
renew
mine=$(last batch)
refused EINVAL free " "
refused ENOENT free $((mine + 1))
refused ENOENT free 0
refused ENOENT free "$mine $mine"
refused ENOENT free "$mine 18446744073709551615"
refused EINVAL reset_stats 2 '2\\n'
refused EINVAL reset_stats "1 1" '1 1\\n'

# An order or alignment above what this very region can hold.
top=$(largest_order)
for word in order=$((top + 1)) align=$((top + 12)); do
	log_new >/dev/null
	same "$word: EINVAL" "$(errno "$region/alloc" "$word\n")" EINVAL
	same "$word: nothing has changed" "$(snapshot)" "$was"
	same "$word: one line names it" "$(log_new | grep -c "cma_bulk: .*$word")" 1
done

# Up to 4 KiB is read, whatever it holds; more is refused.
pad() { printf "%-$2s" "$1" >/tmp/padded; }
pad "order=0 count=1" 4097
same "4097 bytes: EINVAL" "$(errno_file "$region/alloc" /tmp/padded)" EINVAL
same "4097 bytes: nothing has changed" "$(snapshot)" "$was"
pad "$mine" 4097
same "free, 4097 bytes: EINVAL" "$(errno_file "$region/free" /tmp/padded)" EINVAL
same "free, 4097 bytes: nothing has changed" "$(snapshot)" "$was"
pad "order=0 count=1" 4096
same "4096 bytes are a request" "$(errno_file "$region/alloc" /tmp/padded) $(last allocated)" "OK 1"
pad "$(last batch)" 4096
same "free, 4096 bytes are a list" "$(errno_file "$region/free" /tmp/padded)" OK

# From here on requests are well-formed: `last` tells of them, nothing else.
kept() { snapshot | grep -v '/last: \|/stats: '; }
was=$(kept)
# ends NAME ERRNO TEXT: refused without a chunk.
ends() {
	ends_got=$(errno "$region/alloc" "$3\n")
	same "$1: $2" "$ends_got, last: $(errno_of "$(last ret)") $(last allocated) $(last batch)" \
		"$2, last: $2 0 0"
	same "$1: nothing has changed" "$(kept)" "$was"
}
ends "a page more than the region" E2BIG "order=0 count=$((pages + 1))"
ends "a chunk more than the region" E2BIG "order=3 count=$((pages / 8 + 1))"
ends "2^64 - 1 chunks" E2BIG "order=0 count=18446744073709551615"
ends "2^61 chunks of 2^3 pages" E2BIG "order=3 count=2305843009213693952"
# What is held leaves too few places, whoever gave way.
ends "more than what is not held" ENOMEM "order=2 partial=0 count=$((pages / 4 - 99))"

# The kernel's own DMA pools hold some pages of the area and never move.
if [ "$(kernel_pages)" = 0 ]; then
	for t in 1 2 3 4 5 6 7; do skip "EBUSY $t" "nobody else uses the area"; done
else
	rest=$((pages / 4 - 100))
	ends "the kernel's own pages" EBUSY "order=2 partial=0 count=$rest"
	ends "for ever, with a deadline" ETIMEDOUT \
		"order=2 partial=0 count=$rest retries=-1 retry_delay_ms=10 timeout_ms=1000"
	compare "not before the deadline" "$(last elapsed_us)" -ge 1000000
	same "blockers are in the area, and named" "$(sed 1d "$region/blockers" |
		awk -v base="$base" -v pages="$pages" '$1 < base || $1 >= base + pages ||
			NF != 11 || $3 != "cma_user"')" ""
	# A page of a live process may be busy for a moment, but these are for ever.
	same "blocks counts them as busy" "$(awk 'FILENAME ~ /blockers$/ { n[$2]++; next }
		n[$1] > $6' "$region/blockers" "$region/blocks")" ""
fi

# Killed: what the request had is given back, or kept, as it wished.
# killed PARTIAL
killed() {
	sh -c "echo order=2 partial=$1 count=$rest retries=-1 retry_delay_ms=50 >'$region/alloc'" &
	pid=$!
	# It is at work when it has taken most of the area.
	while [ "$(awk '!/^#/ { n += $4 } END { print n }' "$region/blocks")" -gt $((pages / 4)) ]; do :; done
	kill -KILL $pid
	wait $pid
	errno_of "$(last ret)"
}
if [ "$(kernel_pages)" = 0 ]; then
	for t in 1 2 3 4; do skip "EINTR $t" "nothing to wait for"; done
else
	same "killed, all or nothing" "$(killed 0) $(last allocated) $(last batch)" "EINTR 0 0"
	same "killed: nothing has changed" "$(kept)" "$was"
	same "killed, partial" "$(killed 1) $(($(last allocated) > 0))" "EINTR 1"
	same "killed: what it had is a batch" \
		"$(awk -v b="$(last batch)" '$1 == b { print $3 }' "$region/batches")" "$(last allocated)"
fi
same "all lists are sound" "$(chunks_wrong 0)" ""

echo all >"$region/free"
same "at the end CmaFree is as before" "$(cma_free)" "$free"
finish
