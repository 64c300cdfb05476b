#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Guest tests that want the same machine, in one boot. What a machine is are the
# options of "# vm:" but for --timeout, --file and --module, which are added up.
#
# Each test keeps results of its own: $results/KERNEL/TEST.{rows,out,err,log}.
# Nothing of a group may get lost: what the kernel says counts against the test
# that was last begun, a guest that dies or hangs takes only that test with it,
# and what was not begun yet gets another boot. Sourced by scripts/run-tests.

# read_options KERNEL TEST: in machine, extras and limit. The one place where a
# test's wishes are fitted to a kernel.
read_options() {
	local words test=$2
	machine=() extras=() limit=300
	table_row "$1"
	read -ra words <<<"$(header "$2" vm)"
	set -- "${words[@]}"
	while [ $# -gt 0 ]; do
		case $1 in
		--timeout) limit=$2; shift ;;
		--file | --module) extras+=("$1" "$2"); shift ;;
		--cma)
			machine+=("$1" $(($2 > ${k_area:-0} ? $2 : k_area)))
			shift
			;;
		*) machine+=("$1") ;;
		esac
		shift
	done
	has_line "$test" parallel || has_line "$test" alone || machine+=(--turns)
}

# groups KERNEL TEST…: a line of tests for each boot, the longest first.
groups() {
	local k=$1 t machine extras limit
	shift
	for t; do
		read_options "$k" "$t"
		! has_line "$t" own || machine+=("own $t")
		printf '%s\t%s\t%s\n' "${machine[*]}" "$limit" "$t"
	done | awk -F'\t' '
		{ limit[$1] += $2; tests[$1] = tests[$1] " " $3 }
		END { for (m in tests) print limit[m] tests[m] }' |
		sort -k 1,1nr -k 2 | cut -d ' ' -f 2-
}

# lost KERNEL TEST REASON
lost() {
	printf 'fail\tLOST\t%s\n' "$3" >"$results/$1/$2.rows"
	report "$1" "$2" 0
}

# build_harness KERNEL: prints where it is.
build_harness() {
	table_row "$1"
	local out=$build/harness/$k_arch$of_tree
	lock "harness-${out##*/}"
	setpriv --pdeathsig TERM make -s -C "$src/tests/harness" ARCH="$k_arch" OUT="$out" >&2 || return
	unlock "harness-${out##*/}"
	echo "$out"
}

# build_tool KERNEL: options of scripts/vm in tool, for the command cma-bulk or for
# the reason why it is not there: the sources of a library are not to be had.
build_tool() {
	local out status=0
	table_row "$1"
	out=$build/tool/$k_arch$of_tree
	setpriv --pdeathsig TERM "$top/scripts/kit" tool-libs "$k_arch" >/dev/null \
		2>"$dir/harness.err" || status=$?
	case $status in
	0) ;;
	3)
		tail -n 1 "$dir/harness.err" | sed 's/^kit: //; s/, see .*//' >"$dir/no-tool"
		tool=(--file "$dir/no-tool:/usr/sbin/cma-bulk.skip")
		return
		;;
	*) return 1 ;;
	esac
	lock "tool-build-${out##*/}"
	setpriv --pdeathsig TERM make -s -C "$src/tools" STATIC=1 ARCH="$k_arch" OUT="$out" \
		>/dev/null 2>"$dir/harness.err" || return
	unlock "tool-build-${out##*/}"
	tool=(--file "$out/cma-bulk:/usr/sbin/cma-bulk")
}

# build_gki KERNEL: prints the module for trimmed kernels, built for this one.
build_gki() {
	CMA_BULK_GKI=1 setpriv --pdeathsig TERM "$top/scripts/kit" build "$1" CMA_BULK_TESTS= |
		grep '/cma_bulk[.]ko$'
}

# build_selftest KERNEL: options of scripts/vm in selftest, for the kernel's own
# client of heaps, or for the reason why it is not there. That it does not compile is
# none.
build_selftest() {
	local folder status=0
	table_row "$1"
	folder=$(setpriv --pdeathsig TERM "$top/scripts/kit" selftest "$k_arch" 2>"$dir/harness.err") ||
		status=$?
	case $status in
	0) selftest=(--file "$folder:/selftest") ;;
	3)
		tail -n 1 "$dir/harness.err" | sed 's/^kit: //' >"$dir/skip"
		selftest=(--file "$dir/skip:/selftest/skip")
		;;
	*) return 1 ;;
	esac
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

# group_options KERNEL TEST…: options of scripts/vm in opts, and the tests with
# their times in words.
group_options() {
	local k=$1 t machine extras limit total=60 harness gki tool=() selftest=()
	shift
	opts=() words=()
	for t; do
		read_options "$k" "$t"
		opts+=("${extras[@]}")
		words+=("$t=$((limit * factor))")
		total=$((total + limit))
		if has_line "$t" harness && [ -z "${harness-}" ]; then
			harness=$(build_harness "$k" 2>"$dir/harness.err") || return
			opts+=(--file "$harness:/")
		fi
		if has_line "$t" tool && [ ${#tool[@]} = 0 ]; then
			build_tool "$k" || return
			opts+=("${tool[@]}")
		fi
		if has_line "$t" gki && [ -z "${gki-}" ]; then
			gki=$(build_gki "$k" 2>"$dir/harness.err") || return
			opts+=(--file "$gki:/gki/cma_bulk.ko")
		fi
		if has_line "$t" selftest && [ ${#selftest[@]} = 0 ]; then
			build_selftest "$k" || return
			opts+=("${selftest[@]}")
		fi
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

# boot KERNEL TEST…: one guest with these tests; the rest, in the array of that
# name, is what it did not get to.
boot() {
	local k=$1 dir opts words vm dog status log begun i factor=1 part=4 TIMEFORMAT='%R %U %S'
	shift
	dir=$(mktemp -d "$results/group.XXXXXX")
	table_row "$k"
	[ "$k_flavour" != debug ] || factor=4
	[ "$k" != "${packaged[0]-}" ] || part=1
	rest=()
	if ! group_options "$k" "$@"; then
		for t; do
			cp "$dir/harness.err" "$results/$k/$t.out"
			lost "$k" "$t" "the harness, the command, the module for GKI or the kernel's client cannot be built"
		done
		return
	fi
	: >"$dir/out"
	VM_BUILT=1 setpriv --pdeathsig TERM "$top/scripts/vm" --kernel "$k" "${opts[@]}" \
		"$top/scripts/lib/guest-group" $part "${words[@]}" >"$dir/out" 2>"$dir/err" </dev/null &
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
	awk -v k="$k" -v n="$begun" '{
		printf "%-18s %-28s %.0f s, %.0f s of CPU\n", k, "a boot for " n, $1, $2 + $3
	}' "$dir/time"
}

# schedule KERNEL TEST…: a group, in as many boots as it takes.
schedule() {
	local k=$1 t rest row
	shift
	if ! wait_kit "$k"; then
		for t; do
			cp "$results/$k/kit.log" "$results/$k/$t.out"
			lost "$k" "$t" "the kit or the build failed"
		done
		return
	fi
	if row=$(stand_in "$k"); then
		for t; do
			printf 'skip\tall\tthe suite has dropped it, %s is tested\n' "$row" >"$results/$k/$t.rows"
		done
		return
	fi
	rest=("$@")
	while [ ${#rest[@]} -gt 0 ]; do boot "$k" "${rest[@]}"; done
}
