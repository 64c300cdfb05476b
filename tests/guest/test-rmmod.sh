#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Unloading with pages held, again and again, and while a file is open.
# device: 64
# vm: --cma 128 --mem 896 --timeout 120
# leaks
. /tests/guest/lib.sh
. /tests/guest/bulk.sh

plan 13
load_module
use "$area"
before=$(cma_free)

# First, because cma_alloc() would try in vain whatever it does not know of.
! grep -q '^engine_cma_alloc: yes' $debugfs/capabilities ||
	alloc order=2 count=100 engine=cma_alloc
alloc order=4 count=$((pages / 64))
alloc order=0 count=1000
alloc order=9 align=10 count=5
compare "pages are held" "$(held)" -gt $((pages / 4))
check "rmmod" rmmod cma_bulk
same "the tree is gone" "$(find $debugfs 2>/dev/null)" ""
load_module
same "the next module holds nothing" "$(grep -hv '^#' "$region/batches" "$region/chunks")" ""
same "everything went back: CmaFree as before" "$(cma_free)" "$before"

# The next module would not know of a chunk that the kernel's bitmap still has.
if grep -q '^engine_cma_alloc: yes' $debugfs/capabilities; then
	rcu_hurries
	alloc order=4 engine=cma_alloc count=$(((pages - 16 * 64) / 16))
	rcu_as_before
	same "and the kernel's own bitmap is as empty" "$(last ret)" 0
else
	skip "and the kernel's own bitmap is as empty" "no cma_alloc() here"
fi
unload

# With something held each time.
again() {
	for i in $(seq "$(often 20)"); do
		modprobe cma_bulk || return
		echo "order=4 count=$((pages / 64))" >"$region/alloc" || return
		echo "order=1 count=100" >"$region/alloc" || return
		rmmod cma_bulk || return
		[ ! -d "$debugfs" ] || return
	done
}
log_new >/dev/null
if again; then
	ok "again and again with pages held"
else
	not_ok "again and again with pages held" "the ${i}th"
fi
same "the log is clean" "$(log_new)" ""
load_module
same "CmaFree is as before" "$(cma_free)" "$before"

# An open file is a user.
alloc order=4 count=10
for file in "$region/last" "$region/chunks" "$region/knobs/order"; do
	exec 3<"$file"
	if rmmod cma_bulk 2>/dev/null; then
		not_ok "not while ${file##*/} is open" "it was unloaded"
		load_module
	else
		same "not while ${file##*/} is open" "$(last allocated)" 10
	fi
	exec 3<&-
done
check "but after that" rmmod cma_bulk
finish
