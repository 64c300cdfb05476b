#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# docs/debugfs-cma-bulk.rst against what the module creates and prints: every
# file, every key and every column is in both or the test fails.
#
# vm: --cma 128 --mem 896 --file docs/debugfs-cma-bulk.rst:/docs.rst
set -u
. /tests/guest/lib.sh

debug=/sys/kernel/debug/cma_bulk
work=/tmp/docs
mkdir -p $work

# documented: "FILE" a line for each file, "FILE KEY" for each key or column.
documented() {
	awk '/^What:/ { file = $2; print file; next }
	/^[ \t]*- ``/ {
		key = $0
		sub(/^[ \t]*- ``/, "", key)
		sub(/``.*/, "", key)
		print file, key
	}' /docs.rst | sort
}

# header FILE, keys FILE: what a file of columns, or of keys, really prints.
header() { sed -n '1s/^# //p' "$1" | tr ' ' '\n'; }
keys() { sed -n 's/^\([^ ]*\): .*/\1/p' "$1" | sed 's/_lt_[0-9]*$/_lt_<2^n>/' | sort -u; }

# created: the same of the module, with one region's name for all of them.
created() {
	cd $debug || return
	find . -type f | sed "s|^\./||; s|^$region/|<region>/|" | while read -r file; do
		path=$debug/$(echo "$file" | sed "s|^<region>|$region|")
		case $file in
		"<region>/knobs/"*) echo "<region>/knobs/ ${file##*/}"; continue ;;
		esac
		echo "$file"
		case $file in
		regions | skipped | */batches | */chunks | */blocks | */blockers | */holders) header "$path" ;;
		capabilities | */last | */stats) keys "$path" ;;
		esac | sed "s|^|$file |"
	done
	echo "<region>/knobs/"
}

plan 3
modprobe cma_bulk || exit 1
region=$(awk '!/^#/ { print $1; exit }' $debug/regions)
echo "count=2" >"$debug/$region/alloc"
documented >$work/documented
created | sort >$work/created

if [ "$(wc -l <$work/created)" -gt 100 ]; then
	ok "the module has files and keys"
else
	not_ok "the module has files and keys" "$(cat $work/created)"
fi
missing=$(grep -vxFf $work/documented $work/created)
same "all that exists is documented" "$missing" ""
absent=$(grep -vxFf $work/created $work/documented)
same "all that is documented exists" "$absent" ""
finish
