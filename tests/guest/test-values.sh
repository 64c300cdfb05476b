#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The parser of debugfs and the API for drivers refuse the same values, with the
# same errno, and take the same.
# device: 16
# vm: --cma 128 --mem 896 --timeout 300
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

apitest=/sys/kernel/debug/cma_bulk_apitest

# said FILE TEXT: OK or the name of the error of one write.
said() {
	if text=$( (echo "$2" >"$1") 2>&1); then echo OK; else echo "${text##*: }"; fi
}

# both WANTED WORD…: what is wrong with what they say. A value is taken, too, where a
# page in use is in the way of the largest chunk: the area may not be empty.
both() {
	wanted=$1
	shift
	parser=$(said "$region/alloc" "$*")
	echo all >"$region/free"
	api=$(said $apitest/values "$*")
	[ "$wanted" != OK ] || [ "$parser" != "$BUSY" ] || parser=OK
	[ "$wanted" != OK ] || [ "$api" != "$BUSY" ] || api=OK
	[ "$parser, $api" = "$wanted, $wanted" ] ||
		echo "$*: the parser says $parser, the API $api"
}

INVALID='Invalid argument'
BIG='Argument list too long'
BUSY='Device or resource busy'
INT=2147483647
UINT=4294967295
# No driver of a 32-bit kernel can say more.
case $(uname -m) in
armv*) ULONG=$UINT bits=32 ;;
*) ULONG=18446744073709551615 bits=64 ;;
esac

# edges KEY MIN MAX BELOW…: all from MIN to MAX is taken, what is beside is not.
edges() {
	key=$1 min=$2 max=$3
	shift 3
	wrong=$(both OK "$key=$min")$(both OK "$key=$max")
	for value; do wrong=$wrong$(both "$INVALID" "$key=$value"); done
	same "$key" "$wrong" ""
}

plan 10
load_module
use "$area"
check "a driver loads" modprobe cma_bulk_apitest
order=$(largest_order)
slots=$(fits 4)
edges workers 0 64 65 $INT $UINT
edges retry_delay_ms 0 $INT $((INT + 1)) $UINT
edges timeout_ms 0 $INT $((INT + 1)) $UINT
edges retries -1 $INT -2 -$INT
edges align 0 "$order" $((order + 16)) 31 $UINT
same "order" "$(both OK "order=0")$(both OK "order=$order retries=5")$(
	for value in $((order + 1)) 30 31 32 63 64 $INT $UINT; do both "$INVALID" "order=$value"; done)" ""
same "count" "$(both OK count=1)$(both "$INVALID" count=0)$(
	for value in $((slots + 1)) $((1 << bits - 6)) $((1 << bits - 5)) $((1 << bits - 2)) $ULONG; do both "$BIG" "count=$value"; done)" ""
same "two at once" "$(both "$INVALID" count=0 workers=65)$(both "$INVALID" "count=$ULONG" workers=65)$(
	both "$INVALID" "count=$ULONG" order=31)$(both "$BIG" "count=$ULONG" "order=$order")" ""
check "the driver unloads" rmmod cma_bulk_apitest
finish
