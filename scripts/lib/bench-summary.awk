# SPDX-License-Identifier: GPL-2.0-only
# The table of docs/benchmarks.md, from lines CLOCK row …: a line for each scene, medians in
# milliseconds. What did not obtain everything says how much it obtained.

BEGIN {
	n = split("free half scattered pins-25 pins-50 pins-100 dirty transient pool pool-dirty heap", scene, " ")
	who["pool"] = who["pool-dirty"] = "pool"
	who["heap"] = "buffer"
}
# Of pins the request for 4,800 chunks.
$2 == "row" && !($3 ~ /^pins/ && $7 != 4800) {
	key = $1 SUBSEP $3 SUBSEP $4
	time[key, ++nr[key]] = $12 / 1000
	got[key] += $8
	can[key] += $7
}

function median(key,  k, i, j, v, x) {
	k = nr[key]
	for (i = 1; i <= k; i++) {
		x = time[key, i]
		for (j = i - 1; j > 0 && v[j] > x; j--) v[j + 1] = v[j]
		v[j + 1] = x
	}
	return v[int((k + 1) / 2)]
}
function cell(key,  x, text) {
	if (!(key in nr)) return ""
	x = median(key)
	text = sprintf(x < 0.1 ? "%.3f" : x < 10 ? "%.1f" : "%.0f", x)
	if (got[key] < can[key]) text = sprintf("%s (%d %%)", text, 100 * got[key] / can[key])
	return text
}
function times(clock, s, who,  bulk, other) {
	bulk = clock SUBSEP s SUBSEP who
	other = clock SUBSEP s SUBSEP "cma_alloc"
	if (!(bulk in nr) || !(other in nr)) return ""
	return sprintf("%.0f", median(other) / median(bulk))
}

END {
	print "| scene | two CPUs: `bulk` | `linear` | `cma_alloc` | times as fast | instructions: `bulk` | `linear` | `cma_alloc` | times as fast |"
	print "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
	for (i = 1; i <= n; i++) {
		s = scene[i]
		w = s in who ? who[s] : "bulk"
		printf "| `%s`%s |", s, w == "bulk" ? "" : " (`" w "`)"
		for (c = 1; c <= 2; c++) {
			clock = c == 1 ? "wall" : "icount"
			printf " %s | %s | %s | %s |", cell(clock SUBSEP s SUBSEP w), cell(clock SUBSEP s SUBSEP "linear"),
				cell(clock SUBSEP s SUBSEP "cma_alloc"), times(clock, s, w)
		}
		print ""
	}
}
