#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A group of tests in a guest, and what came out of it.
#
# Each test keeps results of its own: $results/KERNEL/TEST.{rows,out,err,log}.
# Nothing of a group may get lost: what the kernel says counts against the test
# that was last begun, a guest that dies or hangs takes only that test with it,
# and what was not begun yet gets another boot. Sourced by scripts/run-tests.

# part KERNEL: what is repeated to meet a race is done so many times less often.
part() {
	if [ -z "$quick" ] && [ "$1" = "${packaged[0]-}" ]; then echo 1; else echo 4; fi
}

# lost KERNEL TEST REASON
lost() {
	printf 'fail\tLOST\t%s\n' "$3" >"$results/$1/$2.rows"
	report "$1" "$2" 0
}

# split_streams DIR KERNEL: what the guest printed, to the tests it is of; and
# "TEST STATUS SECONDS" in DIR/ended, "TEST WHAT" in DIR/left.
split_streams() {
	: >"$1/ended"
	: >"$1/left"
	local which
	for which in out err; do
		awk -v to="$results/$2/" -v which="$which" -v dir="$1/" '
			{ sub(/\r$/, "") }
			/^@begin / { file = to $2 "." which; printf "" >file; next }
			/^@end / { if (which == "out") print $2, $3, $4 >(dir "ended"); next }
			/^@left / { if (which == "out") { sub(/^@left /, ""); print >(dir "left") }; next }
			file { print >file }' "$1/$which"
	done
}

# split_log LOG KERNEL TEST: until the next test begins, the log is of the one
# before; the boot is of the first, TEST.
split_log() {
	awk -v to="$results/$2/" -v test="$3" '
		match($0, /cma_bulk-vm: @begin [a-z0-9-]+/) {
			test = substr($0, RSTART + 20, RLENGTH - 20)
		}
		{ print >(to test ".log") }' "$1"
}

# judge KERNEL TEST GROUP_STATUS: the rows of a test that was begun. The status
# of the guest is given only for the last.
judge() {
	local base=$results/$1/$2 status seconds hits
	read -r status seconds < <(awk -v t="$2" '$1 == t { print $2, $3 }' "$dir/ended")
	[ "$3" = 0 ] || status=$3
	hits=$(log_scan "$base.log") && {
		echo "the kernel's log holds:"
		head -n 20 <<<"$hits"
	} >>"$base.err"
	{
		awk -v status="${status:-127}" -f "$top/scripts/lib/ktap.awk" "$base.out"
		[ -z "$hits" ] || printf 'fail\tkernel log\tholds a report\n'
		awk -v t="$2" -v OFS='\t' '$1 == t { sub(/^[^ ]* /, ""); print "fail", "left behind", $0 }' "$dir/left"
	} >"$base.rows"
	[ -n "$hits" ] || grep -q '^fail' "$base.rows" || rm "$base.log"
	report "$1" "$2" "${seconds:-?}"
}

# offer PATH SKIP COMMAND…: an option of scripts/vm, in opts: what COMMAND prints becomes PATH
# in the guest. Its status 3 says that it is not to be had, and the last line of its errors
# why, which becomes SKIP. That it does not compile is another one.
offer() {
	local path=$1 skip=$2 file status=0
	shift 2
	file=$("$@" 2>"$dir/harness.err") || status=$?
	case $status in
	0) opts+=(--file "$file:$path") ;;
	3)
		[ "$skip" != - ] || return 1
		tail -n 1 "$dir/harness.err" | sed 's/^kit: //; s/, see .*//' >"$dir/${skip##*/}"
		opts+=(--file "$dir/${skip##*/}:$skip")
		;;
	*) return 1 ;;
	esac
}

# offer_for KERNEL WORD: what tests with that word in their headers want in the guest.
offer_for() {
	case $2 in
	harness) offer / - build_harness "$k_arch" ;;
	tool) offer /usr/sbin/cma-bulk /usr/sbin/cma-bulk.skip build_tool "$k_arch" ;;
	gki) offer /gki/cma_bulk.ko - build_gki "$1" ;;
	device-kit)
		offer /device-kit.tar.gz - setpriv --pdeathsig TERM "$top/scripts/device-kit" --kernel "$1"
		;;
	selftest)
		offer /selftest /selftest/skip setpriv --pdeathsig TERM "$top/scripts/kit" selftest "$k_arch"
		;;
	esac
}

# group_options KERNEL TEST…: options of scripts/vm in opts, and the tests with
# their times in words.
group_options() {
	local k=$1 t machine extras limit total=60 word wanted=' '
	shift
	opts=() words=()
	for t; do
		read_options "$k" "$t"
		opts+=("${extras[@]}")
		words+=("$t=$((limit * factor))")
		total=$((total + limit))
		for word in harness tool gki selftest device-kit; do
			if has_line "$t" "$word" && [[ $wanted != *" $word "* ]]; then
				wanted+="$word "
				offer_for "$k" "$word" || return
			fi
		done
	done
	opts+=("${machine[@]}" --timeout "$total")
}

# console: the guest's log, once scripts/vm has said which.
console() { sed -n 's/.*console: //p' "$dir/err" | head -n 1; }

# watch_guest VM TEST=SECONDS…: a guest ends a test that takes too long itself.
# If it does not, it has frozen and is ended from here. So is one that has not
# ended its test a while after a report: that may well be why nothing goes on.
watch_guest() {
	local vm=$1 now before='' word slack=$((60 * factor)) log reported=''
	local end=$((SECONDS + 5 * slack))
	shift
	while sleep 2 && kill -0 "$vm" 2>/dev/null; do
		now=$(grep '^@begin ' "$dir/out" | tail -n 1)
		for word; do
			[ "$now" != "$before" ] && [ "$now" = "@begin ${word%=*}" ] || continue
			before=$now
			end=$((SECONDS + ${word#*=} + slack))
		done
		log=$(console)
		if [ -z "$reported" ] && [ -n "$log" ] && log_scan "$log" >/dev/null; then
			reported=1
			[ $((SECONDS + slack)) -gt $end ] || end=$((SECONDS + slack))
		fi
		[ $SECONDS -lt $end ] || kill "$vm"
	done
}

# boot KERNEL TEST…: one guest with these tests of $group; the rest, in the array of that
# name, is what it did not get to.
boot() {
	local k=$1 dir opts words vm dog status log begun i factor=1 part TIMEFORMAT='%R %U %S'
	shift
	dir=$(mktemp -d "$results/group.XXXXXX")
	table_row "$k"
	[ "$k_flavour" != debug ] || factor=4
	part=$(part "$k")
	rest=()
	if ! group_options "$k" "$@"; then
		for t; do
			cp "$dir/harness.err" "$results/$k/$t.out"
			lost "$k" "$t" "the harness, the command, the module for GKI, the device kit or the kernel's client cannot be built"
		done
		return
	fi
	: >"$dir/out"
	VM_BUILT=1 setpriv --pdeathsig TERM "$top/scripts/vm" --kernel "$k" "${opts[@]}" \
		"$top/scripts/lib/guest-group" "$part" "${words[@]}" >"$dir/out" 2>"$dir/err" </dev/null &
	vm=$!
	watch_guest $vm "${words[@]}" &
	dog=$!
	{ time wait $vm; } 2>"$dir/time"
	status=$?
	kill $dog
	wait $dog 2>/dev/null
	case $status in
	125) status=0 ;; # what the log holds is told test by test
	143) status=126 ;;
	esac
	split_streams "$dir" "$k"
	begun=$(grep -c '^@begin ' "$dir/out")
	if [ "$begun" = 0 ]; then
		for t; do
			cp "$dir/err" "$results/$k/$t.err"
			lost "$k" "$t" "the guest did not come up"
		done
		return
	fi
	log=$(console)
	split_log "$log" "$k" "$1"
	for ((i = 1; i < begun; i++)); do judge "$k" "${!i}" 0; done
	echo "console: $log" >>"$results/$k/${!begun}.err"
	judge "$k" "${!begun}" $status
	rest=("${@:begun+1}")
	cat "$dir/time" >>"$results/$k/times"
	[ "$status" != 0 ] || took "$k" "$part" "$(cut -d . -f 1 "$dir/time")" "$dir/ended"
	[ ${#rest[@]} -gt 0 ] || ended "$k" "$group"
	awk -v k="$k" -v n="$begun" -v progress="$(progress "$jobs")" '{
		printf "%-18s %-28s %.0f s, %.0f s of CPU; %s\n", k, "a boot for " n, $1, $2 + $3, progress
	}' "$dir/time"
}

# run_group KERNEL TEST…: in as many boots as it takes.
run_group() {
	local k=$1 t rest row group=$2
	shift
	if ! wait_kit "$k"; then
		for t; do
			cp "$results/$k/kit.log" "$results/$k/$t.out"
			lost "$k" "$t" "the kit or the build failed"
		done
	elif row=$(stand_in "$k"); then
		for t; do
			printf 'skip\tall\tthe suite has dropped it, %s is tested\n' "$row" >"$results/$k/$t.rows"
		done
	else
		rest=("$@")
		while [ ${#rest[@]} -gt 0 ]; do boot "$k" "${rest[@]}"; done
	fi
	ended "$k" "$group"
}
