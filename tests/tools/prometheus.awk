# SPDX-License-Identifier: GPL-2.0-only
# Checks the text format of Prometheus, as strictly as promtool: prints what is
# wrong, nothing if all is well.

function wrong(what) { print NR ": " what ": " $0 }

# family NAME: the metric that a sample belongs to.
function family(name) {
	if (name in type) return name
	if (match(name, /_(bucket|sum|count)$/) && type[substr(name, 1, RSTART - 1)] == "histogram")
		return substr(name, 1, RSTART - 1)
	return ""
}

# end_series: the buckets of one set of labels end with +Inf, which is the count.
function end_series() {
	if (series != "" && !infinite) wrong("no +Inf before this in " series)
	series = ""
}

/^# HELP / {
	if ($3 in help) wrong("HELP a second time")
	if (NF < 4) wrong("HELP without a text")
	help[$3] = 1
	next
}
/^# TYPE / {
	end_series()
	if ($3 in type) wrong("TYPE a second time")
	if (!($3 in help)) wrong("TYPE without HELP before")
	if ($4 !~ /^(counter|gauge|histogram)$/) wrong("no such type")
	if ($4 == "counter" && $3 !~ /_total$/) wrong("a counter that is not called _total")
	type[$3] = $4
	current = $3
	next
}
/^#/ || /^$/ { wrong("no comment is due"); next }
{
	if (!match($0, /^[a-zA-Z_:][a-zA-Z0-9_:]*/)) { wrong("no name"); next }
	name = substr($0, 1, RLENGTH)
	rest = substr($0, RLENGTH + 1)
	if (family(name) != current) wrong("not with its family")
	labels = ""
	if (substr(rest, 1, 1) == "{") {
		if (!match(rest, /^\{[a-z_]+="([^"\\]|\\[\\"n])*"(,[a-z_]+="([^"\\]|\\[\\"n])*")*\}/)) {
			wrong("labels")
			next
		}
		labels = substr(rest, 1, RLENGTH)
		rest = substr(rest, RLENGTH + 1)
	}
	if (rest !~ /^ (0|[1-9][0-9]*)(\.[0-9]+)?$/) { wrong("value"); next }
	value = substr(rest, 2) + 0
	if ((name labels) in seen) wrong("a second time")
	seen[name labels] = 1
	samples++
	if (type[current] != "histogram") next
	if (name ~ /_bucket$/) {
		if (!match(labels, /,le="[^"]*"/)) { wrong("no le"); next }
		le = substr(labels, RSTART + 5, RLENGTH - 6)
		of = substr(labels, 1, RSTART - 1)
		if (of != series) {
			end_series()
			series = of
			infinite = 0
			bound = -1
			before = 0
		}
		if (infinite) wrong("a bucket after +Inf")
		if (le != "+Inf" && le + 0 <= bound) wrong("bounds do not rise")
		if (value < before) wrong("buckets are not cumulative")
		if (le == "+Inf") infinite = 1; else bound = le + 0
		before = value
	} else if (name ~ /_count$/) {
		if (!infinite || value != before) wrong("the count is not the last bucket")
		series = ""
	}
}
END { end_series(); if (!samples) print "no samples" }
