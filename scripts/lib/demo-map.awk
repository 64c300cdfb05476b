# SPDX-License-Identifier: GPL-2.0-only
# From the output of `make demo` to docs/map.svg:
#
#   make demo | awk -f scripts/lib/demo-map.awk >docs/map.svg
#
# A cell for each pageblock, before the request on the left and after it on the right.
function colour(c) { return (c in fill) ? fill[c] : "#ffffff" }
function text(x, y, size, s) {
	printf "<text x=\"%g\" y=\"%g\" font-size=\"%d\">%s</text>\n", x, y, size, s
}
BEGIN {
	fill["·"] = "#e8ecef"; name["·"] = "free"
	fill["▒"] = "#9fb3c8"; name["▒"] = "live page cache"
	fill["█"] = "#c0392b"; name["█"] = "a pinned page"
	fill["■"] = "#2e8b57"; name["■"] = "allocated"
	fill["▣"] = "#8fce9f"; name["▣"] = "partly allocated"
	split("· ▒ █ ■ ▣", order, " ")
	cell = 14; columns = 32
	parts = 0
}
/^before:/ { parts = 1; title[1] = "before"; next }
/^after/ { parts = 2; title[2] = $0; sub(/ > alloc:$/, "", title[2]); sub(/echo /, "", title[2]); next }
parts && /^    [·▒█■▣]/ {
	line = $1
	while (match(line, /(·|▒|█|■|▣)/)) {
		map[parts, n[parts]++] = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
	}
	next
}
parts == 2 && $1 == "bulk" { result = $2 " of " $4 " chunks in " $5 " ms" }
END {
	if (!n[1] || n[1] != n[2])
		exit 1
	rows = int((n[1] + columns - 1) / columns)
	gap = 24; top = 30
	width = 2 * columns * cell + gap
	height = top + rows * cell + 34
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" ", width, height
	print "width=\"" width "\" height=\"" height "\" font-family=\"sans-serif\" fill=\"#333333\">"
	printf "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", width, height
	for (p = 1; p <= 2; p++) {
		left = (p - 1) * (columns * cell + gap)
		text(left, 18, 13, p == 1 ? title[p] : title[p] ": " result)
		for (i = 0; i < n[p]; i++)
			printf "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n",
				left + i % columns * cell, top + int(i / columns) * cell,
				cell - 1, cell - 1, colour(map[p, i])
	}
	left = 0
	for (k = 1; k <= 5; k++) {
		printf "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n",
			left, height - 20, cell, cell, colour(order[k])
		text(left + cell + 6, height - 8, 13, name[order[k]])
		left += 40 + 7 * length(name[order[k]])
	}
	print "</svg>"
}
