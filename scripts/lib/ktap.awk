# SPDX-License-Identifier: GPL-2.0-only
# Reads the KTAP of one guest test, and its exit status in `status`; writes a
# line "pass|fail|skip TAB name TAB reason" for every single test. Whatever is
# not there counts as failed: a verdict is never inferred.

function row(kind, name, why) { printf "%s\t%s\t%s\n", kind, name, why; rows[kind]++ }

BEGIN { FS = "\n"; plan = -1; seen = 0 }
{ sub(/\r$/, "") }
/^KTAP version 1$/ { header++; next }
/^1\.\.[0-9]+( *#.*)?$/ {
	plans++
	plan = substr($0, 4) + 0
	if (plan == 0 && match($0, /# *SKIP */)) {
		row("skip", "all", substr($0, RSTART + RLENGTH))
	}
	next
}
/^Bail out!/ { row("fail", "bail out", $0); next }
/^(not )?ok / {
	line = $0
	bad = sub(/^not /, "", line)
	sub(/^ok +/, "", line)
	nr = line + 0
	sub(/^[0-9]+ *(- *)?/, "", line)
	seen++
	if (nr != seen) row("fail", line, "result " nr " where " seen " was due")
	else if (bad) row("fail", line, "")
	else if (match(line, / *# *SKIP */))
		row("skip", substr(line, 1, RSTART - 1), substr(line, RSTART + RLENGTH))
	else row("pass", line, "")
}
END {
	if (status == 126) row("fail", "LOST", "time-out")
	else if (status == 127) row("fail", "LOST", "the guest gave no verdict")
	else if (status == 125) row("fail", "kernel log", "holds a report")
	else if (status != 0 && !rows["fail"]) row("fail", "exit status", status)
	if (status != 126 && status != 127) {
		if (header != 1 || plans != 1) row("fail", "LOST", "no KTAP header or no plan")
		else if (seen != plan) row("fail", "LOST", "planned " plan ", got " seen)
		else if (!plan && !rows["skip"]) row("fail", "LOST", "an empty plan")
	}
}
