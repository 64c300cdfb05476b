# SPDX-License-Identifier: GPL-2.0-only
# The rows of one boot of tests/guest/bench.sh as Markdown tables, one for each order and
# count. Times in milliseconds of the guest, other figures are means. The rows of small are
# one table with a line for each request, in microseconds.

$1 != "row" { next }
$2 ~ /^small-/ {
	request = sprintf("order %d × %d", $5, $6)
	if (!(request in small)) small_line[++small_lines] = request
	if (!($3 in small)) small_column[++small_columns] = $3
	small[request] = small[$3] = 1
	line = request SUBSEP $3
	i = ++n[line]
	time[line, i] = $11
	got[line] += $7
	small_count[line] = $6
	next
}
{
	table = $5 SUBSEP $6
	if (!(table in tables)) {
		tables[table] = ++nr_tables
		title[nr_tables] = sprintf("order %d × %d", $5, $6)
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
	pooled[line] += $18
	if ($2 ~ /^pool/ && NF > 17) has_pool[t] = 1
	if ($2 ~ /^forever/) is_forever[t] = 1
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
# Three digits are enough, and what takes microseconds shall not be "0.0".
function ms(x) { return sprintf(x < 0.1 ? "%.4f" : x < 1 ? "%.3f" : "%.1f", x) }

function small_cell(line,  text) {
	if (!n[line]) return "-"
	sort(time, line)
	text = sprintf("%d", percentile(line, 50))
	if (got[line] < n[line] * small_count[line])
		text = sprintf("%s (%d chunks)", text, got[line] / n[line])
	return text
}
function small_table(  l, c) {
	if (!small_lines) return
	printf "\nMedians, in microseconds, of %d requests.\n\n| request |", n[small_line[1], small_column[1]]
	for (c = 1; c <= small_columns; c++) printf " `%s` |", small_column[c]
	printf "\n|---|"
	for (c = 1; c <= small_columns; c++) printf "---:|"
	print ""
	for (l = 1; l <= small_lines; l++) {
		printf "| %s |", small_line[l]
		for (c = 1; c <= small_columns; c++) printf " %s |", small_cell(small_line[l] SUBSEP small_column[c])
		print ""
	}
}
function forever_table(t,  l, line) {
	printf "\n%s\n\n| beside | chunks at once | possible | ms of a CPU in a minute |\n|---|---:|---:|---:|\n", title[t]
	for (l = 1; l <= lines[t]; l++) {
		line = t SUBSEP name[t, l]
		sort(time, line)
		if (name[t, l] == "idle")
			printf "| no request | | | %s |\n", ms(percentile(line, 50))
		else
			printf "| `%s` | %d | %d | %s |\n", name[t, l], got[line] / n[line], possible[line] / n[line], ms(percentile(line, 50))
	}
}
function head(t) {
	printf "\n%s\n\n| engine | chunks | possible | median ms | p99 | max | rounds | calls | migrated | fewest possible |", title[t]
	if (has_back[t]) printf " giving back, median ms |"
	if (has_pool[t]) printf " from the pool |"
	if (has_stall[t]) printf " longest stall beside it, ms: median | max |"
	printf "\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
	if (has_back[t]) printf "---:|"
	if (has_pool[t]) printf "---:|"
	if (has_stall[t]) printf "---:|---:|"
	print ""
}
function body(t, line, name,  k) {
	k = n[line]
	sort(time, line)
	if (name == "idle")
		printf "| (no request) | | | | | | %d | | | |", k
	else
		printf "| `%s` | %d | %d | %s | %s | %s | %d | %d | %d | %d |", name, got[line] / k, possible[line] / k,
			ms(percentile(line, 50)), ms(percentile(line, 99)), ms(sorted[k]), k, calls[line] / k, moved[line] / k, least[line] / k
	if (has_back[t]) {
		sort(back, line)
		printf " %.1f |", percentile(line, 50)
	}
	if (has_pool[t]) printf " %d |", pooled[line] / k
	if (has_stall[t]) {
		sort(stall, line)
		printf " %.2f | %.2f |", percentile(line, 50) / 1000, sorted[k] / 1000
	}
	print ""
}

END {
	for (t = 1; t <= nr_tables; t++) {
		if (is_forever[t]) {
			forever_table(t)
			continue
		}
		head(t)
		for (l = 1; l <= lines[t]; l++) body(t, t SUBSEP name[t, l], name[t, l])
	}
	small_table()
}
