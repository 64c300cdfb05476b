# SPDX-License-Identifier: GPL-2.0-only
# Who calls whom among the scripts: a function of scripts/lib is called by those that
# source its file, and calls only functions of libraries, never of a script above it.
# Libraries do not call each other in a circle. The files come twice: the first time for
# what they define and source. Prints FILE:LINE: WHAT for what is wrong.

function short(file) { sub(/.*\//, "", file); return file }
function is_lib(file) { return file ~ /\/lib\// }

# shell_of LINE: without what is in single quotes or a comment, which is no shell, and with
# what is in double quotes as one word. What is quoted may go on in the next line, and a
# command in it, $(...), has quotes of its own: depth of them, and whether they are open.
function shell_of(line,  n, i, c, kept) {
	kept = ""
	n = length(line)
	for (i = 1; i <= n; i++) {
		c = substr(line, i, 1)
		if (quoted) {
			if (c == "'") quoted = 0
			continue
		}
		if (c == "\\") { i++; continue }
		if (c == "#" && !open[depth] && (i == 1 || substr(line, i - 1, 1) ~ /[ \t;]/)) break
		if (c == "'" && !open[depth]) { quoted = 1; continue }
		if (c == "\"") { open[depth] = !open[depth]; continue }
		if (c == "(" && (!open[depth] || substr(line, i - 1, 1) == "$")) open[++depth] = 0
		if (c == ")" && !open[depth] && depth > 0) depth--
		kept = kept (open[depth] && c ~ /[ \t;&|(){}]/ ? "_" : c)
	}
	return kept
}

# Words where a command may stand, in called.
function commands(line,  n, i, part, word) {
	# The pattern of a case is none.
	sub(/^[ \t]*[^() \t]+( [|] [^() \t]+)*\)/, "", line)
	gsub(/\$\(|[;&|(){}`]|(^|[ \t])(if|then|else|elif|while|until|do|!)[ \t]/, "\n", line)
	# What these run is a command, too.
	gsub(/(^|[ \t\n])(start|run|check|offer [^ ]+ [^ ]+) /, "\n", line)
	n = split(line, part, "\n")
	split("", called)
	for (i = 1; i <= n; i++) {
		word = part[i]
		sub(/^[ \t]+/, "", word)
		while (sub(/^[A-Za-z_][A-Za-z0-9_]*=[^ \t]*[ \t]+/, "", word));
		sub(/[ \t].*/, "", word)
		if (word ~ /^[a-z_][a-z0-9_]*$/) called[word] = 1
	}
}

FNR == 1 { pass[FILENAME]++; quoted = depth = open[0] = 0; files[FILENAME] = 1 }

pass[FILENAME] == 1 && match($0, /^[a-z_][a-z0-9_]*\(\) /) {
	name = substr($0, 1, RLENGTH - 3)
	own[FILENAME, name] = 1
	if (is_lib(FILENAME)) lib[name] = FILENAME
	else above[name] = FILENAME
}
pass[FILENAME] == 1 && /^\. ".*\/lib\/[a-z-]+\.sh"$/ {
	name = $0
	gsub(/.*\/|"$/, "", name)
	sources[FILENAME, name] = 1
	sourced[FILENAME] = 1
}

pass[FILENAME] == 2 {
	line = shell_of($0)
	sub(/^[a-z_][a-z0-9_]*\(\) /, "", line)
	commands(line)
	for (name in called) {
		# install(1) has the name of a function, too.
		if (((FILENAME, name) in own) || name == "install") continue
		if (name in lib) needs[FILENAME, lib[name]] = short(FILENAME) ":" FNR ": " name "()"
		else if ((name in above) && is_lib(FILENAME))
			print FILENAME ":" FNR ": " name "() is of " above[name] ", which is above it"
	}
}

# reach FROM: which libraries FROM needs, by others, too.
function reach(from, root,  to, key, part) {
	for (key in needs) {
		split(key, part, SUBSEP)
		if (part[1] != from) continue
		to = part[2]
		if (to == root) circle = 1
		if ((root, to) in reached) continue
		reached[root, to] = needs[key]
		reach(to, root)
	}
}

END {
	for (file in files) {
		circle = 0
		reach(file, file)
		if (is_lib(file)) {
			if (circle) print file ":1: needs itself by what it calls"
			continue
		}
		if (!sourced[file]) continue
		for (key in reached) {
			split(key, part, SUBSEP)
			if (part[1] == file && !((file, short(part[2])) in sources))
				print file ":1: does not source " short(part[2]) ", which it or what it sources needs (" reached[key] ")"
		}
	}
}
