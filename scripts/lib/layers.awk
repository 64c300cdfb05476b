# SPDX-License-Identifier: GPL-2.0-only
# Compares the #include lines of files with a table of layers. The first file is
# the table, the others are all sources, named from the root of the tree. See
# module/LAYERS for the rules; called by scripts/check-layers.
#
# A unit is what x.c and x.h are together, by its name in the table: "scan" of
# module/scan.c, "core/plan" of module/core/plan.h, "debugfs/show".

function complain(where, what) { print where ": " what }

function unit(path) {
	sub(/^module\//, "", path)
	sub(/\.[ch]$/, "", path)
	return path
}

# entry UNIT: what stands for it in the table, or "".
function entry(u) {
	if (!(u in row) && sub(/\/[^\/]*$/, "/*", u) == 0)
		return ""
	return u in row ? u : ""
}

# resolve FILE, NAME: the path of what FILE calls "NAME".
function resolve(file, name,   part, n, i, depth, path) {
	sub(/[^\/]*$/, "", file)
	n = split(file name, part, "/")
	depth = 0
	for (i = 1; i <= n; i++) {
		if (part[i] == "..") {
			if (depth > 0)
				depth--
		} else if (part[i] != "." && part[i] != "") {
			part[++depth] = part[i]
		}
	}
	path = part[1]
	for (i = 2; i <= depth; i++)
		path = path "/" part[i]
	return path
}

# judge WHERE, FROM, TO: may the unit FROM include a header of TO?
function judge(where, from, to,   a, b) {
	a = entry(from)
	b = entry(to)
	# In no row: each such file is reported once, by itself.
	if (a == "" || b == "" || a == b)
		return
	if (a == "core/*")
		complain(where, "core/ includes " to ".h, which is none of its own headers")
	else if (row[b] < row[a])
		complain(where, "includes upward: " to ".h is above " from \
			" (module/LAYERS:" row[b] " and " row[a] ")")
	else if (row[b] == row[a] && column[b] < column[a])
		complain(where, "includes upward: " to ".h is to the left of " from \
			" (module/LAYERS:" row[b] ")")
}

function add_edge(where, from, to) {
	if ((from, to) in edge_at)
		return
	edge_at[from, to] = where
	edge[from, ++edges[from]] = to
}

# visit UNIT: depth first; an edge back to a unit of the current path closes a
# circle.
function visit(u,   i, j, to, text) {
	state[u] = "open"
	path[++depth] = u
	for (i = 1; i <= edges[u]; i++) {
		to = edge[u, i]
		if (state[to] == "open") {
			text = to
			for (j = depth; path[j] != to; j--)
				text = path[j] " -> " text
			complain(edge_at[u, to], "closes a circle: " to " -> " text)
		} else if (state[to] == "") {
			visit(to)
		}
	}
	depth--
	state[u] = "done"
}

# own_header FILE: of a .c file. That of api.c and devres.c is the public one.
function own_header(c,   h) {
	if (c ~ /\/(api|devres)\.c$/)
		return
	h = c
	sub(/c$/, "h", h)
	if (!(h in there) && c ~ /^debugfs\//)
		h = "debugfs/debugfs.h"
	if (!(h in there))
		complain(c ":1", "has no header of its own, " h)
	else if (!((c, h) in included))
		complain(c ":1", "does not include its own header, " h)
}

BEGIN {
	for (i = 2; i < ARGC; i++)
		there[ARGV[i]] = 1
}

FILENAME == ARGV[1] {
	sub(/#.*/, "")
	for (i = 1; i <= NF; i++) {
		if ($i !~ /^[a-z0-9_]+(\/\*)?$/)
			complain(FILENAME ":" FNR, $i " is neither a name nor FOLDER/*")
		if ($i in row)
			complain(FILENAME ":" FNR, $i " is in row " row[$i] ", too")
		row[$i] = FNR
		column[$i] = i
		listed[++nr_listed] = $i
	}
	next
}

/^[ \t]*#[ \t]*include/ {
	where = FILENAME ":" FNR
	name = $0
	sub(/^[ \t]*#[ \t]*include[ \t]*/, "", name)
	if (name ~ /^</) {
		sub(/>.*/, ">", name)
		if (FILENAME ~ /^module\/core\//)
			complain(where, "core/ includes " name ", which is none of its own headers")
		next
	}
	if (name !~ /^"[^"]+"/) {
		if (FILENAME !~ /^include\//)
			complain(where, "includes what only the preprocessor knows")
		next
	}
	name = substr(name, 2)
	sub(/".*/, "", name)
	target = resolve(FILENAME, name)
	if (!(target in there)) {
		complain(where, "includes " target ", which is not there")
		next
	}
	if (target !~ /\.h$/)
		complain(where, "includes " target ", which is no header")
	if (FILENAME ~ /^include\//) {
		if (target !~ /^include\//)
			complain(where, "a public header includes " target)
		next
	}
	if (target ~ /^include\//) {
		if (FILENAME ~ /^module\/core\//)
			complain(where, "core/ includes " target ", which is none of its own headers")
		next
	}
	included[FILENAME, target] = 1
	from = unit(FILENAME)
	to = unit(target)
	if (from != to) {
		judge(where, from, to)
		add_edge(where, from, to)
	} else if (FILENAME == target) {
		complain(where, "includes itself")
	} else if (FILENAME ~ /\.h$/) {
		complain(where, "a header includes its own .c")
	}
}

END {
	for (i = 2; i < ARGC; i++) {
		file = ARGV[i]
		if (file ~ /^include\//)
			continue
		u = unit(file)
		found[entry(u)] = 1
		if (entry(u) == "")
			complain(file ":1", "is in no row of module/LAYERS")
		if (file ~ /\.c$/ && file != "module/main.c")
			own_header(file)
		if (state[u] == "")
			visit(u)
	}
	for (i = 1; complete && i <= nr_listed; i++)
		if (!(listed[i] in found))
			complain(ARGV[1] ":" row[listed[i]], listed[i] " is listed in module/LAYERS but not there")
}
