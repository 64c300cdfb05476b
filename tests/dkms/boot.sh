# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What a user of an installed module does, in the tree that DKMS installed to;
# and what secure boot makes of that, whose lockdown needs no firmware.

. /tests/guest/lib.sh
. /tests/guest/bulk.sh

plan 12
load_module
ok "modprobe finds it"
same "it is the one that DKMS installed" \
	"$(modinfo -n cma_bulk | sed 's/[.]ko.*//; s|^/usr||')" "/lib/modules/$(uname -r)/updates/dkms/cma_bulk"
same "its version is the installed one" "$(sed -n 1p $debugfs/version)" "$(modinfo -F version cma_bulk)"
cma-bulk status >/tmp/status 2>&1
same "cma-bulk status succeeds" "$? $(grep -q reserved /tmp/status && echo reserved)" "0 reserved"
same "it tells the version of the module that is loaded" \
	"$(grep -o "cma_bulk $(modinfo -F version cma_bulk)" /tmp/status)" "cma_bulk $(modinfo -F version cma_bulk)"
use reserved
check "a request for 100 chunks of order 4 succeeds" alloc order=4 count=100
same "they are held" "$(last allocated) $(held)" "100 1600"
echo all >"$region/free"
same "and given back" "$(held)" 0

lockdown=/sys/kernel/security/lockdown
if echo integrity 2>/dev/null >$lockdown; then
	check "locked down, lists can be read" cat $debugfs/regions "$region/batches" "$region/last"
	same "and no request can be made" "$(errno "$region/alloc" 1)" \
		"dd: failed to open '$region/alloc': Operation not permitted"
	check "rmmod" unload
	same "a key that is not enrolled is refused" "$(modprobe cma_bulk 2>&1)" \
		"modprobe: ERROR: could not insert 'cma_bulk': Operation not permitted"
else
	skip "locked down, lists can be read" "no lockdown in this kernel"
	skip "and no request can be made" "no lockdown in this kernel"
	check "rmmod" unload
	skip "a key that is not enrolled is refused" "no lockdown in this kernel"
fi
finish
