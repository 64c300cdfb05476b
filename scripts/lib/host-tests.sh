#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The tests that need no guest. Sourced by scripts/run-tests.

# unit_tests: cmocka prints its own sums, one set per binary. A build failure or
# a crash prints none, which make's status tells.
unit_tests() {
	local base=$results/host/unit start=$SECONDS out=$build/unit$of_tree
	lock "${out##*/}"
	setpriv --pdeathsig TERM make -C "$src/tests/unit" --no-print-directory \
		OUT="$out" check >"$base.out" 2>&1 </dev/null
	awk -v status=$? -v OFS='\t' '
		match($0, /^\[ +(PASSED|FAILED|SKIPPED) +\] (tests: )?[0-9]+ test/) {
			kind = /PASSED/ ? "pass" : /FAILED/ ? "fail" : "skip"
			sub(/^[^]]*\] (tests: )?/, "")
			for (i = $1 + 0; i > 0; i--) { print kind, "unit", ""; n[kind]++ }
		}
		END {
			if (status != 0 && !n["fail"]) print "fail", "LOST", "make unit failed"
			else if (!n["pass"] && !n["fail"]) print "fail", "LOST", "no unit test ran"
		}' "$base.out" >"$base.rows"
	report host unit $((SECONDS - start))
}

# tool_tests: of the command cma-bulk, which print KTAP.
tool_tests() {
	local base=$results/host/tool start=$SECONDS out=$build/tool-test$of_tree
	lock "${out##*/}"
	setpriv --pdeathsig TERM make -s -C "$src/tests/tools" --no-print-directory \
		OUT="$out" check >"$base.out" 2>"$base.err" </dev/null
	awk -v status=$? -f "$top/scripts/lib/ktap.awk" "$base.out" >"$base.rows"
	report host tool $((SECONDS - start))
}
