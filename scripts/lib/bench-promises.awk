# SPDX-License-Identifier: GPL-2.0-only
# The promises as a table, from lines KERNEL TAB VERDICT TAB promise TAB measured of
# bench-targets.awk. Variables: clock; kernels, the columns.

BEGIN {
	FS = "\t"
	columns = split(kernels, kernel, " ")
}
{
	if (!($3 in seen)) promise[++nr] = $3
	seen[$3] = 1
	cell[$3, $1] = $2 == "ok" ? $4 : "**not kept**: " $4
	all++
	if ($2 == "ok") kept++
}

# The scenario of scripts/bench that a promise is about.
function scenario(text) {
	sub(/[-:].*/, "", text)
	return text
}

END {
	printf "%d of %d figures keep the promise.\n\n| promise |", kept, all
	for (i = 1; i <= columns; i++) printf " %s |", kernel[i]
	printf " again with `scripts/bench --clock %s` |\n|---|", clock
	for (i = 1; i <= columns; i++) printf "---|"
	print "---|"
	for (p = 1; p <= nr; p++) {
		printf "| %s |", promise[p]
		for (i = 1; i <= columns; i++) printf " %s |", cell[promise[p], kernel[i]]
		printf " `%s` |\n", scenario(promise[p])
	}
}
