#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# docs/ABI against what the modules create and print in debugfs and sysfs: each
# file, each key and each column is in both or the test fails.
#
# device: 16
# vm: --cma 128 --mem 896 --file docs/ABI:/ABI
set -u
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

debug=/sys/kernel/debug/cma_bulk
work=/tmp/docs
mkdir -p $work

# documented: "FILE" a line for each file, "FILE KEY" for each key or column.
documented() {
	cat /ABI/*/* | awk '/^What:/ { file = $2; print file; next }
	/^[ \t]*- ``[^`]*`` - / {
		key = $0
		sub(/^[ \t]*- ``/, "", key)
		sub(/``.*/, "", key)
		print file, key
	}' | sort
}

# header FILE, keys FILE: what a file of columns, or of keys, really prints.
header() { sed -n '1s/^# //p' "$1" | tr ' ' '\n'; }
keys() { sed -n 's/^\([^ ]*\): .*/\1/p' "$1" | sed 's/_lt_[0-9]*$/_lt_<2^n>/' | sort -u; }

# generic: the name of the region in a path becomes <region>.
generic() {
	sed "s|^\($debug\)/$region/|\1/<region>/|; s|^\(/sys/kernel/cma_bulk\)/$region/|\1/<region>/|"
}

# created: the same of the modules, for one region.
created() {
	{
		find $debug -maxdepth 1 -type f
		find "$debug/$region" "/sys/kernel/cma_bulk/$region" -type f
		[ -z "$pinner" ] || find ${debug}_pinner -type f
	} | while read -r path; do
		echo "$path"
		case ${path#"$debug"} in
		/regions | /skipped | */batches | */chunks | */blocks | */blockers | */holders) header "$path" ;;
		_pinner/pins | _pinner/pfns) header "$path" ;;
		/capabilities | */last | */stats) keys "$path" ;;
		esac | sed "s|^|$path |"
	done | generic | sort -u
}

plan 6
modprobe cma_bulk || exit 1
pinner=''
if said=$(modprobe cma_bulk_pinner 2>&1); then
	pinner=1
	ok "the pinner loads"
elif [ -z "$(find /lib/modules -name cma_bulk_pinner.ko)" ]; then
	skip "the pinner loads" "it is not built for this kernel"
else
	not_ok "the pinner loads" "$said"
fi
region=${area:-$(awk '!/^#/ { print $1; exit }' $debug/regions)}
echo "count=2" >"$debug/$region/alloc"
documented >$work/documented
[ -n "$pinner" ] || sed -i "\|^${debug}_pinner|d" $work/documented
created >$work/created

if [ "$(wc -l <$work/created)" -gt 150 ]; then
	ok "the modules have files and keys"
else
	not_ok "the modules have files and keys" "$(cat $work/created)"
fi
same "no file and no key is documented twice" "$(uniq -d $work/documented)" ""
missing=$(grep -vxFf $work/documented $work/created)
same "all that exists is documented" "$missing" ""
# Those that end with a / are directories.
absent=$(grep -v '/$' $work/documented | grep -vxFf $work/created)
same "all that is documented exists" "$absent" ""
same "so do the directories" "$(grep '/$' $work/documented | while read -r dir; do
	[ -d "$(echo "$dir" | sed "s|<region>|$region|")" ] || echo "$dir"
done)" ""
finish
