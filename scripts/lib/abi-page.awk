# SPDX-License-Identifier: GPL-2.0-only
# A page of reStructuredText from a file of docs/ABI: a section for each entry,
# in the order of the file.
function title(text) {
	text = "``" text "``"
	print text
	gsub(/./, "-", text)
	print text
	print ""
}
/^What:/ {
	if (!names++ && entries++)
		print ""
	title($2)
	described = 0
	next
}
/^Description:/ {
	described = 1
	names = 0
	next
}
/^[A-Z][A-Za-z]*:/ { next }
described {
	sub(/^\t\t/, "")
	print
}
