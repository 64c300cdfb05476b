# SPDX-License-Identifier: GPL-2.0-only
# gnuplot -e "data='DIR'; out='DIR'; kernel='NAME'" bench-plot.gp
# Reads DIR/latency, DIR/yield and DIR/scale, which bench-report makes: a block
# for each engine, headed by its name in quotes.
set terminal svg size 720,420 font "sans,12" background "white"
set key outside right
set grid
set style data linespoints
set pointsize 0.7

set output out."/benchmarks-latency.svg"
set title "4,800 chunks of order 4, 1 GiB, half of it live (".kernel.", instructions)"
set xlabel "pageblocks with a pin, %"
set ylabel "ms of the guest"
set logscale y
stats data."/latency" nooutput
plot for [i=0:STATS_blocks-1] data."/latency" index i using 1:2 title columnheader(1)
unset logscale y

set output out."/benchmarks-yield.svg"
set title "All chunks of order 4 of a region asked for (".kernel.")"
set ylabel "obtained, % of what is possible"
set yrange [0:105]
stats data."/yield" nooutput
plot for [i=0:STATS_blocks-1] data."/yield" index i using 1:2 title columnheader(1)
unset yrange

set output out."/benchmarks-scale.svg"
set title "A quarter of a free region, order 4 (".kernel.", instructions)"
set xlabel "region, MiB"
set ylabel "microseconds of the guest a chunk"
set logscale x 2
set yrange [0:*]
stats data."/scale" nooutput
plot for [i=0:STATS_blocks-1] data."/scale" index i using 1:2 title columnheader(1)
