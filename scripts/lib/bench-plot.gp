# SPDX-License-Identifier: GPL-2.0-only
# gnuplot -e "kind=…; name=…; kernel=…; data=…; panels=…; out=…; engines=…" bench-plot.gp
# For bench-pictures: draws DATA/NAME-PANEL.ENGINE, points X Y, for the engines that are
# named in DATA/NAME-PANEL.in. Colours can be told apart by people who see few of them, are
# never the only difference, and are known to bench-dark.awk.
blue = "#0072b2"
cyan = "#0e8aa0"
orange = "#c43d00"
green = "#007a5a"
purple = "#a33a80"
grey = "#606060"
# One for each of: cma_alloc cma_alloc_block single linear none memset bulk-fast bulk pool buffer
colours = sprintf("%s %s %s %s %s %s %s %s %s %s", purple, grey, green, orange, grey, grey, cyan, blue, blue, blue)
shapes = "8 10 4 6 10 10 12 7 7 7"
dashes = "4 3 2 5 3 3 2 1 1 1"
sizes = "1.1 1.1 1.2 1.2 1.1 1.1 1.3 0.6 0.6 0.6"
at(e) = int(sum [i=1:words(engines)] (word(engines, i) eq e ? i : 0))
colour(e) = word(colours, at(e))
shape(e) = int(word(shapes, at(e)))
dash(e) = int(word(dashes, at(e)))
psize(e) = real(word(sizes, at(e)))
points(p, e) = data."/".name."-".p.".".e
present(p) = system("cat ".data."/".name."-".p.".in")

set border 3 lc rgb "#1f1f1f"
set tics nomirror
set grid lc rgb "#d0d0d0" dt 1 lw 0.5
set output out

if (kind eq "percentiles") {
	set terminal svg noenhanced size 1000,640 font "sans,12" background rgb "#ffffff"
	set multiplot title "Time of a request, two CPUs (".kernel."): what part of the requests took at most so long" font "sans,14"
	set logscale y
	set format y "%g"
	set xrange [0:100]
	set xtics 0,25,100
	unset key
	columns = 4
	do for [n=1:words(panels)] {
		p = word(panels, n)
		row = (n - 1) / columns
		col = (n - 1) % columns
		set lmargin at screen 0.055 + col * 0.24
		set rmargin at screen 0.055 + col * 0.24 + 0.18
		set tmargin at screen 0.86 - row * 0.40
		set bmargin at screen 0.86 - row * 0.40 - 0.28
		set title p
		set xlabel (row == 1 ? "% of the requests" : "")
		set ylabel (col == 0 ? "ms (log)" : "")
		plot for [e in present(p)] points(p, e) using 1:2 with linespoints \
			lc rgb colour(e) pt shape(e) dt dash(e) ps psize(e) * 0.8 lw 1.5 notitle
	}
	# The key alone.
	unset title
	unset xlabel
	unset ylabel
	unset logscale
	unset border
	unset tics
	unset grid
	set lmargin at screen 0
	set rmargin at screen 1
	set tmargin at screen 0.08
	set bmargin at screen 0
	set key center center horizontal maxrows 1 samplen 3 width 1
	set yrange [0:1]
	plot for [e in "bulk bulk-fast linear single cma_alloc cma_alloc_block pool none"] NaN with linespoints \
		lc rgb colour(e) pt shape(e) dt dash(e) ps psize(e) lw 1.5 title e
	unset multiplot
} else {
	set terminal svg noenhanced size 760,440 font "sans,12" background rgb "#ffffff"
	set key outside right top samplen 3 reverse Left
	if (kind eq "latency") {
		set title "4,800 chunks of order 4, 1 GiB, half of it live (".kernel.", instructions)"
		set xlabel "pageblocks with a pin, %"
		set ylabel "ms of the guest (log)"
		set logscale y
		set xrange [-3:103]
	}
	if (kind eq "yield") {
		set title "All chunks of order 4 of a region asked for (".kernel.")"
		set xlabel "pageblocks with a pin, %"
		set ylabel "obtained, % of what is possible"
		set xrange [0:105]
		set yrange [-3:105]
	}
	if (kind eq "scale") {
		set title "A quarter of a free region, order 4 (".kernel.", instructions)"
		set xlabel "region, MiB (log)"
		set ylabel "microseconds of the guest a chunk"
		set logscale x 2
		set yrange [0:*]
	}
	plot for [e in present("all")] points("all", e) using 1:2 with linespoints \
		lc rgb colour(e) pt shape(e) dt dash(e) ps psize(e) lw 1.5 title e
}
