#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What lived inside the area when it was taken is somewhere else afterwards, and
# has not changed: a file, and memory of a process.
# vm: --cma 832 --timeout 180
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

mib=32
plan 14
load_module
use reserved
before=$(cma_free)

# The kernel puts movable memory there while more than half of what is free is
# free there, so with such a large area most of all that follows.
movable() { awk 'NR > 1 { n += $5 } END { print n }' "$region/blocks"; }

# in_area PID: pages of a process' own memory that are inside, by its page map:
# 8 bytes a page, the low 55 bits of them are the pfn, bit 63 says it is there.
in_area() {
	awk '$2 ~ /^rw/ && ($6 == "" || $6 == "[heap]") { sub(/-/, " "); print $1, $2 }' \
		"/proc/$1/maps" |
	while read -r start end; do
		start=$((0x$start / 1024 / page_kb)) end=$((0x$end / 1024 / page_kb))
		dd if="/proc/$1/pagemap" bs=8 skip=$start count=$((end - start)) 2>/dev/null
	done | hexdump -v -e '2/4 "%u " "\n"' |
	awk -v base="$base" -v pages="$pages" '
		$2 >= 2147483648 { pfn = $1 + $2 % 8388608 * 4294967296 }
		$2 >= 2147483648 && pfn >= base && pfn < base + pages { n++ }
		END { print n + 0 }'
}

# Random bytes compare unlike whatever could be there by mistake.
dd if=/dev/urandom of=/tmp/file bs=1M count=$mib 2>/dev/null
file_sum=$(md5sum </tmp/file)
file_pages=$((mib * 1024 / page_kb))
in_use=$(movable)
diag "$in_use pages of the area are in use, the file has $file_pages"
# What is left of it lies in pages that a CPU had on a list of its own before,
# which are from anywhere and can be some ten MiB.
compare "most of the file lives in the area" $((in_use * 2)) -gt "$file_pages"
compare "CmaFree says so, too" $(((before - $(cma_free_raw)) * 2)) -gt $((mib * 1024))

# A process that keeps 16 MiB of text in its own memory until it is asked. The
# kernel puts some of it elsewhere: a quarter inside is enough to be moved.
text_pages=$((16 * 1024 / page_kb))
mkfifo /tmp/ask /tmp/answer
cat >/tmp/holder <<-'EOF'
	text=$(head -c 12582912 /tmp/file | base64)
	printf %s "$text" | md5sum >/tmp/answer
	read -r question </tmp/ask
	printf %s "$text" | md5sum >/tmp/answer
EOF
sh /tmp/holder &
holder=$!
holder_sum=$(cat /tmp/answer)
holder_pages=$(in_area $holder)
diag "$holder_pages pages of the process are in the area"
compare "a process lives in the area" $((holder_pages * 4)) -gt $text_pages
in_use=$(movable)

# All of it: whoever lives there has to move. Another user of the area stays.
want=$((pages - $(kernel_pages)))
alloc "order=0 count=$want retries=100 retry_delay_ms=20"
same "the whole area is taken" "$(last ret) $(last allocated)" "0 $want"
# Pages come and go while one looks: not many.
moved=$(last pages_migrated)
diag "$moved pages moved, $in_use were in use"
compare "what was in use has been moved" $((moved * 100)) -gt $((in_use * 95))
same "nothing but the kernel's own is left" \
	"$(awk 'NR > 1 { n += $4 + $5 + $6 } END { print n }' "$region/blocks")" "$(kernel_pages)"
same "the process lives elsewhere" "$(in_area $holder)" 0
same "the file is the same" "$(md5sum </tmp/file)" "$file_sum"
echo all >"$region/free"

# The same with a part of it and larger chunks, from where it has come back to.
cp /tmp/file /tmp/copy
rm /tmp/file
n=$((pages / 16 - pages / 64))
in_use=$(movable)
compare "the copy lives in the area" $((in_use * 4)) -gt "$file_pages"
alloc "order=4 count=$n retries=100 retry_delay_ms=20"
same "three quarters of the area are taken" "$(last ret) $(last allocated)" "0 $n"
same "the copy is the same" "$(md5sum </tmp/copy)" "$file_sum"
echo all >"$region/free"

echo >/tmp/ask
same "the memory of the process is the same" "$(cat /tmp/answer)" "$holder_sum"
wait
rm /tmp/copy
same "CmaFree as before" "$(cma_free)" "$before"
same "the log is clean" "$(log_new | grep -c 'cma_bulk: reserved')" 0
finish
