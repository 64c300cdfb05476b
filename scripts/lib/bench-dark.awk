# SPDX-License-Identifier: GPL-2.0-only
# Gives a picture of gnuplot's a second set of colours, for readers whose background is
# dark. The first is that of bench-plot.gp. The elements carry their colours as attributes,
# which a style sheet overrides.

BEGIN {
	# Light, dark: as gnuplot writes the light one.
	pair("rgb(  0, 114, 178)", "#5ab4f0")
	pair("rgb( 14, 138, 160)", "#6fd6e8")
	pair("rgb(196,  61,   0)", "#ff8a4c")
	pair("rgb(  0, 122,  90)", "#3fcf9f")
	pair("rgb(163,  58, 128)", "#ec93cb")
	pair("rgb( 96,  96,  96)", "#b8b8b8")
	pair("rgb(208, 208, 208)", "#4a4a4a")
	pair("black", "#e6e6e6")
	pair("rgb( 31,  31,  31)", "#e6e6e6")
	pair("rgb(31,31,31)", "#e6e6e6")
}
function pair(light, dark) {
	style = style sprintf("  [stroke='%s'] { stroke: %s } [fill='%s'] { fill: %s } [color='%s'] { color: %s }\n",
		light, dark, light, dark, light, dark)
}
{ print }
/<desc>/ {
	print "<style>"
	print "@media (prefers-color-scheme: dark) {"
	print "  #gnuplot_canvas > rect { fill: #16181c }"
	printf "%s", style
	print "}"
	print "</style>"
}
