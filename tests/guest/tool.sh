# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For tests of the command cma-bulk, which ends them where it is not to be had. Sourced
# after bulk.sh.
#
# groups REASON          of blockers in "cma-bulk who", a line each
# begin COMMAND…         COMMAND in the background; $holder is its process, $said the first
#                        line that it prints
# end                    ends it

[ ! -f /usr/sbin/cma-bulk.skip ] || skip_all "$(cat /usr/sbin/cma-bulk.skip)"

groups() {
	cma-bulk who --json --blockers | tr -d '\n' | sed 's/{ *"pages"/\n&/g' |
		grep "\"reason\": *\"$1\""
}

begin() {
	rm -f /tmp/first
	mkfifo /tmp/first
	"$@" >/tmp/first &
	holder=$!
	# shellcheck disable=SC2034 # for the test
	read -r said </tmp/first
}

end() {
	kill "$holder"
	wait "$holder" 2>/dev/null
}
