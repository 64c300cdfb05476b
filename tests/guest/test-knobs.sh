#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The knobs: defaults, ranges, and what they are for.
# device: 16
# vm: --cma 128 --mem 896 --timeout 120
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

load_module
use "$area"
knobs=$region/knobs
top=$(largest_order)

# NAME DEFAULT LOWEST HIGHEST
ranges() {
	cat <<-EOF
	order 4 0 $top
	count 1 1 $pages
	align 0 0 $(awk -v n="$pages" 'BEGIN { for (o = 0; n >= 2; o++) n /= 2; print o }')
	fast 0 0 1
	retries 0 -1 2147483647
	retry_delay_ms 100 0 2147483647
	timeout_ms 0 0 2147483647
	partial 1 0 1
	salvage 1 0 1
	workers 0 0 64
	floor_mb -1 -1 2147483647
	pool 1 0 1
	EOF
}
all() { (cd "$knobs" && grep . -- *); }
ranges >/tmp/ranges
plan $((2 + 5 * 12 + 7 + 11))
same "every knob is here, and no other" "$(cd "$knobs" && echo *)" \
	"align count engine fast floor_mb order partial pool retries retry_delay_ms salvage timeout_ms workers"
defaults=$(all)
same "defaults" "$defaults" \
	"$({ awk '{ print $1 ":" $2 }' /tmp/ranges; echo engine:bulk; } | sort)"

while read -r knob default lowest highest; do
	same "$knob: lowest is kept" \
		"$(errno "$knobs/$knob" "$lowest\n") $(cat "$knobs/$knob")" "OK $lowest"
	same "$knob: highest is kept" \
		"$(errno "$knobs/$knob" "$highest\n") $(cat "$knobs/$knob")" "OK $highest"
	same "$knob: $((lowest - 1)) is refused" \
		"$(errno "$knobs/$knob" "$((lowest - 1))\n") $(cat "$knobs/$knob")" "EINVAL $highest"
	# A number in range, of more chunks than there can be, is too much.
	case $knob in count) want=E2BIG ;; *) want=EINVAL ;; esac
	same "$knob: $((highest + 1)) is refused" \
		"$(errno "$knobs/$knob" "$((highest + 1))\n") $(cat "$knobs/$knob")" "$want $highest"
	# What wraps to the default in 32 bits or in 64; and what is no number.
	got=
	for text in $((4294967296 + default)) 18446744073709551616 "" " " x "$default x" \
		"$default$default." "0x1" "+1" "--1"; do
		got="$got $(errno "$knobs/$knob" "$text\n")"
	done
	want=" EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL"
	[ "$knob" != count ] || want=" E2BIG${want# EINVAL}"
	same "$knob: nonsense is refused" "$got $(cat "$knobs/$knob")" "$want $highest"
	# Blanks around it do not matter.
	echo "  $default " >"$knobs/$knob"
done </tmp/ranges
same "defaults again" "$(all)" "$defaults"

for engine in linear cma_alloc cma_alloc_block single bulk; do
	want="OK $engine"
	grep -q "^engine_$engine: yes" $debugfs/capabilities ||
		want="EOPNOTSUPP $(cat "$knobs/engine")"
	same "engine: $engine" "$(errno "$knobs/engine" "$engine") $(cat "$knobs/engine")" "$want"
done
same "engine: a number is refused" \
	"$(errno "$knobs/engine" 0) $(errno "$knobs/engine" BULK) $(cat "$knobs/engine")" \
	"EINVAL EINVAL bulk"

# What a request does not name comes from the knob.
echo 3 >"$knobs/order"
echo 17 >"$knobs/count"
asked() { echo "$(last ret) $(last order) $(last allocated) $(last fast) $(last engine)"; }
alloc ""
same "nothing named" "$(asked)" "0 3 17 0 bulk"
alloc count=5
same "count named" "$(asked)" "0 3 5 0 bulk"
alloc order=0
same "order named" "$(asked)" "0 0 17 0 bulk"
alloc 2 6
same "two numbers" "$(asked)" "0 2 6 0 bulk"
echo 1 >"$knobs/fast"
echo linear >"$knobs/engine"
alloc 9
same "fast and engine" "$(asked)" "0 3 9 1 linear"
alloc fast=0 engine=bulk
same "fast and engine, named" "$(asked)" "0 3 17 0 bulk"
echo 0 >"$knobs/fast"
echo bulk >"$knobs/engine"
echo 7 >"$knobs/align"
alloc ""
b=$(last batch)
same "align" "$(awk -v b="$b" '$1 == b && $2 % 128' "$region/chunks" | wc -l)" 0
echo 0 >"$knobs/align"
echo all >"$region/free"
same "a request leaves the knobs alone" "$(cat "$knobs/order" "$knobs/count" | tr '\n' ' ')" "3 17 "

# More than there is: whether some of it is kept.
alloc order=0 count=$((pages / 2))
echo 0 >"$knobs/partial"
same "partial=0 by the knob" \
	"$(errno "$region/alloc" "order=0 count=$((pages / 2 + 1))") $(last allocated)" "ENOMEM 0"
same "partial=1 named" \
	"$(errno "$region/alloc" "order=0 partial=1 count=$((pages / 2 + 1))") $(($(last allocated) > 0))" \
	"ENOMEM 1"
unload
load_module
same "a new module begins with the defaults" "$(all)" "$defaults"
finish
