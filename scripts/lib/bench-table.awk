# SPDX-License-Identifier: GPL-2.0-only
# Rows of tests/guest/bench.sh as Markdown tables, one for each scenario, order
# and count. Times in milliseconds of the guest, other figures are means. The rows
# of small are two tables with a line for each request.

$1 != "row" { next }
$2 ~ /^small-/ {
	split($2, part, "-")
	sized = part[3] != ""
	request = sprintf("order %d × %d", $5, $6)
	column = part[2] (sized ? ", " part[3] " MiB" : "") ": `" $3 "`"
	if (!((sized, request) in small)) small_line[sized, ++small_lines[sized]] = request
	if (!((sized, column) in small)) small_column[sized, ++small_columns[sized]] = column
	small[sized, request] = small[sized, column] = 1
	line = sized SUBSEP request SUBSEP column
	i = ++n[line]
	time[line, i] = $11
	got[line] += $7
	small_count[line] = $6
	next
}
{
	table = $2 SUBSEP $5 SUBSEP $6
	if (!(table in tables)) {
		tables[table] = ++nr_tables
		title[nr_tables] = sprintf("%s: order %d × %d", $2, $5, $6)
	}
	t = tables[table]
	line = t SUBSEP $3
	if (!(line in n)) name[t, ++lines[t]] = $3
	i = ++n[line]
	time[line, i] = $11 / 1000
	got[line] += $7
	possible[line] += $8
	least[line] += $9
	calls[line] += $13
	moved[line] += $15
	stall[line, i] = $16
	if ($16 != "-") has_stall[t] = 1
	back[line, i] = $17 / 1000
	if (NF > 16 && $17 != "-") has_back[t] = 1
}

function sort(value, line,  i, j, x) {
	for (i = 1; i <= n[line]; i++) sorted[i] = value[line, i] + 0
	for (i = 2; i <= n[line]; i++) {
		x = sorted[i]
		for (j = i - 1; j > 0 && sorted[j] > x; j--) sorted[j + 1] = sorted[j]
		sorted[j + 1] = x
	}
}
function percentile(line, p,  i) {
	i = int((n[line] * p + 99) / 100)
	return sorted[i < 1 ? 1 : i]
}

function small_cell(line,  text) {
	if (!n[line]) return "-"
	sort(time, line)
	text = percentile(line, 50)
	return got[line] < n[line] * small_count[line] ? sprintf("%d (%d chunks)", text, got[line] / n[line]) : text
}
function small_table(sized, title,  l, c) {
	if (!small_lines[sized]) return
	printf "\n%s\n\n| request |", title
	for (c = 1; c <= small_columns[sized]; c++) printf " %s |", small_column[sized, c]
	printf "\n|---|"
	for (c = 1; c <= small_columns[sized]; c++) printf "---:|"
	print ""
	for (l = 1; l <= small_lines[sized]; l++) {
		printf "| %s |", small_line[sized, l]
		for (c = 1; c <= small_columns[sized]; c++)
			printf " %s |", small_cell(sized SUBSEP small_line[sized, l] SUBSEP small_column[sized, c])
		print ""
	}
}

END {
	for (t = 1; t <= nr_tables; t++) {
		printf "\n%s\n\n| engine | chunks | possible | median ms | p99 | max | rounds | calls | migrated | fewest possible |%s%s\n", title[t],
			has_back[t] ? " giving back, median ms |" : "", has_stall[t] ? " longest stall beside it, ms: median | max |" : ""
		printf "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|%s%s\n", has_back[t] ? "---:|" : "", has_stall[t] ? "---:|---:|" : ""
		for (l = 1; l <= lines[t]; l++) {
			line = t SUBSEP name[t, l]
			k = n[line]
			sort(time, line)
			if (name[t, l] == "idle")
				printf "| (no request) | | | | | | %d | | | |", k
			else
				printf "| `%s` | %d | %d | %.1f | %.1f | %.1f | %d | %d | %d | %d |", name[t, l], got[line] / k, possible[line] / k,
					percentile(line, 50), percentile(line, 99), sorted[k], k, calls[line] / k, moved[line] / k, least[line] / k
			if (has_back[t]) {
				sort(back, line)
				printf " %.1f |", percentile(line, 50)
			}
			if (has_stall[t]) {
				sort(stall, line)
				printf " %.2f | %.2f |", percentile(line, 50) / 1000, sorted[k] / 1000
			}
			print ""
		}
	}
	small_table(0, "small: microseconds, medians, in a region of 1 GiB")
	small_table(1, "small: the same in regions of other sizes")
}
