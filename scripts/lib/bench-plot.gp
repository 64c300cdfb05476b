# SPDX-License-Identifier: GPL-2.0-only
# gnuplot -e "data='DIR'; out='DIR'; kernel='NAME'" bench-plot.gp
# Reads DIR/latency, DIR/yield and DIR/scale, which bench-report makes: a block
# for each engine; the names of these are in DIR/latency.names and so on.
set terminal svg noenhanced size 720,420 font "sans,12" background "white"
set key outside right
set grid
set style data linespoints
set pointsize 0.7

set output out."/benchmarks-latency.svg"
set title "4,800 chunks of order 4, 1 GiB, half of it live (".kernel.", instructions)"
set xlabel "pageblocks with a pin, %"
set ylabel "ms of the guest"
set logscale y
names = system("cat ".data."/latency.names")
plot for [i=1:words(names)] data."/latency" index i-1 using 1:2 title word(names, i)
unset logscale y

set output out."/benchmarks-yield.svg"
set title "All chunks of order 4 of a region asked for (".kernel.")"
set ylabel "obtained, % of what is possible"
set yrange [0:105]
names = system("cat ".data."/yield.names")
plot for [i=1:words(names)] data."/yield" index i-1 using 1:2 title word(names, i)
unset yrange

set output out."/benchmarks-scale.svg"
set title "A quarter of a free region, order 4 (".kernel.", instructions)"
set xlabel "region, MiB"
set ylabel "microseconds of the guest a chunk"
set logscale x 2
set yrange [0:*]
names = system("cat ".data."/scale.names")
plot for [i=1:words(names)] data."/scale" index i-1 using 1:2 title word(names, i)
