#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Garbage into every file that can be written: an error each, and no effect.
# device: 16
# vm: --cma 128 --mem 896 --timeout 120
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

# What is written, a file each.
garbage=/tmp/garbage
mkdir $garbage
dd if=/dev/urandom of=$garbage/random bs=4096 count=1 2>/dev/null
head -c 4096 /dev/zero | tr '\0' ' ' | sed 's/   $/abc/' >$garbage/spaces
head -c 4096 /dev/zero >$garbage/zeros
head -c 5000 /dev/urandom >$garbage/large-random
head -c 5000 /dev/zero | tr '\0' 1 >$garbage/large-ones
head -c 4096 /dev/zero | tr '\0' 9 >$garbage/nines
head -c 4096 /dev/zero | tr '\0' '\n' | sed 'i =' | head -c 4096 >$garbage/equals
head -c 64 /dev/zero | tr '\0' '\377' >$garbage/bytes-255
# A good text and something behind a NUL.
printf 'order=0\0' >$garbage/nul-alloc
printf 'all\0all' >$garbage/nul-all
printf '1\0' >$garbage/nul-one
printf 'bulk\0bulk\n' >$garbage/nul-engine
printf '%%s%%n%%n%%n%%p' >$garbage/format

load_module
use "$area"
free=$(cma_free)
files=$(cd "$region" && find . -type f -perm -200 | sort | cut -c 3-)
plan $(($(echo "$files" | wc -l) + 8))
same "files that can be written" "$(echo "$files" | tr '\n' ' ')" \
	"alloc free knobs/align knobs/count knobs/engine knobs/fast knobs/floor_mb knobs/order\
 knobs/partial knobs/pool knobs/retries knobs/retry_delay_ms knobs/salvage\
 knobs/timeout_ms knobs/workers reset_stats track "
alloc order=2 count=100
was=$(snapshot)
log_new >/dev/null

writes=0
for file in $files; do
	wrong=
	for text in "$garbage"/*; do
		writes=$((writes + 1))
		got=$(errno_file "$region/$file" "$text")
		[ "$got" = EINVAL ] || wrong="$wrong ${text##*/}: $got"
	done
	now=$(snapshot)
	if [ -n "$wrong" ]; then
		not_ok "$file: EINVAL each time" "but:$wrong"
	elif [ "$now" != "$was" ]; then
		not_ok "$file: EINVAL each time" "something changed, from:" "$was" "to:" "$now"
	else
		ok "$file: EINVAL each time"
	fi
done

log_new >/tmp/log
# Shown a word at a time, cut and without control characters, whatever it was.
mine="cma_bulk: $area: ("'(alloc|free|reset_stats|track|knobs/[a-z_]+):'
mine="$mine (bad (word|value) '[^[:cntrl:]]*'|more than [0-9]+ bytes)"
limit='[a-z_]+(\.[a-z]+\.[0-9]+)?: [0-9]+ callbacks suppressed'
same "the log holds nothing but this" \
	"$(sed 's/^\[ *[0-9.]*\] //' /tmp/log | grep -Evx "$mine|$limit")" ""
lines=$(grep -c "cma_bulk: $area" /tmp/log)
compare "there is something in it" "$lines" -gt 0

# Many more writes than may be logged, at one place in the source: ten lines in
# five seconds is the kernel's limit.
start=$(cut -d . -f 1 /proc/uptime)
i=0
while [ $i -lt 100 ]; do
	echo "nonsense$i" >"$region/alloc"
	i=$((i + 1))
done 2>/dev/null
seconds=$(($(cut -d . -f 1 /proc/uptime) - start + 1))
lines=$(log_new | grep -c "bad word 'nonsense")
most=$((10 * (seconds / 5 + 2)))
if [ "$lines" -le $most ] && [ "$lines" -lt 100 ]; then
	ok "the log is rate limited"
else
	not_ok "the log is rate limited" "$lines lines in $seconds s"
fi
same "nothing has changed after it all" "$(snapshot)" "$was"
same "all lists are sound" "$(chunks_wrong 0)" ""
echo all >"$region/free"
same "CmaFree as before" "$(cma_free)" "$free"
check "a good request still works" alloc order=4 count=10
finish
